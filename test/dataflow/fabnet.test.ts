import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { opsOf } from "../../src/workload/graph.ts";
import { planned, reportOf } from "../library.ts";

/** Memory that never waits, so that only the engines show. */
const idealMemory = ["input", "output", "coefficients"].flatMap((unit) => [
  `hardware.units.${unit}.channels=64`,
  `hardware.units.${unit}.latency.idleOpenRow=0 ns`,
]);

/** Cycles of one op of the LRA text optimum (256 wide throughout), one layer, on eight engines. */
function cyclesOf(op: string, sequence: number): number {
  const set = [
    ...idealMemory,
    "hardware.units.engine.engines=8",
    "workload.model.num_hidden_layers=1",
    `workload.sequence=${sequence}`,
  ];
  const row = reportOf("fabnet-vcu128-be128", "lra-text-fabnet", set).ops.find((each) => each.op === op);
  return row?.latencyCycles ?? NaN;
}

describe("as built, on ideal memory, rounds follow each other as vectors do on the RTL", () => {
  // Two more rounds of eight vectors: twice the steady interval that was measured for 256 points.
  test.each([
    ["fourier.fourierHidden", 526],
    ["fourier.expand", 391],
    ["fourier.contract", 279],
  ])("%s: %i cycles a round", (op, interval) => {
    expect(cyclesOf(op, 256) - cyclesOf(op, 240)).toBe(2 * interval);
  });
});

describe("conservation and bounds", () => {
  const machines = ["vcu128-be128", "vcu128-be40", "zynq7045-be20"].flatMap((machine) =>
    ["lra-image-fabnet", "fabnet-base"].map((workload) => [`fabnet-${machine}`, workload] as const),
  );

  test.each(machines)("%s runs every op of %s and does its MACs", (machine, name) => {
    for (const schedule of ["built", "lockstep", "ideal"]) {
      const run = planned(machine, name, [`hardware.dataflow.schedule=${schedule}`]);
      const result = simulate(run);
      if (result.status === "unfit") throw new Error(result.reason);
      const { totals, ops } = result.report;
      expect(totals.macs).toBe(countWorkload(run.workload).macs);
      expect(new Set(ops.map(({ op }) => op))).toEqual(new Set(opsOf(run.workload).map(({ name }) => name)));
      expect(ops.reduce((sum, { latencyCycles }) => sum + latencyCycles, 0)).toBeCloseTo(
        totals.latencyCycles,
        3,
      );
    }
  });

  test.each(machines)("%s on %s: the ideal machine is never slower than the built one", (machine, name) => {
    const latency = (schedule: string): number =>
      reportOf(machine, name, [`hardware.dataflow.schedule=${schedule}`]).totals.latencySeconds;
    expect(latency("ideal")).toBeLessThanOrEqual(latency("built"));
  });

  test("bytes of the ideal machine: each vector once in and once out, weights once a pass", () => {
    const { ops } = reportOf("fabnet-vcu128-be128", "lra-image-fabnet", ["hardware.dataflow.schedule=ideal"]);
    const bytes = ops.find(({ op }) => op === "fourier.expand")?.bytes ?? {};
    // 1024 rows of 32 elements go through four butterflies of 32 points, 2 bytes an element.
    expect(bytes["input"]).toBe(4 * 1024 * 32 * 2);
    expect(bytes["output"]).toBe(1024 * 128 * 2);
  });
});

describe("the attention processor", () => {
  const mixed = ["workload.model.num_attention_layers=2", "workload.sequence=512"];
  const run = (...set: string[]) =>
    reportOf("fabnet-vcu128-be96-attention", "fabnet-base", [...mixed, ...set]);

  test("runs blocks that mix Fourier and attention layers, with all their MACs", () => {
    const { totals, ops } = run();
    const plan = planned("fabnet-vcu128-be96-attention", "fabnet-base", mixed);
    expect(totals.macs).toBe(countWorkload(plan.workload).macs);
    expect(ops.map(({ op }) => op)).toContain("attention.softmax");
  });

  test("rows of attention behind each round of queries hide the queries", () => {
    // 12 heads on 8 lanes: scores take 2 * ceil(64 / 32) * 512 = 2048 cycles a row, context 2 * 512 / 32 * 64 = 2048. 96 rows
    // take 196,608 cycles, a round of 96 queries 1,671: of six rounds all but the first are hidden.
    const saved = run("hardware.dataflow.attention=coarse").totals.latencyCycles - run().totals.latencyCycles;
    const hidden = 2 * 5 * 1671;
    expect(saved / hidden).toBeGreaterThan(0.95);
    expect(saved / hidden).toBeLessThan(1.05);
  });

  test("fine-grained, to the cycle: attention starts with the first of five rounds of queries", () => {
    const cycles = (attention: string): number =>
      reportOf("fabnet-vcu128-be96-attention", "lra-image-fabnet", [
        ...idealMemory,
        "hardware.units.engine.engines=8",
        "workload.sequence=40",
        "workload.model.num_attention_layers=1",
        `hardware.dataflow.attention=${attention}`,
      ]).totals.latencyCycles;
    // 40 queries of 32 points on eight engines: vectors leave every 49 cycles (measured on the RTL), the last 4 * 49 after the first.
    // A row of attention takes 40 cycles in each unit (40 keys, one head of 32), eight rows 320 > 49: all rounds but the first are hidden.
    expect(cycles("coarse") - cycles("fine")).toBe(4 * 49);
  });

  test("attention takes its rows times the slowest of its units", () => {
    const at = (sequence: number): number =>
      run(`workload.sequence=${sequence}`)
        .ops.filter(({ op }) => ["attention.scores", "attention.softmax", "attention.context"].includes(op))
        .reduce((sum, { latencyCycles }) => sum + latencyCycles, 0);
    expect(at(512) / (2 * 512 * 2048)).toBeGreaterThan(0.98);
    expect(at(512) / (2 * 512 * 2048)).toBeLessThan(1.02);
  });
});

