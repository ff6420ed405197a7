import fc from "fast-check";
import { expect, test } from "vitest";
import { foreignDocument } from "../../src/config/foreign.ts";
import { resolveWorkload, workloadFields } from "../../src/config/workload.ts";
import { assemble } from "../../src/schema/extend.ts";
import { readConfig } from "../../src/schema/read-config.ts";
import { plainValue } from "../../src/schema/tree.ts";
import { countWorkload } from "../../src/workload/count.ts";

const config = `[general]
run_name = edge
[architecture_presets]
ArrayHeight: 12
ArrayWidth: 14
IfmapSramSzkB: 108
FilterSramSzkB: 96
OfmapSramSzkB: 64
Dataflow: ws
Bandwidth: 10
[run_presets]
InterfaceBandwidth: USER
`;

const machine = (text: string) => {
  const read = foreignDocument("hardware", { file: "edge.cfg", text });
  if (read?.ok !== true) throw new Error(JSON.stringify(read));
  const { tree, problems } = assemble(read.text, "edge.yaml", () => undefined);
  expect(problems).toEqual([]);
  return { document: plainValue(tree), notes: read.notes };
};

const network = (text: string, inputs?: "gemm") => {
  const read = foreignDocument(
    "workloads",
    { file: "net.csv", text },
    inputs === undefined ? {} : { inputs },
  );
  if (read?.ok !== true) throw new Error(JSON.stringify(read));
  const config = readConfig(workloadFields, read.text, "net.yaml");
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  return { workload: resolveWorkload(config.value), text: read.text, notes: read.notes };
};

test("a config's array, buffers and bandwidth become a systolic machine, each with the key it comes from", () => {
  const read = { sure: "read" };
  expect(machine(config).document).toMatchObject({
    name: "edge",
    dataflow: { name: "systolic", buffering: "double" },
    units: {
      array: {
        rows: { value: 12, source: "edge.cfg: ArrayHeight", ...read },
        columns: { value: 14, source: "edge.cfg: ArrayWidth", ...read },
        stationary: "weights",
        folds: "serial",
        edges: "full",
      },
      inputs: { capacity: { value: "108 KiB", source: "edge.cfg: IfmapSramSzkB" } },
      weights: { capacity: { value: "96 KiB" } },
      results: { capacity: { value: "64 KiB" } },
      // Ten words of a byte for each of three operands.
      memory: { width: { value: "240 bit", ...read } },
    },
  });
});

test("what SCALE-Sim means otherwise, or has and we leave out, is told by name", () => {
  const notes = (text: string): string => machine(text).notes.join("\n");
  expect(notes(config)).toContain("a memory port of its own");
  expect(notes(config.replace("USER", "CALC"))).toContain("never waited for");
  const more =
    "[sparsity]\nSparsitySupport: true\nSparseRep: csr\nBlockSize: 4\n[layout]\nIfmapCustomLayout: True\n";
  const all = notes(`${config}UseRamulatorTrace: True\n${more}`);
  for (const word of ["Ramulator", "bank layouts", "sparsity", "SparseRep csr"]) expect(all).toContain(word);
  expect(all).not.toContain("OptimizedMapping");
});

test("a config with sparsity turned on becomes a machine whose array skips; turned off, a dense one", () => {
  const sparsity = (on: boolean): string =>
    `${config}[sparsity]\nSparsitySupport: ${on}\nSparseRep: ellpack_block\nOptimizedMapping: true\nBlockSize: 8\n`;
  const { document, notes } = machine(sparsity(true));
  expect(document).toMatchObject({ units: { array: { kind: "nm-systolic", stationary: "weights" } } });
  expect(notes.join("\n")).toContain("draws an N of up to 4:8 for each filter (BlockSize)");
  expect(notes.join("\n")).not.toContain("SparseRep");
  const off = machine(sparsity(false));
  expect(off.document).toMatchObject({ units: { array: { kind: "systolic" } } });
  expect(off.notes).toEqual(machine(config).notes);
});

