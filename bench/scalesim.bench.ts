/**
 * SCALE-Sim's own runs, against the CPU seconds (user and system) that each of its versions took for them, the fastest of its measurements, 2026-11:
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
import type { Version } from "../src/scalesim/reader.ts";
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

/** A layer as a topology has it: image, filter, channels, filters, stride. */
type Row = readonly [
  name: string,
  size: number,
  filter: number,
  channels: number,
  filters: number,
  stride: number,
];

const convolution = ([name, size, filter, channels, filters, stride]: Row): Layer => ({
  name,
  ifmapRows: size,
  ifmapColumns: size,
  filterRows: filter,
  filterColumns: filter,
  channels,
  filters,
  rowStride: stride,
  columnStride: stride,
});

interface Case {
  readonly name: string;
  /** SCALE-Sim's CPU seconds, by its version. */
  readonly theirs: Readonly<Record<Version, number>>;
  readonly size: number;
  readonly dataflow: Stationary;
  readonly mode: "CALC" | "USER";
  readonly layers: readonly Row[] | "mnk";
}

/** The smallest product that it ships: 256 x 256 by 256 x 128. */
const product = matrixLayer("Test 1", 256, 128, 256);
/** AlphaGo Zero with a sixteenth of its filters. */
const alphaGoZero: readonly Row[] = [
  ["Conv", 19, 3, 17, 16, 1],
  ["Res_conv1", 19, 3, 256, 16, 1],
  ["Res_conv2", 19, 3, 256, 16, 1],
  ["ValueHead_conv", 19, 1, 256, 1, 1],
  ["ValueHead_FC1", 1, 1, 361, 16, 1],
  ["ValueHead_FC2", 1, 1, 256, 1, 1],
  ["PolicyHead_Conv", 19, 1, 256, 1, 1],
  ["PolicyHead_FC", 1, 1, 722, 23, 1],
];
const ws = { dataflow: "ws", mode: "CALC" } as const;
const cases: readonly Case[] = [
  { name: "mnk", theirs: { v2: 2.03, v3: 2.65 }, size: 32, ...ws, layers: "mnk" },
  { name: "mnk", theirs: { v2: 2.68, v3: 3.22 }, size: 32, ...ws, mode: "USER", layers: "mnk" },
  { name: "mnk", theirs: { v2: 0.59, v3: 0.79 }, size: 128, ...ws, layers: "mnk" },
  {
    ...{ name: "Inc5b_3x3", theirs: { v2: 4.73, v3: 4.74 }, size: 32, ...ws, dataflow: "os" },
    layers: [["Inc5b_3x3", 7, 3, 192, 384, 1]],
  },
  { name: "AlphaGo Zero / 16", theirs: { v2: 12.4, v3: 13.54 }, size: 32, ...ws, layers: alphaGoZero },
  {
    ...{ name: "AlexNet Conv1", theirs: { v2: 21.32, v3: 27.19 }, size: 32, ...ws },
    layers: [["Conv1", 224, 11, 3, 96, 4]],
  },
];

const seconds = (of: NodeJS.CpuUsage): number => (of.user + of.system) / 1e6;

