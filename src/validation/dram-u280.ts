/** One pseudo-channel of a real Alveo U280, through its port. */
import { type Port, portBandwidth, portLatency } from "../arch/dram/port.ts";
import type { MemoryPreset } from "../arch/dram/preset.ts";
import { replay } from "../arch/dram/replay.ts";
import type { Pattern } from "../arch/dram/sequence.ts";
import { presetNamed } from "./memory-preset.ts";
import type { Comparison, Row, Suite } from "./suite.ts";

export const dramU280: Suite = {
  name: "dram-u280",
  source:
    "a real Alveo U280: Shuhai (FCCM 2020) and AMD's tutorial on HBM bandwidth. One master on one channel is modelled; rows on several channels, ratios and data-sheet limits are not run",
  tables: ["test/validation/dram/real_u280_measurements.csv"],
  columns: ["metric", "pattern", "param", "value"],
  tolerance: { bandwidth: { max: 0.05 }, latency: { max: 0.05 } },
  prepare: (library) => measure(presetNamed(library, "u280-hbm2")),
  run: (row, library) => measure(presetNamed(library, "u280-hbm2"))(row),
};

const measure =
  (preset: MemoryPreset) =>
  (row: Row): readonly Comparison[] => {
    const { port } = preset;
    if (port === undefined) throw new Error("the preset u280-hbm2 has no port");
    return [...bandwidthOf(preset, port, row), ...latencyOf(preset, port, row)];
  };

function bandwidthOf(preset: MemoryPreset, port: Port, row: Row): readonly Comparison[] {
  const { metric = "", pattern: written = "", param = "", value = "" } = row;
  if (!/^(read )?bandwidth 1 (PC|channel)$/.test(metric)) return [];
  const burst = written === "random chunk" ? Number(param) : preset.organization.rowBytes;
  const pattern = patternOf(written, Number(param));
  const arrivals = { kind: "closed", outstanding: 64 } as const;
  const traffic = { pattern, writePercent: 0 };
  const run = replay(preset, { traffic, arrivals, requests: 40_000, warmUp: 2000 });
  const ours = portBandwidth(port, run.bytesPerSecond, burst) / 1e9;
  const label = [written, param].filter((part) => part !== "").join(" ");
  // The address rate of the port was read off the chunks of 64 bytes.
  const fitted = written === "random chunk" && Number(param) === 64;
  return [{ quantity: "bandwidth", label, ours, reference: Number(value), ...(fitted ? { fitted } : {}) }];
}

/** "sequential", "random chunk", or "stride S=4K B=32 W=8K" with its stride and window. */
function patternOf(written: string, bytes: number): Pattern {
  if (written === "sequential") return { kind: "sequential" };
  if (written === "random chunk") return { kind: "chunk", bytes };
  const [, stride = "", window = ""] = /^stride S=(\S+) B=32 W=(\S+)$/.exec(written) ?? [];
  if (stride === "") throw new RangeError(`pattern "${written}" is none of sequential, random chunk, stride`);
  return { kind: "stride", bytes: sizeOf(stride), windowBytes: sizeOf(window) };
}

const sizeOf = (text: string): number =>
  Number.parseInt(text, 10) * (text.endsWith("K") ? 2 ** 10 : text.endsWith("M") ? 2 ** 20 : 1);

function latencyOf(preset: MemoryPreset, port: Port, row: Row): readonly Comparison[] {
  const { metric = "", value = "" } = row;
  const [, state] = /^idle read latency page (hit|closed|miss)/.exec(metric) ?? [];
  if (state === undefined) return [];
  const { CL, BL, tRCDRD, tRP } = preset.timing;
  // One clock to be taken in; an activate takes two clocks on its bus.
  const clocks = state === "hit" ? 1 + CL + BL : 2 + (state === "miss" ? tRP : 0) + tRCDRD + CL + BL;
  const ours = portLatency(port, (clocks * preset.tCK) / 1e12, false) * 1e9;
  const comparison = { quantity: "latency", label: `idle, ${state}`, ours, reference: Number(value) };
  // The port's own latency was read off the hit.
  return [state === "hit" ? { ...comparison, fitted: true } : comparison];
}