test("a topology's N:M becomes how its layers' weights are stored, of convolutions and of matrices", () => {
  const convolutions = network(
    "name, ifmap h, ifmap w, filter h, filter w, channels, filters, stride, sparsity,\na, 4, 4, 2, 2, 6, 8, 1, 1:4,\nb, 3, 3, 1, 1, 8, 5, 1, 4:4,\n",
  );
  expect(convolutions.text).toContain(
    "stride: [1, 1] }, weights: { kind: nm, n: 1, m: 4, bits: 8, metadata: index } }",
  );
  // Nine windows with 6 of 24 positions by 8 filters; 4:4 is dense: nine of 8 by 5.
  expect(countWorkload(convolutions.workload).macs).toBe(9 * 6 * 8 + 9 * 8 * 5);
  expect(convolutions.notes.join("\n")).toContain("N:M of 1 layers is how their weights are stored");
  const matrices = network("n,M,N,K,Sparsity,\nfc,3,4,8,2:4,\n");
  expect(countWorkload(matrices.workload).macs).toBe(3 * 4 * 4);
});

test("rows become layers with the same work: strides, windows that run off, depthwise channels, matrices", () => {
  const header = "name, ifmap h, ifmap w, filter h, filter w, channels, filters, stride,\n";
  const { workload, text, notes } = network(
    `${header}a, 7, 7, 2, 2, 3, 8, 2,\nb_DP, 4, 4, 3, 3, 8, 1, 1,\na, 2, 2, 1, 1, 8, 5, 1,\n`,
  );
  expect(text).toContain(
    "convolution: { height: 7, width: 7, channels: 3, filters: 8, kernel: [2, 2], stride: [2, 2], paddingEnd: [1, 1] }",
  );
  expect(text).toContain('{ name: "b_DP", convolution: { height: 4, width: 4, channels: 8, filters: 8');
  expect(text).toContain("groups: 8");
  expect(text).toContain('name: "a (3)"');
  // ceil((7 - 2 + 2) / 2) = 4: 16 windows of 12 by 8; 4 windows of 9 for 8 channels; 4 of 8 by 5.
  expect(countWorkload(workload).macs).toBe(16 * 12 * 8 + 4 * 9 * 8 + 4 * 8 * 5);
  expect(notes.join("\n")).toContain("windows of 1 layers run off the image");
  expect(countWorkload(network("n,M,N,K,\nfc,3,4,5,\n").workload).macs).toBe(60);
});

test("layers that do not connect are told with the sizes", () => {
  const header = "name, ifmap h, ifmap w, filter h, filter w, channels, filters, stride,\n";
  const rows = (channels: number): string =>
    `${header}a, 4, 4, 1, 1, 3, 8, 1,\nb, 4, 4, 1, 1, ${channels}, 8, 1,\n`;
  expect(network(rows(8)).notes).toEqual([]);
  expect(network(rows(128)).notes).toEqual([]); // all 4 x 4 x 8 in a row, as for a dense layer
  expect(network(rows(16)).notes.join()).toContain("a makes 8, b reads 16");
});

test("mistakes are those of the file itself; other files are none of ours", () => {
  const wrong = foreignDocument("hardware", { file: "x.cfg", text: config.replace("12", "twelve") });
  expect(wrong).toMatchObject({ ok: false, problems: [{ file: "x.cfg", line: 4 }] });
  expect(foreignDocument("hardware", { file: "x.yaml", text: config })).toBeUndefined();
  expect(foreignDocument("experiments", { file: "x.csv", text: "" })).toBeUndefined();
});

test("every layer that can be read counts as many MACs as SCALE-Sim's product has", () => {
  const size = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(size, size, size, size, size, size, size, (h, w, fh, fw, channels, filters, stride) => {
      const [kh, kw] = [Math.min(h, fh), Math.min(w, fw)];
      const rows = Math.ceil((h - kh + stride) / stride);
      const columns = Math.ceil((w - kw + stride) / stride);
      const { workload } = network(
        `n,h,w,fh,fw,c,f,s,\nL,${h},${w},${kh},${kw},${channels},${filters},${stride},\n`,
      );
      expect(countWorkload(workload).macs).toBe(rows * columns * kh * kw * channels * filters);
    }),
    { numRuns: 200 },
  );
});
