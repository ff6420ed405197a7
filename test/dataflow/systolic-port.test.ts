import { describe, expect, test } from "vitest";
import { criticalPath } from "../../src/engine/critical-path.ts";
import { run } from "../../src/engine/run.ts";
import { pathRows } from "../../src/explain/path.ts";
import { type Report, simulate, type Workload } from "../../src/index.ts";
import type { Op } from "../../src/workload/op.ts";
import { planned } from "../library.ts";

/** [rows x inner] by a matrix, on the 16 x 16 PEs of gemmini, whose buffers are as wide as its edges. */
const product = (rows: number, inner: number, columns: number): Workload => {
  const op: Op = {
    ...{ name: "product", inputs: ["input"], kind: "matmul", count: 1, rows, inner, columns },
    ...{ right: "parameters", bias: false },
  };
  return {
    ...{ name: "pencil", source: "a test", precision: "int8" },
    task: { kind: "inference", model: { kind: "graph", family: "pencil" }, batch: 1, sequence: 1 },
    phases: [
      {
        ...{ name: "inference", steps: 1, tokensPerStep: 1, past: 0 },
        blocks: [{ name: "net", times: 1, ops: [op] }],
      },
    ],
  };
};

const fastMemory = "units.memory.channels=64";

function busy(workload: Workload, set: readonly string[]): number {
  const { machine } = planned("gemmini", "resnet-50", [fastMemory, ...set]);
  const { units } = run(machine.dataflow.lower(machine.hardware, workload));
  return units.find(({ name }) => name === "device0.array")?.busy ?? Number.NaN;
}

function reportOf(workload: Workload, set: readonly string[]): Report {
  const result = simulate({ ...planned("gemmini", "resnet-50", [fastMemory, ...set]), workload });
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}

describe("ports of buffers that are narrower than the array's edge needs, by hand", () => {
  // Two folds of 16 x 16 weights, 400 rows each.
  const one = product(400, 16, 32);
  const wide = busy(one, []);

  test("inputs at half the width bring a step of 16 words every other cycle", () => {
    expect(wide).toBe(2 * 400);
    expect(busy(one, ["units.inputs.width=64 bit"])).toBe(2 * 800);
    // 24 bits are three words a cycle: six cycles for a step of 16.
    expect(busy(one, ["units.inputs.width=24 bit"])).toBe(2 * 2400);
  });

  test("weights load behind the computing ones, and hold the array up once they take longer than it does", () => {
    // A row of 16 weights at 8 bits a cycle: 256 cycles for a fold, hidden behind 400 steps; at 4 bits 512.
    expect(busy(one, ["units.weights.width=8 bit"])).toBe(wide);
    expect(busy(one, ["units.weights.width=4 bit"])).toBe(2 * 512);
  });

  test("sums that are only written need half of a shared port's time, those that are read back all of it", () => {
    // 16 sums of 32 bit are 512 bit. One fold deep: at 256 bit two cycles a step.
    expect(busy(one, ["units.results.width=512 bit"])).toBe(wide);
    expect(busy(one, ["units.results.width=256 bit"])).toBe(2 * 800);
    // Two folds deep: the second one adds to what is there.
    const deep = product(400, 32, 16);
    expect(busy(deep, [])).toBe(2 * 400);
    expect(busy(deep, ["units.results.width=512 bit"])).toBe(400 + 800);
    expect(busy(deep, ["units.results.width=512 bit", "units.results.ports=separate"])).toBe(2 * 400);
  });

  test("inner tiles behind the first add to its sums", () => {
    // One row of 16 x 16 folds each: the buffers hold two tiles of 16 inner positions.
    const tiles = ["units.weights.capacity=512 B", "units.inputs.capacity=12800 B"];
    const deep = product(400, 64, 16);
    expect(busy(deep, tiles)).toBe(4 * 400);
    expect(busy(deep, [...tiles, "units.results.width=512 bit"])).toBe(400 + 3 * 800);
  });

  test("an output stationary array takes both operands a step, and gives its results to the port in rows", () => {
    const outputs = "units.array.stationary=outputs";
    // One fold of outputs, 300 steps.
    const still = product(16, 300, 16);
    const alone = busy(still, [outputs]);
    expect(busy(still, [outputs, "units.weights.width=64 bit"]) - alone).toBe(300);
    expect(busy(still, [outputs, "units.inputs.width=32 bit", "units.weights.width=64 bit"]) - alone).toBe(
      900,
    );
    // 16 rows of results in 32 cycles each are 512, longer than 300 steps.
    expect(busy(still, [outputs, "units.results.width=16 bit"])).toBe(512);
  });
});

describe("the report names the buffer that an array waits for", () => {
  const workload = product(4000, 16, 32);
  const boundBy = (set: readonly string[], of = workload) => {
    const { ops } = reportOf(of, set);
    const bound = ops.find(({ op }) => op === "net.product")?.boundBy;
    return `${bound?.unit} ${bound?.limit}`;
  };

  test("by its queue", () => {
    expect(boundBy(["units.vector.lanes=512", "units.inputs.width=32 bit"])).toBe("inputs.read rate");
    expect(boundBy(["units.vector.lanes=512", "units.results.width=64 bit"])).toBe("results.write rate");
    const short = product(400, 16, 320);
    expect(boundBy(["units.vector.lanes=512", "units.weights.width=1 bit"], short)).toBe("weights.read rate");
  });

  test("also where the critical path is told", () => {
    const { machine } = planned("gemmini", "resnet-50", [
      ...[fastMemory, "units.vector.lanes=512", "units.inputs.width=32 bit"],
    ]);
    const program = machine.dataflow.lower(machine.hardware, workload);
    const rows = pathRows(program, criticalPath(program));
    expect(rows[0]).toMatchObject({ op: "net.product", unit: "inputs.read" });
    expect(rows.some(({ unit, cause }) => unit === "array" && cause === "latency")).toBe(true);
  });

  test("and the array itself where ports are as wide as its edges", () => {
    expect(boundBy(["units.vector.lanes=512"])).toBe("array rate");
  });
});
