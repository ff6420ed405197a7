/** The totals of a run, from its end and from what was done: all that a comparison of thousands of designs needs. */
import type { Hardware } from "../arch/hardware.ts";
import { countWorkload } from "../workload/count.ts";
import { tokensOf, type Workload } from "../workload/graph.ts";
import { peakActivationBytes } from "../workload/liveness.ts";
import type { Totals } from "./report.ts";

/** Actions by name, "hbm.readBytes", all devices together. */
export type Counts = ReadonlyMap<string, number>;

export interface Whole {
  readonly hardware: Hardware;
  readonly workload: Workload;
  readonly counts: Counts;
  /** In ticks. */
  readonly finish: number;
  readonly energyJoules: number;
  /** Of the workload, for who has them. */
  readonly sizes?: Sizes;
}

export type Sizes = Pick<Totals, "parameters" | "parameterBytes" | "peakActivationBytes">;

/** What the workload alone tells. */
export function sizesOf(workload: Workload): Sizes {
  const { parameters, parameterBytes } = countWorkload(workload);
  return { parameters, parameterBytes, peakActivationBytes: peakActivationBytes(workload) };
}

export function totalsOf({
  hardware,
  workload,
  counts,
  finish,
  energyJoules,
  sizes = sizesOf(workload),
}: Whole): Totals {
  const latencySeconds = finish / hardware.tickRate;
  const { input, output } = tokensOf(workload);
  const macs = macsIn(counts);
  const { parameters, parameterBytes, peakActivationBytes } = sizes;
  return {
    latencySeconds,
    latencyCycles: (finish * hardware.clock) / hardware.tickRate,
    tokens: { input, output },
    tokensPerSecond: (output > 0 ? output : input) / latencySeconds,
    ...(workload.task.kind === "inference"
      ? { inferencesPerSecond: workload.task.batch / latencySeconds }
      : {}),
    energyJoules,
    energyPerTokenJoules: energyJoules / (input + output),
    averagePowerWatts: energyJoules / latencySeconds,
    macs,
    macsPerSecond: macs / latencySeconds,
    utilization: utilizations(hardware, counts, latencySeconds),
    parameters,
    parameterBytes,
    peakActivationBytes,
  };
}

export function macsIn(counts: Counts): number {
  let sum = 0;
  for (const [name, amount] of counts) if (name.endsWith(".macs")) sum += amount;
  return sum;
}

/** Bytes by memory or link. */
export function bytesIn(counts: Counts): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, amount] of counts) {
    if (!/^[^.]*\.[^.]*bytes(\.|$)/i.test(name)) continue;
    const unit = name.slice(0, name.indexOf("."));
    sums[unit] = (sums[unit] ?? 0) + amount;
  }
  return sums;
}

/** Share of each unit's peak that was used, all devices together; of a unit with several peaks the nearest. */
function utilizations(hardware: Hardware, whole: Counts, seconds: number): Readonly<Record<string, number>> {
  const bytes = bytesIn(whole);
  const shares = Object.entries(hardware.units).flatMap(([name, { spec }]): readonly [string, number][] => {
    const used = Object.entries(spec.peak).map(([of, peak]) => {
      const done = of === "bytes" ? (bytes[name] ?? 0) : doneBy(whole, name, of);
      return done / (peak * hardware.devices * seconds);
    });
    return used.length === 0 ? [] : [[name, Math.max(...used)]];
  });
  return Object.fromEntries(shares);
}

/** Of a unit that tells number formats apart, in all of them. */
const doneBy = (counts: Counts, unit: string, of: string): number =>
  [...counts].reduce(
    (sum, [name, amount]) => (name.startsWith(`${unit}.`) && name.endsWith(`.${of}`) ? sum + amount : sum),
    0,
  );
