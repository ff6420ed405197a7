/**
 * ONNX models with gigabytes of weights, inline and external: CPU time and memory of whole commands, start-up
 * included, as it ships. Files are sparse: their weights are holes.
 */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hugeModel, type Piece } from "../test/workload/onnx/huge.ts";
import { onnxModel } from "../test/workload/onnx/model.ts";
import { llama2 } from "../test/workload/onnx/networks.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-onnx-"));
const times = 5;

/** Zeros are a hole in the file. */
function write(path: string, pieces: readonly Piece[]): void {
  const file = openSync(path, "w");
  let at = 0;
  for (const piece of pieces) {
    if (typeof piece !== "number") writeSync(file, piece, 0, piece.length, at);
    at += typeof piece === "number" ? piece : piece.length;
  }
  ftruncateSync(file, at);
  closeSync(file);
}

/** A model in a folder of its own, beside its weights. */
function besides(name: string, model: Uint8Array, weights: number): string {
  const own = mkdtempSync(join(folder, name));
  write(join(own, "weights.bin"), [weights]);
  writeFileSync(join(own, "model.onnx"), model);
  return join(own, "model.onnx");
}

/** A chain of 32 products of one row; 4096 x 4096 in fp32 makes 2 GiB. */
function products(side: number): Uint8Array {
  const model = onnxModel();
  let x = model.input("x", [1, side]);
  for (let layer = 0; layer < 32; layer += 1)
    x = model.node("MatMul", [x, model.weight("weight", [side, side])]);
  model.output(x);
  return model.bytes();
}

/** The command in a process of its own: CPU milliseconds, and megabytes of the process at its most. */
function measured(words: readonly string[]) {
  const script = `
    process.argv = [process.argv[0], ...${JSON.stringify(words)}];
    process.on("exit", () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      console.error(JSON.stringify([(userCPUTime + systemCPUTime) / 1000, maxRSS / 1024]));
    });
    await import(${JSON.stringify(resolve("dist/cli.js"))});`;
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env,
  });
  if (status !== 0) throw new Error(stderr);
  const [cpu = 0, megabytes = 0]: readonly number[] = JSON.parse(stderr);
  return { cpu, megabytes };
}

try {
  const inline = join(folder, "inline.onnx");
  write(inline, hugeModel(32));
  const llama = [besides("llama", llama2().bytes(), 13.5e9), "--dim", "sequence=128"];
  const onTpu = ["run", "--hardware", "tpu-v1", "--set", "workload.precision=int8", "--workload"];
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["show a model of 4 KB", ["show", "test/workload/onnx/models/tiny-cnn.onnx", "--dim", "batch=1"]],
    ["show 32 products, 2 GiB inline", ["show", inline]],
    ["show 32 products, 8 MiB external", ["show", besides("small", products(256), 2 ** 23)]],
    ["show 32 products, 2 GiB external", ["show", besides("large", products(4096), 2 ** 31)]],
    ["show Llama-2-7B, 13.5 GB external", ["show", ...llama]],
    ["run it on tpu-v1", [...onTpu, ...llama]],
  ];
  console.log(`the median of ${times}                      CPU ms      MB`);
  for (const [name, words] of cases) {
    const runs = Array.from({ length: times }, () => measured(words)).sort((a, b) => a.cpu - b.cpu);
    const { cpu = 0, megabytes = 0 } = runs[Math.floor(times / 2)] ?? {};
    const columns = [cpu, megabytes].map((value) => value.toFixed(0).padStart(6));
    console.log(`${name.padEnd(33)}  ${columns.join("  ")}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
