/**
 * Replays a standard traffic pattern on a memory preset.
 * Models: a closed loop (at most one new request a clock, in order, a bound on reads in flight), a load (random arrivals)
 * and an idle probe (one request at a time, with gaps); one channel or several.
 * Ignores: the way from the master to the controller; see port.ts.
 * Source: the front end of the reference runs (test/validation/dram/README.md).
 */
import {
  BANK_QUEUES,
  bankQueuesModel,
  type ControllerModel,
  type ControllerState,
  ROW_HIT_FIRST,
  rowHitFirstModel,
} from "./controller.ts";
import { type Cycle, cycleFinder, type Standing } from "./cycle.ts";
import { closedTicks, device } from "./device.ts";
import { type Driven, drive } from "./drive.ts";
import { driveChannels } from "./drive-channels.ts";
import { mapping } from "./mapping.ts";
import { channelBytes } from "./organization.ts";
import type { MemoryPreset } from "./preset.ts";
import { ADDRESS_SEED, ARRIVAL_SEED, below, sequence, type Traffic, xorshift32 } from "./sequence.ts";
import { resolveTiming, type Timing } from "./timing.ts";

export type Arrivals =
  | { readonly kind: "closed"; readonly outstanding: number }
  /** Random arrivals at this share of the peak; what arrives while one waits is lost. */
  | { readonly kind: "load"; readonly load: number; readonly outstanding: number }
  /** One at a time; from one to the next `gap` clocks and a random part of up to `jitter`. */
  | { readonly kind: "idle"; readonly gap: number; readonly jitter: number };

export interface Run {
  readonly traffic: Traffic;
  readonly arrivals: Arrivals;
  /** Counted requests, and those that go before them uncounted. */
  readonly requests: number;
  readonly warmUp: number;
  /** Order string; the preset's where absent. */
  readonly mapping?: string;
  readonly channels?: number;
  /** New requests a clock, over all channels. */
  readonly perClock?: number;
}

export interface Replay {
  /** Clocks of the counted requests, and of all. */
  readonly cycles: number;
  readonly totalCycles: number;
  readonly bytesPerSecond: number;
  /** Share of the peak of all channels. */
  readonly efficiency: number;
  /** Mean clocks from a read's acceptance to its last data; 0 without reads. */
  readonly readLatencyCycles: number;
  /** Of the whole run, warm-up and all channels included. */
  readonly counts: CommandCounts;
  /** Clocks of all ranks together, and those of them without an open row. */
  readonly rankClocks: number;
  readonly closedClocks: number;
  readonly rows: { readonly hits: number; readonly misses: number; readonly conflicts: number };
}

export interface CommandCounts {
  readonly activates: number;
  readonly reads: number;
  readonly writes: number;
  readonly refreshes: number;
}

/** @throws RangeError when the mapping does not cover the address */
export function replay(preset: MemoryPreset, run: Run): Replay {
  if (preset.controller === "bank-queues") return replayOn(bankQueuesModel(BANK_QUEUES), preset, run);
  const { queues } = preset;
  const model = rowHitFirstModel(
    queues === undefined
      ? ROW_HIT_FIRST
      : { ...ROW_HIT_FIRST, readEntries: queues.read, writeEntries: queues.write },
  );
  if (!repeats(run)) return replayOn(model, preset, run);
  const order = mapping(run.mapping ?? preset.mapping, preset.organization);
  return replayOn(
    model,
    preset,
    run,
    cycleFinder(order, channelBytes(preset) / preset.organization.transactionBytes),
  );
}

/** One sequential stream of reads, or of writes, in a closed loop on one channel. */
const repeats = ({ traffic, arrivals, channels = 1 }: Run): boolean =>
  traffic.pattern.kind === "sequential" &&
  traffic.writePercent % 100 === 0 &&
  arrivals.kind === "closed" &&
  channels === 1;

