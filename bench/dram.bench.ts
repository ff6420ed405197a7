/** Requests a second of the DRAM channel, on one thread: `npx tsx bench/dram.bench.ts`. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ROW_HIT_FIRST, rowHitFirstModel } from "../src/arch/dram/controller.ts";
import { type MemoryPreset, memoryPreset } from "../src/arch/dram/preset.ts";
import { type Run, replay, replayOn } from "../src/arch/dram/replay.ts";

const load = (name: string): MemoryPreset =>
  memoryPreset.parse(parse(readFileSync(new URL(`../configs/memory/${name}.yaml`, import.meta.url), "utf8")));

const run = (kind: "sequential" | "random", requests: number): Run => ({
  traffic: { pattern: { kind }, writePercent: 0 },
  arrivals: { kind: "closed", outstanding: 64 },
  requests,
  warmUp: 2000,
});

/** Best of three, in millions of requests per CPU second. */
function rate(requests: number, work: () => unknown): string {
  const rates = [1, 2, 3].map(() => {
    const before = process.cpuUsage().user;
    work();
    return requests / (process.cpuUsage().user - before);
  });
  return Math.max(...rates).toFixed(2);
}

/** The same patterns on two simulators, median of three, from test/validation/dram/speed.csv; millions per CPU second. */
function references(preset: string, pattern: string): readonly string[] {
  const rows = readFileSync(new URL("../test/validation/dram/speed.csv", import.meta.url), "utf8").split(
    "\n",
  );
  return ["Ramulator2.1", "DRAMsim3"].map((simulator) => {
    const rates = rows
      .map((row) => row.split(","))
      .filter((row) => row[0] === simulator && row[1] === preset && row[2] === pattern)
      .map((row) => Number(row[8]) / 1e6)
      .toSorted((a, b) => a - b);
    return (rates[1] ?? Number.NaN).toFixed(2);
  });
}

const PRESETS = [
  ["hbm2-1800-u280", "HBM2_U280"],
  ["ddr4-3200", "DDR4_3200"],
] as const;

console.log("million requests per CPU second    ours  every command  Ramulator 2.1  DRAMsim3");
for (const [name, reference] of PRESETS) {
  const preset = load(name);
  const model = rowHitFirstModel(ROW_HIT_FIRST);
  const long = 300_000_000;
  const short = 3_000_000;
  const rows = [
    [
      "seq",
      rate(long, () => replay(preset, run("sequential", long))),
      rate(short, () => replayOn(model, preset, run("sequential", short))),
    ],
    [
      "rand",
      rate(short, () => replay(preset, run("random", short))),
      rate(short, () => replayOn(model, preset, run("random", short))),
    ],
  ] as const;
  for (const [pattern, ours, plain] of rows) {
    const [ramulator = "", dramsim = ""] = references(reference, pattern);
    console.log(
      `${`${name} ${pattern}`.padEnd(32)}${ours.padStart(7)}${plain.padStart(15)}${ramulator.padStart(15)}${dramsim.padStart(10)}`,
    );
  }
}
