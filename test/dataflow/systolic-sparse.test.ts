import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { counts } from "../../src/engine/counts.ts";
import { run } from "../../src/engine/run.ts";
import {
  formatProblems,
  type Library,
  type PlannedRun,
  planSingle,
  type Report,
  simulate,
} from "../../src/index.ts";
import { library, planned } from "../library.ts";

/** Files that are not on disk, by their paths. */
const withFiles = (files: Readonly<Record<string, string>>): Library => ({
  ...library,
  find: (family, name) => {
    const text = files[name];
    return text === undefined ? library.find(family, name) : { file: name, text };
  },
});

function plannedWith(files: Readonly<Record<string, string>>, hardware: string, set: readonly string[] = []) {
  const workload = Object.keys(files).find((name) => /\.csv$|net\.yaml$/.test(name)) ?? "";
  const plan = planSingle(hardware, workload, withFiles(files), { set });
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  const [only] = plan.value.runs;
  if (only === undefined) throw new Error("nothing planned");
  return only;
}

function reportOf(planned: PlannedRun): Report {
  const result = simulate(planned);
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}

/** Sums of what a run counts, and the cycles of its array. */
function worked({ machine, workload }: PlannedRun) {
  const program = machine.dataflow.lower(machine.hardware, workload);
  const counted = counts(program);
  const sum = (action: string): number =>
    counted.reduce((total, { counts }) => total + (counts[action] ?? 0), 0);
  const stats = run(program);
  const busy = stats.units.find(({ name }) => name === "device0.array")?.busy ?? Number.NaN;
  return { sum, cycles: (busy * machine.hardware.clock) / machine.hardware.tickRate };
}

const config = (dataflow: string, rows: number, columns: number, sparsity: string): string =>
  `[general]\nrun_name = sparse\n[architecture_presets]\nArrayHeight: ${rows}\nArrayWidth: ${columns}\n` +
  "IfmapSramSzkB: 1024\nFilterSramSzkB: 1024\nOfmapSramSzkB: 1024\nBandwidth: 10\n" +
  `Dataflow: ${dataflow}\n[sparsity]\n${sparsity}\n[run_presets]\nInterfaceBandwidth: CALC\n`;

const sparse = "SparsitySupport: true\nSparseRep: ellpack_block\nOptimizedMapping: false\nBlockSize: 4";

describe("a config and a topology of SCALE-Sim on our machine, against rows of its version 3", () => {
  const rows = csvParse(readFileSync("test/validation/sparse/scalesim-v3-sparsity.csv", "utf8"));
  const layerWise = rows.filter(({ optimized, rep }) => optimized === "False" && rep === "ellpack_block");

  test("layer-wise N:M: the array works for as many cycles, its weight buffer is read for as many words", () => {
    expect(layerWise.length).toBeGreaterThan(10);
    for (const row of layerWise) {
      const files = {
        "m.cfg": config(`${row["df"]}`, Number(row["rows"]), Number(row["cols"]), sparse),
        "y.csv": `Layer,M,N,K,Sparsity,\nL,${row["M"]},${row["N"]},${row["K"]},${row["sp"]},\n`,
      };
      const { sum, cycles } = worked(plannedWith(files, "m.cfg"));
      const label = `${row["df"]} ${row["sp"]} ${row["M"]} x ${row["N"]} x ${row["K"]}`;
      // The index of the last cycle; ours are their number.
      expect([label, cycles]).toEqual([label, Number(row["total"]) + 1]);
      // Ours with an index of 2 or 3 bits for each word.
      const [n = 1, m = 1] = `${row["sp"]}`.split(":").map(Number);
      const stored = n === m ? 8 : 8 + Math.ceil(Math.log2(m));
      const words = Number(row["sram_filter_reads"]);
      expect([label, sum("weights.readBytes")]).toEqual([label, Math.ceil((words * stored) / 8)]);
      // Where weights stay, all inputs come by, as there.
      if (row["df"] === "ws") expect(sum("inputs.readBytes")).toBe(Number(row["sram_ifmap_reads"]));
    }
  });

  test("row-wise N:M, up to half a block: as long as the fullest filter takes, whatever the others keep", () => {
    const rowWise = rows.filter(({ optimized, rep }) => optimized === "True" && rep === "ellpack_block");
    expect(rowWise.length).toBeGreaterThan(3);
    for (const row of rowWise) {
      const [m, columns] = [Number(row["block"]), Number(row["N"])];
      const n = Array.from({ length: columns }, (_, filter) => 1 + (filter % (m / 2)));
      const files = {
        "m.cfg": config(`${row["df"]}`, Number(row["rows"]), Number(row["cols"]), sparse),
        "net.yaml": net(
          `matmul: { rows: ${row["M"]}, inner: ${row["K"]}, columns: ${columns} }`,
          `{ kind: nm, n: [${n.join(", ")}], m: ${m}, bits: 8, metadata: index }`,
        ),
      };
      expect(worked(plannedWith(files, "m.cfg")).cycles).toBe(Number(row["total"]) + 1);
    }
  });
});

const net = (layer: string, weights: string): string =>
  `name: net\nsource: a test\nprecision: int8\nbatch: 1\nlayers:\n  - { name: one, ${layer}, weights: ${weights} }\n`;

const halves = "{ kind: nm, n: 2, m: 4, bits: 8, metadata: index }";
// 14 x 14 windows of 3 x 3 x 32 by 64 filters: 288 positions, of which 144 are kept.
const window =
  "convolution: { height: 16, width: 16, channels: 32, filters: 64, kernel: [3, 3], stride: [1, 1] }";

