/**
 * What a transfer gets out of a channel: its walk is simulated once, for a window, and remembered.
 * Models: sustained rate, latency of the first word, commands and energy per byte of a steady walk.
 * Ignores: how a transfer starts and ends beyond its first word; what other transfers do to it (walk both as streams).
 * Source: the command-level channel (replay.ts).
 */
import { commandEnergy, dramEnergy } from "./energy.ts";
import type { MemoryPreset } from "./preset.ts";
import { type Replay, replay } from "./replay.ts";
import type { Traffic } from "./sequence.ts";

export interface Sustained {
  readonly bytesPerSecond: number;
  /** Share of the peak. */
  readonly efficiency: number;
  /** From a request on an idle, closed bank to its last data. */
  readonly firstWordSeconds: number;
  /** Mean over the window, queueing included; 0 for writes. */
  readonly readLatencySeconds: number;
  /** Mean of single reads on the same walk, each when no other request waits; rows, refreshes and all. */
  readonly idleLatencySeconds: number;
  readonly perByte: {
    readonly activates: number;
    readonly reads: number;
    readonly writes: number;
    readonly refreshes: number;
  };
  /** Joules a byte, background included; absent where the preset has no energy figures. */
  readonly joulesPerByte: number | undefined;
}

/** Answers by signature. The caller owns it; a plain map. */
export type SustainedMemo = Map<string, Sustained>;

/** Enough refresh intervals and row turns that the window's ends show in the third digit at most. */
const WINDOW = { requests: 10_000, warmUp: 1_000 };
const PROBES = { requests: 300, warmUp: 20 };

/**
 * @param outstanding reads in flight, at most
 * @throws RangeError when the mapping does not cover the address
 */
export function sustained(
  preset: MemoryPreset,
  traffic: Traffic,
  memo: SustainedMemo,
  outstanding = 64,
): Sustained {
  const signature = JSON.stringify([preset, traffic, outstanding]);
  const known = memo.get(signature);
  if (known !== undefined) return known;
  const answer = measure(preset, traffic, outstanding);
  memo.set(signature, answer);
  return answer;
}

function measure(preset: MemoryPreset, traffic: Traffic, outstanding: number): Sustained {
  const arrivals = { kind: "closed", outstanding } as const;
  const run = replay(preset, { traffic, arrivals, ...WINDOW });
  const first = replay(preset, {
    traffic: { pattern: { kind: "sequential" }, writePercent: 0 },
    arrivals,
    requests: 1,
    warmUp: 0,
  });
  const idle = replay(preset, {
    traffic: { ...traffic, writePercent: 0 },
    arrivals: { kind: "idle", gap: 150, jitter: 97 },
    ...PROBES,
  });
  const clock = preset.tCK / 1e12;
  const bytes = (run.counts.reads + run.counts.writes) * preset.organization.transactionBytes;
  return {
    bytesPerSecond: run.bytesPerSecond,
    efficiency: run.efficiency,
    firstWordSeconds: first.readLatencyCycles * clock,
    readLatencySeconds: run.readLatencyCycles * clock,
    idleLatencySeconds: idle.readLatencyCycles * clock,
    perByte: {
      activates: run.counts.activates / bytes,
      reads: run.counts.reads / bytes,
      writes: run.counts.writes / bytes,
      refreshes: run.counts.refreshes / bytes,
    },
    joulesPerByte: joulesPerByte(preset, run, bytes),
  };
}

function joulesPerByte(preset: MemoryPreset, run: Replay, bytes: number): number | undefined {
  const each = commandEnergy(preset);
  if (each === undefined) return undefined;
  return dramEnergy(each, run.counts, run.rankClocks, run.closedClocks).total / bytes / 1e12;
}
