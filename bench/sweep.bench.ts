/**
 * Sweeps of DFX designs (tile, lanes, channels, cards, context) by the built command, on one worker and on two by turns: designs a second,
 * CPU time, the most memory at a time, each the median of three for up to 15,000 designs and of one run for more, and how much faster two are. Run:
 * node --import tsx bench/sweep.bench.ts [designs ..]. Reads /proc, so it needs Linux.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "papillon-bench-"));
const machine = {
  "hardware.units.matrix.width": { from: 8, to: 256, factor: 2 },
  "hardware.units.matrix.lanes": { from: 4, to: 64, factor: 2 },
  "hardware.units.hbm.channels": [4, 8, 16, 24, 32],
  "hardware.devices": [1, 2, 4],
};
const machines = 6 * 5 * 5 * 3;

/** @returns the file of a space of so many contexts on each machine */
function spaceOf(contexts: number): string {
  const file = join(folder, `space-${contexts}.yaml`);
  const product = { ...machine, "workload.inputTokens": { from: 32, to: 31 + contexts, by: 1 } };
  const space = {
    name: "bench",
    title: "Designs of a DFX appliance",
    source: "a benchmark",
    hardware: "dfx-u280",
    workload: "gpt2-medium",
    set: { "workload.outputTokens": 32 },
    sweep: { product, minimize: ["latencySeconds", "energyJoules"] },
  };
  writeFileSync(file, JSON.stringify(space));
  return file;
}

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

async function sweep(file: string, workers: number): Promise<Cost> {
  const out = join(folder, "out");
  const args = ["dist/cli.js", "sweep", file, "-o", out, "--workers", String(workers)];
  const begun = performance.now();
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  let last: Omit<Cost, "seconds"> = { cpuSeconds: 0, peakMegabytes: 0 };
  const watch = setInterval(() => {
    last = costSoFar(child) ?? last;
  }, 20);
  const [status] = await once(child, "exit");
  clearInterval(watch);
  rmSync(out, { recursive: true });
  if (status !== 0) throw new Error(`the sweep ended with status ${status}`);
  return { ...last, seconds: (performance.now() - begun) / 1000 };
}

/** Undefined once the process has ended. */
function costSoFar({ pid }: ChildProcess): Omit<Cost, "seconds"> | undefined {
  try {
    const [, peak = ""] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Fields 14 and 15 of the line, in hundredths of a second.
    const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / 100;
    return peak === "" ? undefined : { cpuSeconds, peakMegabytes: Number(peak) / 1000 };
  } catch {
    return undefined;
  }
}

/** A sweep of more designs is measured once: it is long enough. */
const roundsOf = (designs: number): number => (designs > 15_000 ? 1 : 3);
const crews = [1, 2];
const asked = process.argv.slice(2).map(Number);
console.log("designs   workers   seconds   designs/s   CPU ms a design   peak MB");
for (const wanted of asked.length === 0 ? [10_000, 30_000, 100_000] : asked) {
  const contexts = Math.ceil(wanted / machines);
  const designs = contexts * machines;
  const file = spaceOf(contexts);
  const costs: Cost[][] = crews.map(() => []);
  for (let round = 0; round < roundsOf(designs); round++)
    for (const [crew, workers] of crews.entries()) costs[crew]?.push(await sweep(file, workers));
  const seconds = costs.map((each) => median(each.map((cost) => cost.seconds)));
  for (const [crew, workers] of crews.entries()) {
    const of = (value: (cost: Cost) => number): number => median((costs[crew] ?? []).map(value));
    const cells = [
      String(designs).padStart(7),
      String(workers).padStart(10),
      of((cost) => cost.seconds)
        .toFixed(1)
        .padStart(10),
      (designs / of((cost) => cost.seconds)).toFixed(0).padStart(12),
      ((1000 * of((cost) => cost.cpuSeconds)) / designs).toFixed(2).padStart(18),
      of((cost) => cost.peakMegabytes)
        .toFixed(0)
        .padStart(10),
    ];
    console.log(cells.join(""));
  }
  const [one = 0, two = 1] = seconds;
  console.log(`two workers are ${(one / two).toFixed(2)} times as fast as one`);
}
rmSync(folder, { recursive: true });

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
