import { expect, test } from "vitest";
import { isKind } from "../../src/arch/index.ts";
import { configReader } from "../../src/config/config-reader.ts";
import { type MappedOptions, mappingOf } from "../../src/dataflow/mapped-choice.ts";
import { formatProblems, planSingle, simulate } from "../../src/index.ts";
import { productProblem } from "../../src/mapping/problem.ts";
import { ticks } from "../../src/quantity.ts";
import { library } from "../library.ts";

function ran(mappings: unknown) {
  const text = JSON.stringify({
    extends: "configs/hardware/tpu-like-mapped.yaml",
    name: "written",
    dataflow: { mappings },
  });
  const withWritten = {
    ...library,
    find: (...[family, name, from]: Parameters<typeof library.find>) =>
      name === "written" ? { file: "written.yaml", text } : library.find(family, name, from),
  };
  const planned = planSingle("written", "resnet-18", withWritten, { set: [] });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  return simulate(run);
}

const layer = (sums: number) => ({
  unroll: { D1: { K: 32 }, D2: { C: 32 } },
  loops: ["C 2", "FY 3", "FX 3", "OY 56", "OX 56", "K 2"],
  tiles: { "rf-128b": { W: 3 }, "rf-2b": { O: sums }, "sram-2mb": { O: 6, I: 6 } },
});

test("a report tells of each product by what its mapping was found and how near to the best it is", () => {
  const result = ran({ "conv2_[1-2].a": layer(3) });
  if (result.status !== "done") throw new Error(result.reason);
  const { ops } = result.report;
  const written = ops.find(({ op }) => op === "conv2_[1-2].a");
  expect(written?.mapping).toEqual({ by: "hand" });
  const others = ops.filter((row) => row.macs > 0 && row !== written);
  expect(others.length).toBeGreaterThan(5);
  for (const { mapping } of others) {
    if (mapping?.by !== "search") throw new Error("a product without a search");
    expect(mapping.objective).toBe("product");
    expect(mapping.steps).toBeGreaterThan(0);
    expect(mapping.gap).toBeGreaterThanOrEqual(0);
    expect(mapping.gap).toBeLessThan(1);
  }
  // What is no product has no mapping.
  expect(ops.filter(({ kind }) => kind === "add").every(({ mapping }) => mapping === undefined)).toBe(true);
});

test("a mapping written by hand runs, one that does not fit is unfit with its sum", () => {
  expect(ran({ "conv2_[1-2].a": layer(3) }).status).toBe("done");
  // A tile of 56 x 56 sums of 16 bit.
  expect(ran({ "conv2_[1-2].a": layer(5) })).toMatchObject({
    status: "unfit",
    reason: "rf-2b cannot hold its tiles of a: O 50176 bit = 50176 bit > 16 bit",
  });
});

test("a mapping for an op that is not there is told, not left unread", () => {
  const result = ran({ "conv2.a": layer(3) });
  expect(result.status === "unfit" && result.reason).toContain(
    "resnet-18 has no op conv2.a to map: its products are conv1.",
  );
});

test("a mapping that was found is known to all machines of a sweep with the same memories, and to no others", () => {
  const read = configReader(library);
  const bits = { W: 8, I: 8, O: 8, partial: 16 };
  const options: MappedOptions = {
    objective: "latency",
    unroll: { D1: ["K"], D2: ["C"] },
    choices: 1,
    steps: 50,
  };
  const found = (...set: string[]) => {
    const planned = planSingle("tpu-like-mapped", "alexnet", library, { read, set });
    if (!planned.ok) throw new Error(formatProblems(planned.problems));
    const [run] = planned.value.runs;
    const { array, vector } = run?.machine.hardware.units ?? {};
    if (!isKind(array, "mac-array") || !isKind(vector, "vector")) throw new Error("no mapped machine");
    const machine = { array: array.spec, vector: vector.spec, issue: ticks(4) };
    const problem = productProblem("a", { count: 1, rows: 8, inner: 64, columns: 96 }, bits);
    return mappingOf(machine, options, "a", problem);
  };
  const first = found();
  expect(found("hardware.units.vector.lanes=8")).toBe(first);
  expect(found("hardware.clock=500 MHz", "hardware.devices=2", "workload.batch=4")).toBe(first);
  expect(found("hardware.units.array.mac=1 pJ")).not.toBe(first);
});
