import { expect, test } from "vitest";
import { pythonFloat } from "../../src/scalesim/python-number.ts";
import { type ScaleSimInputs, scalesim } from "../../src/scalesim/scalesim.ts";

/** The machine and the layer of SCALE-Sim's own regression test. */
const config = `[general]
run_name = scale_example_run_32x32_ws
[architecture_presets]
ArrayHeight:    32
ArrayWidth:     32
IfmapSramSzkB:   64
FilterSramSzkB:  64
OfmapSramSzkB:   64
Bandwidth : 10
Dataflow : ws
[run_presets]
InterfaceBandwidth: CALC
`;
const topology =
  "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n" +
  "Conv1,  224, 224,    11, 11,    3,      96,     4,";

const inputs: ScaleSimInputs = {
  config: { file: "scale.cfg", text: config },
  topology: { file: "alexnet_part.csv", text: topology },
  version: "v3",
};

function reportsOf(change: Partial<ScaleSimInputs> = {}): Readonly<Record<string, string>> {
  const run = scalesim({ ...inputs, ...change });
  if (run.status !== "done") throw new Error(JSON.stringify(run));
  return run.reports;
}

// test/general/golden_trace_calc in SCALE-Sim v3's repository.
test("the reports of SCALE-Sim's regression test come out letter for letter", () => {
  const reports = reportsOf();
  expect(reports["BANDWIDTH_REPORT.csv"]).toBe(
    "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, Avg FILTER DRAM BW, Avg OFMAP DRAM BW,\n" +
      "0, 29.338590881967885, 0.31035864734643714, 31.035864734643713, 15.686576632947475, 0.3280954308794592, 31.160747178854372,\n",
  );
  expect(reports["DETAILED_ACCESS_REPORT.csv"]?.split("\n")[1]).toBe(
    "0, 33.0, 112176.0, 3294225, 1.0, 109197.0, 34848, 63.0, 112283.0, 3484800, -3243.0, 111824.0, 1805023, -3275.0, 102937.0, 34848, 1102.0, 112935.0, 3484831,",
  );
  expect(reports["COMPUTE_REPORT.csv"]?.split("\n")[0]).toBe(
    "LayerID, Total Cycles (incl. prefetch), Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,",
  );
});

test("version 2 has no column for the prefetch, and no sparse report", () => {
  const reports = reportsOf({ version: "v2" });
  expect(Object.keys(reports)).toEqual([
    "COMPUTE_REPORT.csv",
    "BANDWIDTH_REPORT.csv",
    "DETAILED_ACCESS_REPORT.csv",
  ]);
  expect(reports["COMPUTE_REPORT.csv"]).toMatch(
    /^LayerID, Total Cycles, Stall Cycles,.*\n0, 112283, 0, 91\.68/,
  );
});

test("mistakes of all files come together, each with its place", () => {
  const run = scalesim({
    ...inputs,
    config: { file: "scale.cfg", text: config.replace("ws\n[run", "sw\n[run") },
    topology: { file: "net.csv", text: "header\nConv1,1,2" },
  });
  expect(run).toMatchObject({
    status: "wrong",
    problems: [
      { file: "scale.cfg", line: 10 },
      { file: "net.csv", line: 2 },
    ],
  });
});

test("what is not modelled is refused, unless asked to leave it out", () => {
  const text = config
    .replace("CALC", "USER")
    .replace("[run_presets]", "[layout]\nIfmapCustomLayout: True\n[run_presets]");
  const change = { config: { file: "scale.cfg", text } };
  expect(scalesim({ ...inputs, ...change })).toEqual({
    status: "refused",
    reason: "scale.cfg asks for bank conflicts of a custom layout, not modelled here; --ideal runs without",
  });
  expect(scalesim({ ...inputs, ...change, ideal: true })).toMatchObject({
    status: "done",
    notes: ["without bank conflicts of a custom layout"],
  });
});

test("a layer too large to run is refused by name, at once", () => {
  const huge = "Layer,M,N,K,\nL0,2000000000,1000,100,\n";
  const run = scalesim({ ...inputs, topology: { file: "huge.csv", text: huge } });
  expect(run).toMatchObject({ status: "refused" });
});

// Measured with v3: 64 x 32 x 128 at 1:4 on 16 x 16, utilization cut to its sure digits.
test.each([
  ["ws", "906, 439, 0, 233.25", "16384", "1024"],
  ["os", "834, 495, 0, 206.868", "4096", "4096"],
  ["is", "1090, 623, 0, 164.365", "2048", "4096"],
])("layer-wise sparsity as version 3 measures it, %s", (dataflow, compute, ifmapReads, filterReads) => {
  const text = config
    .replace(/(Height|Width):.*/g, "$1: 16")
    .replace(/SzkB:.*/g, "SzkB: 16")
    .replace(": ws", `: ${dataflow}`)
    .concat(
      "[sparsity]\nSparsitySupport: true\nSparseRep: ellpack_block\nOptimizedMapping: false\nBlockSize: 4\n",
    );
  const reports = reportsOf({
    config: { file: "sparse.cfg", text },
    topology: { file: "sparse.csv", text: "Layer, M, N, K, Sparsity,\nL0, 64, 32, 128, 1:4,\n" },
  });
  expect(reports["COMPUTE_REPORT.csv"]?.split("\n")[1]).toContain(`0, ${compute}`);
  const access = reports["DETAILED_ACCESS_REPORT.csv"]?.split("\n")[1]?.split(", ") ?? [];
  expect([access[3], access[6], access[15]]).toEqual([ifmapReads, filterReads, "1024"]);
  expect(reports["SPARSE_REPORT.csv"]?.split("\n")[1]).toContain("0, ellpack_block, 4096, 1088, 64, ");
});

test("floats look as Python prints them", () => {
  expect([33, -0.5, 1e16, 1e22, 0.0001, 0.00001234, 1.5e-7, 123456.789].map(pythonFloat)).toEqual([
    "33.0",
    "-0.5",
    "1e+16",
    "1e+22",
    "0.0001",
    "1.234e-05",
    "1.5e-07",
    "123456.789",
  ]);
});