/** As `replay`, on a controller with settings of one's own. */
export function replayOn<S extends ControllerState>(
  model: ControllerModel<S>,
  preset: MemoryPreset,
  run: Run,
  findCycle?: (state: S, standing: Standing) => Cycle | undefined,
): Replay {
  const timing = resolveTiming(preset);
  const { organization } = preset;
  const count = run.channels ?? 1;
  const channels = Array.from({ length: count }, () => model.create(device(timing, organization)));
  const space = { ...organization, bytes: count * channelBytes(preset) };
  const { arrivals } = run;
  const shared = {
    model,
    mapping: mapping(run.mapping ?? preset.mapping, organization, count),
    next: sequence(run.traffic, space, xorshift32(ADDRESS_SEED)),
    total: run.requests + run.warmUp,
    warmUp: run.warmUp,
    outstanding: arrivals.kind === "idle" ? 1 : arrivals.outstanding,
    ticksPerClock: timing.ticksPerClock,
  };
  const [state] = channels;
  if (state === undefined || (count > 1 && arrivals.kind !== "closed"))
    throw new RangeError("several channels are driven in a closed loop only");
  const driven =
    count > 1
      ? driveChannels({ ...shared, channels, perClock: run.perClock ?? 1 })
      : drive({
          ...shared,
          state,
          gap: gaps(arrivals, preset.timing.BL),
          waits: arrivals.kind === "idle",
          findCycle,
        });
  return result(preset, timing, run, driven, channels);
}

/** Draws the clocks from one request to the next. */
function gaps(arrivals: Arrivals, burst: number): () => number {
  if (arrivals.kind === "closed") return () => 1;
  const random = xorshift32(ARRIVAL_SEED);
  if (arrivals.kind === "idle") return () => arrivals.gap + below(random, arrivals.jitter);
  const perMille = halfToEven((1000 * arrivals.load) / burst);
  if (perMille < 1) throw new RangeError(`a load of ${arrivals.load} is less than a request in 1000 clocks`);
  return () => {
    let clocks = 1;
    while (below(random, 1000) >= perMille) clocks += 1;
    return clocks;
  };
}

/** The reference runs round the arrival rate this way, to whole requests in a thousand clocks. */
function halfToEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

function result(
  preset: MemoryPreset,
  timing: Timing,
  run: Run,
  driven: Driven,
  channels: readonly ControllerState[],
): Replay {
  const cycles = (driven.end - driven.start) / timing.ticksPerClock;
  const times = driven.skipped?.times ?? 0;
  const cycle = driven.skipped?.cycle;
  const sum = (pick: (state: ControllerState) => number, skipped = 0): number =>
    channels.reduce((total, state) => total + pick(state), times * skipped);
  const reading = run.traffic.writePercent === 0;
  return {
    cycles,
    totalCycles: driven.end / timing.ticksPerClock,
    bytesPerSecond: (run.requests * preset.organization.transactionBytes * 1e12) / (cycles * preset.tCK),
    efficiency: (run.requests * preset.timing.BL) / (cycles * channels.length),
    readLatencyCycles: driven.reads === 0 ? 0 : driven.readTicks / driven.reads / timing.ticksPerClock,
    counts: {
      activates: sum(({ device: d }) => d.activates, cycle?.activates),
      reads: sum(({ device: d }) => d.reads, reading ? cycle?.requests : 0),
      writes: sum(({ device: d }) => d.writes, reading ? 0 : cycle?.requests),
      refreshes: sum(({ device: d }) => d.refreshes, cycle?.refreshes),
    },
    rankClocks: (driven.end / timing.ticksPerClock) * preset.organization.ranks * channels.length,
    closedClocks:
      sum(({ device: d }) => closedTicks(d, driven.end - times * (cycle?.ticks ?? 0)), cycle?.closedTicks) /
      timing.ticksPerClock,
    rows: {
      hits: sum(({ flow }) => flow.hits, cycle?.hits),
      misses: sum(({ flow }) => flow.misses, cycle?.misses),
      conflicts: sum(({ flow }) => flow.conflicts, cycle?.conflicts),
    },
  };
}