test("a convolution keeps N of every M of its kernel's positions, and its filters move as they are stored", () => {
  const files = { "m.cfg": config("ws", 16, 16, sparse), "net.yaml": net(window, halves) };
  const { sum, cycles } = worked(plannedWith(files, "m.cfg"));
  // 144 x 64 kept on 16 x 16: 36 folds of 16 to load, 196 steps, 30 to drain.
  expect(cycles).toBe(36 * (16 + 196 + 30));
  expect(sum("array.macs")).toBe(196 * 144 * 64);
  // Eight bits and an index of two for each.
  const filters = (144 * 64 * 10) / 8;
  expect(sum("weights.readBytes")).toBe(filters);
  expect(sum("memory.readBytes")).toBe(filters + 16 * 16 * 32);
});

describe("an array that does not select", () => {
  const files = {
    "m.cfg": config("ws", 16, 16, sparse.replace("true", "false")),
    "net.yaml": net(window, halves),
  };

  test("runs N:M weights with their zeros, and says so", () => {
    const planned = plannedWith(files, "m.cfg");
    const { sum, cycles } = worked(planned);
    expect(cycles).toBe(72 * (16 + 196 + 30));
    expect(sum("weights.readBytes")).toBe(288 * 64);
    expect(sum("array.macs")).toBe(196 * 144 * 64);
    const { warnings, memories, ops } = reportOf(planned);
    expect(warnings.join("\n")).toContain(
      "N:M weights of 1 layers are stored, moved and multiplied with their zeros, one.convolution is 2:4: this array is dense",
    );
    expect(memories.find(({ memory }) => memory === "memory")?.peakBytes).toBeGreaterThan(288 * 64);
    expect(ops.find(({ op }) => op === "one.convolution")?.utilization).toBeLessThan(0.5);
  });

  test("neither does one whose PEs choose from fewer", () => {
    const small = { ...files, "m.cfg": config("ws", 16, 16, sparse) };
    const planned = plannedWith(small, "m.cfg", ["units.array.group=2"]);
    expect(worked(planned).cycles).toBe(72 * (16 + 196 + 30));
    expect(reportOf(planned).warnings.join()).toContain("its PEs choose from 2 (units.array.group)");
    expect(worked(plannedWith(small, "m.cfg", ["units.array.group=4"])).cycles).toBe(36 * (16 + 196 + 30));
  });

  test("holds the weights of a language model once, whatever phases read them", () => {
    const peak = (set: readonly string[]): number => {
      const short = ["precision=int8", "inputTokens=4", "outputTokens=4", "units.memory.capacity=1 GiB"];
      const { memories } = reportOf(planned("gemmini", "gpt2", [...short, ...set]));
      return memories.find(({ memory }) => memory === "memory")?.peakBytes ?? Number.NaN;
    };
    expect(peak([`weights={all: ${halves}}`])).toBe(peak([]));
    expect(peak([`weights={all: ${halves}}`, "units.array.kind=nm-systolic"])).toBeLessThan(0.8 * peak([]));
  });
});

test("other encodings, and values wider than the multipliers, do not fit, by name", () => {
  const misfits = (weights: string): string => {
    const files = { "m.cfg": config("ws", 16, 16, sparse), "net.yaml": net(window, weights) };
    const { machine, workload } = plannedWith(files, "m.cfg");
    return machine.dataflow
      .check(machine.hardware, workload)
      .map(({ what, arithmetic }) => `${what}: ${arithmetic}`)
      .join("\n");
  };
  expect(misfits("{ kind: csr, density: 0.5, bits: 8 }")).toBe(
    "a systolic machine reads N:M weights, and dense ones in the array's number format: one.convolution is csr",
  );
  expect(misfits("{ kind: dense, bits: 4 }")).toContain("one.convolution is dense, 4 bit");
  expect(misfits(halves.replace("bits: 8", "bits: 16"))).toBe(
    "stored values are wider than the multipliers: one.convolution: 16 bit > 8 bit of int8",
  );
  expect(misfits(halves.replace("bits: 8", "bits: 4"))).toBe("");
  expect(misfits("{ kind: dense, bits: 8 }")).toBe("");
  const { machine, workload } = planned("gemmini", "alexnet", [
    "weights.all={kind: csc, density: 0.5, bits: 8}",
  ]);
  expect(machine.dataflow.check(machine.hardware, workload).map(({ arithmetic }) => arithmetic)).toEqual([
    "conv1.convolution is csc, and 7 more",
  ]);
});

test("operands of 1:4 come by four at a time: a port as wide as the array is a quarter of what they need", () => {
  const files = {
    "m.cfg": config("ws", 16, 16, sparse),
    "net.yaml": net(window, halves.replace("n: 2", "n: 1")),
  };
  // 72 positions of 288 by 64 filters: 5 x 4 folds; 195 steps of one cycle or four between the first and the last.
  const folds = (step: number): number => 20 * (16 + 195 * step + 31);
  expect(worked(plannedWith(files, "m.cfg")).cycles).toBe(folds(1));
  const narrow = ["units.inputs.width=128 bit"];
  expect(worked(plannedWith(files, "m.cfg", narrow)).cycles).toBe(folds(4));
  expect(reportOf(plannedWith(files, "m.cfg", narrow)).ops.at(-1)?.boundBy?.unit).toBe("inputs.read");
});