describe("the authors' accounting", () => {
  const cycles = (accounting: string, sequence: number): number =>
    reportOf("fabnet-vcu128-be128-evaluated", "fabnet-large", [
      `hardware.dataflow.accounting=${accounting}`,
      `workload.sequence=${sequence}`,
    ]).totals.latencyCycles;

  test("leaves out a round of every op: a third at 128 tokens, little at 4096", () => {
    expect(cycles("full", 128) / cycles("published", 128)).toBeGreaterThan(1.3);
    expect(cycles("full", 4096) / cycles("published", 4096)).toBeLessThan(1.06);
  });
});

describe("what does not fit, and what would go wrong", () => {
  const unfit = (workload: string, set: string[] = []): string => {
    const result = simulate(planned("fabnet-vcu128-be128", workload, set));
    return result.status === "unfit" ? result.reason : "fits";
  };

  test("vectors longer than a bank", () => {
    expect(unfit("fabnet-base", ["workload.sequence=5000"])).toBe(
      "a vector exceeds a bank: fourier.fourierSequence: 8192 points > 4096 elements",
    );
  });

  test("which are 1024 points for the transform along a long sequence, where the authors' model charges the hidden size", () => {
    const evaluated = ["workload.sequence=8192", "hardware.units.engine.engines=64"];
    // 10 stages of 1024 / 8 cycles, beside 10 * 1024 coefficients of 32 bit through a port of 256: 1280 and 1280, the longest of loading,
    // computing and storing. 8192 / 64 rounds, less the one that the authors leave out.
    const { ops } = reportOf("fabnet-vcu128-be128-evaluated", "fabnet-base", evaluated);
    const sequence = ops.find(({ op }) => op === "fourier.fourierSequence");
    expect((sequence?.latencyCycles ?? 0) / 12).toBe(2560 * 127);
  });

  test("a decoder, and dense layers", () => {
    expect(unfit("gpt2")).toContain("runs encoders");
    expect(unfit("bert-base")).toContain("attention.query: matmul");
  });

  const warnings = (workload: string, set: string[] = []): readonly string[] =>
    reportOf("fabnet-vcu128-be128", workload, set).warnings;

  test("FABNet-Base on 256 tokens passes over the weight buffer and clashes at 4096 points", () => {
    const found = warnings("fabnet-base", ["workload.sequence=256"]);
    const about = (text: string): readonly string[] => found.filter((warning) => warning.includes(text));
    expect(about("rows of weights")).toEqual([
      "fft of 1024 points: 1280 rows of weights, the weight buffer has 1024 a bank",
      "butterfly of 1024 points: 1280 rows of weights, the weight buffer has 1024 a bank",
      "butterfly of 4096 points: 6144 rows of weights, the weight buffer has 1024 a bank",
    ]);
    expect(about("lie in one RAM")).toEqual([
      "butterfly of 4096 points: the layout rotates by 8 of 9 row bits, so that operands of the first stage lie in one RAM",
    ]);
    expect(about("read after write")).toEqual([]);
  });

  test("vectors of 64 and 128 points are read before they are written", () => {
    const set = (size: number) => [
      `workload.model.hidden_size=${size}`,
      `workload.model.intermediate_size=${size}`,
      "workload.sequence=256",
    ];
    const hazards = (size: number): readonly string[] =>
      warnings("lra-text-fabnet", set(size)).filter((warning) => warning.includes("read after write"));
    expect(hazards(64)).toHaveLength(2);
    expect(hazards(128)).toHaveLength(2);
    expect(hazards(256)).toEqual([]);
  });

  test("the evaluated machine has no faults to warn of", () => {
    expect(reportOf("fabnet-vcu128-be128-evaluated", "fabnet-base").warnings).toEqual([]);
  });
});
