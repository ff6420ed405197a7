/**
 * SCALE-Sim's own runs, against the CPU seconds that it took for them (the fastest of its measurements, v2 or v3, 2026-11):
 * `npm run build && node --import tsx bench/scalesim.bench.ts`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScaleSimConfig, Stationary } from "../src/scalesim/config.ts";
import type { Layer } from "../src/scalesim/layer.ts";
import { matrixLayer } from "../src/scalesim/layer.ts";
import { runLayer } from "../src/scalesim/run-layer.ts";
import { resNet50 } from "../src/workload/vision/resnet.ts";

const config = (size: number, dataflow: Stationary, bandwidthMode: "estimate" | "fixed"): ScaleSimConfig => ({
  runName: "bench",
  arrayRows: size,
  arrayColumns: size,
  ifmapWords: 65536,
  filterWords: 65536,
  ofmapWords: 65536,
  dataflow,
  bandwidthMode,
  bandwidth: 10,
  layout: { ifmap: { custom: false }, filter: { custom: false } },
  sparsity: { supported: false, representation: "csr", rowWise: false, blockSize: 1 },
  ramulator: false,
});

const convolution = (
  size: number,
  filter: number,
  channels: number,
  filters: number,
  stride: number,
): Layer => ({
  name: "convolution",
  ifmapRows: size,
  ifmapColumns: size,
  filterRows: filter,
  filterColumns: filter,
  channels,
  filters,
  rowStride: stride,
  columnStride: stride,
});

const product = matrixLayer("Test 1", 256, 128, 256);
const cases: readonly (readonly [name: string, seconds: number, Layer, ScaleSimConfig])[] = [
  ["mnk 32 x 32 ws CALC", 2.0, product, config(32, "ws", "estimate")],
  ["mnk 32 x 32 ws USER", 2.59, product, config(32, "ws", "fixed")],
  ["mnk 128 x 128 ws CALC", 0.55, product, config(128, "ws", "estimate")],
  ["Inc5b_3x3 32 x 32 os CALC", 4.73, convolution(7, 3, 192, 384, 1), config(32, "os", "estimate")],
  ["AlexNet Conv1 32 x 32 ws CALC", 20.18, convolution(224, 11, 3, 96, 4), config(32, "ws", "estimate")],
];

const seconds = (of: NodeJS.CpuUsage): number => (of.user + of.system) / 1e6;

/** CPU seconds of one call, by the median of several batches after a warm-up. */
function cpuOf(work: () => void): number {
  const batch = (times: number): number => {
    const begin = process.cpuUsage();
    for (let i = 0; i < times; i += 1) work();
    return seconds(process.cpuUsage(begin)) / times;
  };
  const once = batch(5);
  const times = Math.max(1, Math.ceil(0.1 / once));
  return median(Array.from({ length: 5 }, () => batch(times)));
}

/** CPU seconds of a whole command, start-up included: the least of several, since a loaded machine only adds. */
function cpuOfCommand(command: readonly string[]): number {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const runs = Array.from({ length: 9 }, () => {
    const text = spawnSync("bash", ["-c", '"$@" >/dev/null; times', "bash", ...command], {
      env,
      encoding: "utf8",
    }).stdout;
    const [, children = ""] = text.trim().split("\n");
    const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
    );
    return parts.reduce((sum, part) => sum + part, 0);
  });
  return Math.min(...runs);
}

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0;
const print = (name: string, took: number, theirs: number): void =>
  console.log(
    `${name.padEnd(44)} ${(1e3 * took).toFixed(3).padStart(8)} ms  ${Math.round(theirs / took)} times`,
  );

console.log("Inside a running process (wanted: 10,000 times)");
for (const [name, theirs, layer, machine] of cases)
  print(
    name,
    cpuOf(() => runLayer(layer, machine, "v3")),
    theirs,
  );

const folder = mkdtempSync(join(tmpdir(), "papillon-bench-"));
const command = fileURLToPath(new URL("../dist/papillon.cjs", import.meta.url));

type Row = readonly [
  name: string,
  size: number,
  filter: number,
  channels: number,
  filters: number,
  stride: number,
];

/** CPU seconds of the command on such a network, and the cycles that it reports. */
function whole(size: number, rows: readonly Row[]): { readonly took: number; readonly cycles: number } {
  const [cfg, csv] = [join(folder, "machine.cfg"), join(folder, "network.csv")];
  const lines = rows.map(([name, image, filter, channels, filters, stride]) =>
    [name, image, image, filter, filter, channels, filters, stride, ""].join(", "),
  );
  writeFileSync(
    csv,
    ["Layer, Height, Width, Filter Height, Filter Width, Channels, Filters, Strides,", ...lines].join("\n"),
  );
  writeFileSync(
    cfg,
    `[general]\nrun_name = bench\n[architecture_presets]\nArrayHeight: ${size}\nArrayWidth: ${size}\nIfmapSramSzkB: 64\n` +
      "FilterSramSzkB: 64\nOfmapSramSzkB: 64\nIfmapOffset: 0\nFilterOffset: 10000000\nOfmapOffset: 20000000\nDataflow: ws\n" +
      "Bandwidth: 10\nMemoryBanks: 1\n[run_presets]\nInterfaceBandwidth: CALC\n",
  );
  const took = cpuOfCommand([process.execPath, command, "scalesim", "-c", cfg, "-t", csv, "-p", folder]);
  const [, ...report] = readFileSync(join(folder, "bench", "COMPUTE_REPORT.csv"), "utf8")
    .trim()
    .split("\n");
  return { took, cycles: report.reduce((sum, line) => sum + Number(line.split(",")[2]), 0) };
}

/** ResNet-50's convolutions, padded as SCALE-Sim takes them. */
const resNet50Rows = resNet50({ batch: 1, normalization: "folded", image: 224 }).flatMap(
  (op): readonly Row[] =>
    op.kind === "convolution"
      ? [[op.name, op.height + 2 * (op.kernel[0] >> 1), op.kernel[0], op.channels, op.filters, op.stride[0]]]
      : [],
);

/** The least CPU time that SCALE-Sim took for a simulated cycle in any of its measurements, AlexNet Conv1: 20.18 s for 112,283. */
const leastPerCycle = 20.18 / 112_283;

const bare = cpuOfCommand([process.execPath, "-e", "0"]);
console.log(
  `\nThe whole command, start-up included (wanted: 1,000 times); bare Node alone takes ${(1e3 * bare).toFixed(0)} ms`,
);
const conv1 = whole(32, [["Conv1", 224, 11, 3, 96, 4]]);
print("AlexNet Conv1 32 x 32 ws CALC", conv1.took, 20.18);
const network = whole(128, resNet50Rows);
print("ResNet-50 128 x 128 ws CALC, theirs estimated", network.took, leastPerCycle * network.cycles);
const start = whole(128, [["small", 8, 3, 1, 1, 1]]);
console.log(
  `ResNet-50 after start-up: ${(1e3 * (network.took - start.took)).toFixed(0)} ms (wanted: at most 50)`,
);
rmSync(folder, { recursive: true });
