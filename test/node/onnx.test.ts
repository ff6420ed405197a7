/** ONNX models on the command line. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { onnxModel } from "../workload/onnx/model.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));
const tiny = resolve("test/workload/onnx/models/tiny-cnn.onnx");

function papillon(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("show prints inputs, outputs, ops by kind and what was recognised", () => {
  const { status, stdout } = papillon("show", tiny, "--dim", "batch=2", "--width", "100");
  expect(status).toBe(0);
  expect(stdout).toContain("input image: float32 [2, 3, 32, 32]");
  expect(stdout).toContain("output softmax_output_0: float32 [2, 16]");
  expect(stdout).toMatch(/convolution +1 +885 k +448/);
  expect(stdout).toContain("recognised: 1 x batch normalisation in a convolution");
});

test("show as JSON has every number", () => {
  const { stdout } = papillon("show", tiny, "--dim", "batch=1", "--measure-sparsity", "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    family: "onnx",
    opset: 17,
    macs: (32 * 32 * 16 * 27 + 16 * 16) / 2,
    inputs: [{ name: "image", type: "float32", shape: [1, 3, 32, 32] }],
    // Two of every four in the order of the file, which of the filters is not that of the product: there 9 of 16 are the fewest that hold all groups.
    sparsity: [
      { op: "conv", density: 0.5, pattern: { n: 9, m: 16 } },
      { op: "head", density: 0.5, pattern: { n: 2, m: 4 } },
    ],
  });
});

test("import writes a YAML that runs", () => {
  const out = join(folder, "out");
  expect(papillon("import", tiny, "--dim", "batch=4", "-o", out)).toMatchObject({ status: 0, stderr: "" });
  const path = join(out, "tiny-cnn.yaml");
  expect(readFileSync(path, "utf8")).toContain('dims: { "batch": 4 }');
  expect(papillon("check", path)).toMatchObject({ status: 0, stderr: "" });
  const run = papillon(
    "run",
    "--hardware",
    "tpu-v1",
    "--workload",
    path,
    "--set",
    "precision=int8",
    "--format",
    "json",
  );
  expect(JSON.parse(run.stdout).runs[0].report.totals.macs).toBe(4 * (32 * 32 * 16 * 27 + 16 * 16));
});

test("an unknown operator is an error with status 2; allowed, it is a warning in the report", () => {
  const model = onnxModel({ domains: ["odd"] });
  const x = model.input("x", [4, 64]);
  const known = model.node("MatMul", [x, model.weight("w", [64, 32])]);
  model.output(model.node("Odd", [known], {}, { domain: "odd" }));
  const path = join(folder, "odd.onnx");
  writeFileSync(path, model.bytes());
  const machine = ["run", "--hardware", "tpu-v1", "--workload", path, "--set", "workload.precision=int8"];
  expect(papillon(...machine)).toMatchObject({
    status: 2,
    stdout: "",
    stderr: `${path} graph: expected operators that have a rule (--allow-unknown lists them as uncosted), found 1 x odd:Odd (50 % of 2 nodes)\n`,
  });
  const allowed = papillon(...machine, "--allow-unknown");
  expect(allowed.status).toBe(0);
  expect(allowed.stdout).toContain("warning: uncosted: 1 x odd:Odd (50 % of 2 nodes), which has no rule");
});

test("options of models beside an experiment are told, not ignored", () => {
  expect(papillon("run", "dfx-gpt2-latency", "--dim", "batch=4")).toMatchObject({ status: 2 });
});
