import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { planExperiment, planSingle, type SingleOptions } from "../../src/config/plan.ts";
import { simulate } from "../../src/index.ts";
import { fileLibrary } from "../../src/node/library.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { int64Type, onnxModel } from "../workload/onnx/model.ts";
import { resNet50, tinyCnn } from "../workload/onnx/networks.ts";

const library = fileLibrary();
const folder = mkdtempSync(join(tmpdir(), "papillon-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));
const shipped = "test/workload/onnx/models/tiny-cnn.onnx";

const planned = (workload: string, options: SingleOptions = {}, hardware = "tpu-v1") =>
  planSingle(hardware, workload, library, {
    ...options,
    set: ["workload.precision=int8", ...(options.set ?? [])],
  });
const refusal = (workload: string, options: SingleOptions = {}): string => {
  const plan = planned(workload, options);
  return plan.ok ? "planned" : formatProblems(plan.problems);
};
function only(workload: string, options: SingleOptions = {}) {
  const plan = planned(workload, options);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  const [run] = plan.value.runs;
  if (run === undefined) throw new Error("nothing was planned");
  return run;
}

test("the model of the docs is what its generator writes", () => {
  if (process.env["UPDATE"] !== undefined) writeFileSync(shipped, tinyCnn().bytes());
  expect(Buffer.from(tinyCnn().bytes()).equals(readFileSync(shipped))).toBe(true);
});

test("a model runs as a workload, with --dim or with workload.dims", () => {
  const run = only(shipped, { dim: ["batch=4"] });
  expect(run.workload.task).toEqual({
    kind: "inference",
    model: { kind: "graph", family: "onnx" },
    batch: 4,
    sequence: 1,
  });
  expect(countWorkload(run.workload).macs).toBe(4 * (32 * 32 * 16 * 27 + 16 * 16));
  expect(only(shipped, { set: ["workload.dims.batch=4"] }).workload).toEqual(run.workload);
  const result = simulate(run);
  expect(result.status === "done" && result.report.ops.map(({ op }) => op)).toContain("graph.conv");
});

test("a YAML names the model beside it, its dimensions and its precision", () => {
  writeFileSync(join(folder, "m.onnx"), tinyCnn().bytes());
  const path = join(folder, "m.yaml");
  writeFileSync(path, "name: tiny\nsource: here\nonnx: m.onnx\ndims: { batch: 2 }\nprecision: fp16\n");
  const { workload, documents } = only(path);
  expect([workload.name, workload.precision, workload.task.batch]).toEqual(["tiny", "int8", 2]);
  expect(documents.workload).toMatchObject({ onnx: "m.onnx", dims: { batch: 2 } });
  writeFileSync(path, "name: tiny\nsource: here\nonnx: n.onnx\ndmis: { batch: 2 }\n");
  expect(refusal(path)).toContain('the unknown key "dmis"; did you mean "dims"?');
  writeFileSync(path, "name: tiny\nsource: here\nonnx: n.onnx\n");
  expect(refusal(path)).toContain('n.onnx", which is no file');
});

test("an experiment may run models", () => {
  const text = `name: e\ntitle: t\nsource: s\nhardware: tpu-v1\nworkload: ${shipped}\nset: { workload.precision: int8 }\nruns:\n  - { name: a, set: { workload.dims.batch: 1 } }\n  - { name: b, set: { workload.dims.batch: 2 } }\n`;
  const plan = planExperiment({ file: "e.yaml", text }, library);
  expect(
    plan.ok ? plan.value.runs.map(({ workload }) => workload.task.batch) : formatProblems(plan.problems),
  ).toEqual([1, 2]);
});

test("mistakes stand where they were made", () => {
  expect(refusal(shipped)).toBe(
    `${shipped} input image[0]: expected a size for "batch" (--dim batch=1), found none`,
  );
  expect(refusal(shipped, { dim: ["batch=many"] })).toContain(
    '--dim batch=many: expected a dimension\'s name and its size, batch=4, found "batch=many"',
  );
  expect(refusal("resnet-50", { dim: ["batch=4"] })).toBe(
    "--dim batch=4: expected an ONNX model as the workload, found another",
  );
  expect(refusal("none.onnx")).toContain('expected an ONNX model, found "none.onnx", which is no file');
});

test("what an input holds is set by --value, by workload.values and in the YAML", () => {
  const model = onnxModel();
  const shape = model.input("shape", ["rank"], int64Type);
  const made = model.node("Reshape", [model.input("x", [6, 4]), shape]);
  model.output(model.node("MatMul", [made, model.weight("w", [2, 8])]));
  const path = join(folder, "reshaped.onnx");
  writeFileSync(path, model.bytes());
  const macs = ({ workload }: ReturnType<typeof only>): number => countWorkload(workload).macs;
  expect(macs(only(path, { value: ["shape=[3,-1,2]"] }))).toBe(12 * 2 * 8);
  expect(macs(only(path, { set: ["workload.values.shape=[3, 4, 2]"] }))).toBe(12 * 2 * 8);
  const yaml = join(folder, "reshaped.yaml");
  writeFileSync(yaml, "name: r\nsource: here\nonnx: reshaped.onnx\nvalues: { shape: [12, 2] }\n");
  expect(macs(only(yaml))).toBe(12 * 2 * 8);
  expect(refusal(path, { value: ["shape=3,4,2"] })).toContain(
    '--value shape=3,4,2: expected an input\'s name and its numbers, shape=[1, -1, 64], found "shape=3,4,2"',
  );
  expect(refusal("resnet-50", { value: ["shape=[3]"] })).toBe(
    "--value shape=[3]: expected an ONNX model as the workload, found another",
  );
});

test("weights that are measured run as sparse as they are", () => {
  const { workload } = only(shipped, { dim: ["batch=1"], measureSparsity: true });
  const head = workload.phases[0]?.blocks[0]?.ops.find(({ name }) => name === "head");
  expect(head).toMatchObject({ encoding: { kind: "nm", n: 2, m: 4 } });
});

test("ResNet-50 as ONNX takes as long as the built-in network on a systolic machine", () => {
  writeFileSync(join(folder, "resnet50.onnx"), resNet50().bytes());
  const times = [join(folder, "resnet50.onnx"), "resnet-50"].map((workload) => {
    const result = simulate(only(workload, workload === "resnet-50" ? { set: ["workload.batch=1"] } : {}));
    return result.status === "done" ? result.report.totals.latencySeconds : Number.NaN;
  });
  expect(Math.abs((times[0] ?? 0) / (times[1] ?? 1) - 1)).toBeLessThan(0.03);
});

test("a model that is cut off anywhere is refused by the command as well", () => {
  const path = join(folder, "cut.onnx");
  writeFileSync(path, tinyCnn().bytes());
  truncateSync(path, 500);
  expect(refusal(path, { dim: ["batch=1"] })).toMatch(
    /^\S*cut\.onnx byte \d+: expected \d+ bytes of field \d+, found the end of its message after \d+$/,
  );
});