/** CPU seconds of one call, by the median of several batches after a warm-up. */
function cpuOf(work: () => void): number {
  const batch = (times: number): number => {
    const begin = process.cpuUsage();
    for (let i = 0; i < times; i += 1) work();
    return seconds(process.cpuUsage(begin)) / times;
  };
  // Until it is compiled.
  const warm = process.cpuUsage();
  while (seconds(process.cpuUsage(warm)) < 0.3) work();
  const times = Math.max(1, Math.ceil(0.1 / batch(5)));
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
const print = (name: string, took: number, theirs: number, share = ""): void =>
  console.log(
    `${name.padEnd(44)} ${(1e3 * took).toFixed(3).padStart(8)} ms  ${Math.round(theirs / took)} times${share}`,
  );
const label = ({ name, size, dataflow, mode }: Case, version: string): string =>
  `${name} ${size} x ${size} ${dataflow} ${mode} ${version}`;
const versions = ["v2", "v3"] as const;

console.log("Inside a running process (wanted: 10,000 times)");
for (const each of cases)
  for (const version of versions) {
    const layers = each.layers === "mnk" ? [product] : each.layers.map(convolution);
    const machine = config(each.size, each.dataflow, each.mode === "CALC" ? "estimate" : "fixed");
    const took = cpuOf(() => {
      for (const layer of layers) runLayer(layer, machine, version);
    });
    print(label(each, version), took, each.theirs[version]);
  }

console.log("\nLarge layers at a given bandwidth, 32 x 32, inside a running process");
for (const layer of [
  matrixLayer("[262144 x 4096] x [4096 x 16384]", 262_144, 16_384, 4096),
  convolution(["570 x 570 x 64, 3 x 3", 570, 3, 64, 64, 1]),
]) {
  const begin = process.cpuUsage();
  const { totalCycles } = runLayer(layer, config(32, "ws", "fixed"), "v3");
  const took = seconds(process.cpuUsage(begin));
  console.log(`${layer.name.padEnd(44)} ${(1e3 * took).toFixed(1).padStart(8)} ms for ${totalCycles} cycles`);
}

const folder = mkdtempSync(join(tmpdir(), "papillon-bench-"));
const command = fileURLToPath(new URL("../dist/papillon.cjs", import.meta.url));

/** CPU seconds of the command on such a network, and the cycles that it reports. */
function whole(
  { size, dataflow, mode, layers }: Omit<Case, "name" | "theirs">,
  version: Version,
): { readonly took: number; readonly cycles: number } {
  const [cfg, csv] = [join(folder, "machine.cfg"), join(folder, "network.csv")];
  const lines =
    layers === "mnk"
      ? ["Layer, M, N, K,", "Test 1, 256, 128, 256,"]
      : [
          "Layer, Height, Width, Filter Height, Filter Width, Channels, Filters, Strides,",
          ...layers.map(([name, image, filter, ...rest]) =>
            [name, image, image, filter, filter, ...rest, ""].join(", "),
          ),
        ];
  writeFileSync(csv, lines.join("\n"));
  writeFileSync(
    cfg,
    `[general]\nrun_name = bench\n[architecture_presets]\nArrayHeight: ${size}\nArrayWidth: ${size}\nIfmapSramSzkB: 64\n` +
      `FilterSramSzkB: 64\nOfmapSramSzkB: 64\nIfmapOffset: 0\nFilterOffset: 10000000\nOfmapOffset: 20000000\nDataflow: ${dataflow}\n` +
      `Bandwidth: 10\nMemoryBanks: 1\n[run_presets]\nInterfaceBandwidth: ${mode}\n`,
  );
  const options = ["-c", cfg, "-t", csv, "-p", folder, "--compat", version];
  const took = cpuOfCommand([process.execPath, command, "scalesim", ...options]);
  const [, ...report] = readFileSync(join(folder, "bench", "COMPUTE_REPORT.csv"), "utf8")
    .trim()
    .split("\n");
  const column = version === "v2" ? 1 : 2;
  return { took, cycles: report.reduce((sum, line) => sum + Number(line.split(",")[column]), 0) };
}

/** ResNet-50's convolutions, padded as SCALE-Sim takes them. */
const resNet50Rows = resNet50({ batch: 1, normalization: "folded", image: 224 }).flatMap(
  (op): readonly Row[] =>
    op.kind === "convolution"
      ? [[op.name, op.height + 2 * (op.kernel[0] >> 1), op.kernel[0], op.channels, op.filters, op.stride[0]]]
      : [],
);

/** The least CPU time that SCALE-Sim took for a simulated cycle in any of its measurements, AlexNet Conv1 on v2: 21.32 s for 112,283. */
const leastPerCycle = 21.32 / 112_283;

const bare = cpuOfCommand([process.execPath, "-e", "0"]);
const share = (took: number): string =>
  `, of which Node's own start is ${((100 * bare) / took).toFixed(0)} %`;
console.log(
  `\nThe whole command, start-up included (wanted: 1,000 times on the larger); bare Node alone takes ${(1e3 * bare).toFixed(1)} ms`,
);
for (const each of cases)
  for (const version of versions) {
    const { took } = whole(each, version);
    print(label(each, version), took, each.theirs[version], share(took));
  }
const network = whole({ size: 128, ...ws, layers: resNet50Rows }, "v3");
print(
  "ResNet-50 128 x 128 ws CALC, theirs estimated",
  network.took,
  leastPerCycle * network.cycles,
  share(network.took),
);
const start = whole({ size: 128, ...ws, layers: [["small", 8, 3, 1, 1, 1]] }, "v3");
console.log(
  `ResNet-50 after start-up: ${(1e3 * (network.took - start.took)).toFixed(0)} ms (wanted: at most 50)`,
);
rmSync(folder, { recursive: true });
