import { describe, expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { evaluator } from "../../src/explore/evaluate.ts";
import { costsOf } from "../../src/explore/table.ts";
import { formatProblems } from "../../src/index.ts";
import { library, reportOf } from "../library.ts";

function rowOf(hardware: string, workload: string, sweep: object) {
  const experiment = { name: "one", title: "One design", source: "a test", hardware, workload };
  const text = JSON.stringify({ ...experiment, sweep: { product: { "hardware.devices": [1] }, ...sweep } });
  const space = designSpace({ file: "space.yaml", text }, library);
  if (!space.ok) throw new Error(formatProblems(space.problems));
  const row = evaluator(space.value).row(0);
  if (row?.status !== "done") throw new Error(row?.reason);
  return { row, costs: costsOf(row, space.value) };
}

const report = reportOf("dfx-u280", "gpt2", ["devices=1"]);
const { latencySeconds, energyJoules, tokensPerSecond = 0, averagePowerWatts } = report.totals;
const { resources } = report;
if (resources === undefined) throw new Error("DFX lies on an FPGA");

const objectives: readonly (readonly [what: string, objective: string, expected: number | undefined])[] = [
  ["latency", "latencySeconds", latencySeconds],
  ["energy", "energyJoules", energyJoules],
  ["energy-delay", "energyJoules * latencySeconds", energyJoules * latencySeconds],
  ["power", "averagePowerWatts", averagePowerWatts],
  ["FPGA power", "resources.powerWatts.total", resources.powerWatts?.total],
  ["LUT", "resources.total.lut", resources.total.lut],
  ["FF", "resources.total.ff", resources.total.ff],
  ["DSP", "resources.total.dsp", resources.total.dsp],
  ["block RAM", "resources.total.bram", resources.total.bram],
  ["UltraRAM", "resources.total.uram", resources.total.uram],
  ["the share of a device", "resources.utilization.dsp", resources.utilization.dsp],
  ["cost", "resources.priceDollars", 7795],
  ["cost of speed", "resources.priceDollars / tokensPerSecond", 7795 / tokensPerSecond],
  [
    "a field of the report",
    "phases.decode.latencySeconds",
    report.phases.find((phase) => phase.name === "decode")?.latencySeconds,
  ],
  ["an expression over fields and parameters", "resources.total.dsp * devices + 1", resources.total.dsp + 1],
];

describe("a sweep minimizes", () => {
  const { costs } = rowOf("dfx-u280", "gpt2", { minimize: objectives.map(([, objective]) => objective) });

  test.each(objectives.map(([what, objective, expected], at) => ({ what, objective, expected, at })))(
    "$what: $objective",
    ({ expected, at }) => expect(costs?.[at]).toBe(expected),
  );

  test("area: area.mm2", () => {
    const { area } = reportOf("gemmini", "alexnet");
    expect(rowOf("gemmini", "alexnet", { minimize: ["area.mm2"] }).costs).toEqual([area?.mm2]);
  });
});

test("a sweep maximizes throughput", () => {
  expect(rowOf("dfx-u280", "gpt2", { maximize: ["tokensPerSecond"] }).costs).toEqual([-tokensPerSecond]);
});

test.each([
  ["averagePowerWatts <= 1"],
  ["resources.total.dsp <= 3000"],
  ["resources.utilization.lut <= 0.3"],
  ["resources.priceDollars < 7795"],
])("a design that misses %s is no choice", (limit) => {
  const { row } = rowOf("dfx-u280", "gpt2", { minimize: ["latencySeconds"], limits: [limit] });
  expect(row.feasible).toBe(false);
});
