import { describe, expect, test } from "vitest";
import { dataflows } from "../../src/dataflow/index.ts";
import { counts } from "../../src/engine/counts.ts";
import { smallRuns } from "../small-run.ts";
import { dataflowContract } from "./dataflow.ts";

const runs = smallRuns();
for (const { hardware, workload, run } of runs) dataflowContract(`${workload} on ${hardware}`, run);
const several = runs.filter(({ run }) => run.machine.hardware.devices > 1);
const alone = smallRuns({ "hardware.devices": 1 }, [...new Set(several.map(({ hardware }) => hardware))]);
for (const { hardware, workload, run } of alone)
  dataflowContract(`${workload} on one device of ${hardware}`, run);

/** Walks on channels of their own, and some over the channels of others. */
const placed = (memory: string, walks: Readonly<Record<string, readonly [first: number, over: number]>>) =>
  Object.fromEntries(
    Object.entries(walks).flatMap(([walk, [first, over]]) => [
      [`hardware.units.${memory}.walks.${walk}.first`, first],
      [`hardware.units.${memory}.walks.${walk}.over`, over],
    ]),
  );
const dfxPlaces = placed("hbm", { weights: [0, 16], cache: [12, 8], transposed: [24, 8] });
const staPlaces = placed("memory", { weights: [0, 1], cache: [1, 1], tiles: [1, 1] });
for (const { hardware, workload, run } of [
  ...smallRuns(dfxPlaces, ["dfx-u280-banked"], ["gpt2"]),
  ...smallRuns(staPlaces, ["sta-fpga-banked"], ["gpt2", "bert-base"]),
])
  dataflowContract(`${workload} on ${hardware} with a memory in parts`, run);

test("every dataflow runs something that ships", () => {
  const running = runs.filter(({ fits }) => fits).map(({ run }) => run.machine.dataflow.name);
  expect(dataflows.map(({ name }) => name).filter((name) => !running.includes(name))).toEqual([]);
});

describe("parameters that DFX reads for each token of GPT-2 equal a pencil count", () => {
  // Three tokens read and two written: five passes.
  const tokens = 5;
  const perToken = (devices: number, memory: string): number => {
    const [small] = smallRuns({ "hardware.devices": devices }, ["dfx-u280"], ["gpt2"]);
    if (small === undefined) throw new Error("nothing planned");
    const { machine, workload } = small.run;
    const places = counts(machine.dataflow.lower(machine.hardware, workload));
    const cached = ["decoder.scores", "decoder.context"];
    const read = places
      .filter(({ task }) => !cached.includes(task.op))
      .reduce((sum, place) => sum + (place.counts[`${memory}.readBytes`] ?? 0), 0);
    return read / tokens;
  };

  test("matrices come from HBM, once whatever the number of cards", () => {
    // 12 layers of query, key, value, projection (4 * 768^2) and feed-forward (2 * 768 * 3072), and 768 * 50257 for the head.
    // 12 * (2,359,296 + 4,718,592) + 38,597,376 = 123,532,032 weights of two bytes.
    for (const devices of [1, 2, 4]) expect(perToken(devices, "hbm")).toBe(247_064_064);
  });

  test("biases come from DDR once, norms and embeddings on each card", () => {
    // Biases: 12 * (3 * 768 + 768 + 3072 + 768) = 82,944. Scale and shift of 25 norms: 25 * 2 * 768 = 38,400.
    // A token's and a position's vector: 2 * 768 = 1,536. Two bytes each.
    expect(perToken(1, "ddr")).toBe(2 * (82_944 + 38_400 + 1_536));
    expect(perToken(4, "ddr")).toBe(2 * (82_944 + 4 * (38_400 + 1_536)));
  });
});
