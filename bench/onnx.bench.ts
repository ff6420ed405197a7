/** ONNX models of 2 GiB of weights, inline and external: time, memory and bytes read of an import as the product ships it. */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hugeModel, type Piece } from "../test/workload/onnx/huge.ts";
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

/** In a process of its own: milliseconds and CPU milliseconds of the import, and megabytes of the whole process at its most. */
function measured(path: string, dims: Readonly<Record<string, number>>) {
  const script = `
    import { onnxGraph } from ${JSON.stringify(join(process.cwd(), "dist/node.js"))};
    const before = process.cpuUsage(), start = performance.now();
    const { ops } = onnxGraph(${JSON.stringify(path)}, { dims: ${JSON.stringify(dims)} });
    const wall = performance.now() - start, { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify([wall, (user + system) / 1000, process.resourceUsage().maxRSS / 1024, ops.length]));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  const numbers: readonly number[] = JSON.parse(stdout);
  return { wall: numbers[0] ?? 0, cpu: numbers[1] ?? 0, megabytes: numbers[2] ?? 0, ops: numbers[3] ?? 0 };
}

try {
  write(join(folder, "inline.onnx"), hugeModel(32));
  writeFileSync(join(folder, "llama.onnx"), llama2().bytes());
  console.log("model                          ops   ms   CPU ms   MB of the process");
  for (const [name, file, dims] of [
    ["2 GiB inline, 32 products", "inline.onnx", {}],
    ["Llama-2-7B, 13.5 GB external", "llama.onnx", { sequence: 128 }],
  ] as const) {
    const runs = Array.from({ length: times }, () => measured(join(folder, file), dims)).sort(
      (a, b) => a.cpu - b.cpu,
    );
    const { wall = 0, cpu = 0, megabytes = 0, ops = 0 } = runs[Math.floor(times / 2)] ?? {};
    console.log(
      `${name.padEnd(28)}  ${String(ops).padStart(4)}  ${wall.toFixed(0).padStart(3)}  ${cpu.toFixed(0).padStart(6)}  ${megabytes.toFixed(0).padStart(6)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
