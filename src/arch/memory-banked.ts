/**
 * A memory down to its banks: a channel is simulated command by command once for each walk that the YAML names, when the
 * machine is resolved; a run then takes each walk's rate, latency and activates as numbers. Kinds `hbm` and `ddr`.
 * Models: rows, banks, refresh and scheduling of a channel (src/arch/dram); interleaving and placement over channels; the port's
 *   width, clock and address rate; the way across a switch; energy by command.
 * Ignores: how walks over the same channels disturb each other's rows while both run (they share the channels' time); start and end
 *   of a transfer beyond its latency.
 * Source: the preset's data sheet; Shuhai (FCCM 2020) and AMD's tutorial on HBM bandwidth for port and switch.
 */
import { z } from "zod";
import { ratio } from "../amount.ts";
import { seconds, watts } from "../quantity.ts";
import { capacity, count, duration, fraction, frequency, width } from "../schema/field.ts";
import { type Component, sumOfDurations, type Timebase, unitFields } from "./component.ts";
import { commandEnergy } from "./dram/energy.ts";
import { type Port, portBandwidth, portLatency } from "./dram/port.ts";
import { peakBytesPerSecond } from "./dram/preset.ts";
import { type SustainedMemo, sustained } from "./dram/sustained.ts";
import { seenByChannel } from "./memory-layout.ts";
import { partsOf } from "./memory-part.ts";
import { placementProblems, textOf, type WalkFields, walkFields } from "./memory-placement.ts";
import { soundPreset } from "./memory-preset.ts";
import {
  type MemoryEnergy,
  type MemorySpec,
  type MemoryWork,
  memoryCost,
  type Walk,
  walkAction,
} from "./memory-walk.ts";

const preset = soundPreset.meta({
  id: "memoryPreset",
  description: "a memory standard: the name of one in configs/memory, the path of a file, or its content",
  includable: true,
});

const port = z.strictObject({
  width: width.describe("data width of one channel's port, at the unit's clock"),
  addresses: frequency.describe("bursts with unrelated addresses that a port starts a second, at most"),
  latency: duration.describe("from the port to the channel's controller and back"),
  switch: z
    .strictObject({
      latency: duration.describe("what the switch adds to any access through it"),
      farthest: duration.describe("what the way to the farthest channel adds to that"),
    })
    .optional()
    .describe("between ports and channels, for walks that cross it"),
});

const fieldsOf = <K extends string>(kind: K) =>
  z
    .strictObject({
      ...unitFields(kind),
      model: z.literal("banked").describe("down to its banks, by its data sheet"),
      preset,
      channels: count.describe("channels that work in parallel"),
      interleave: capacity.describe("bytes after which addresses go on in the next channel"),
      capacity,
      granule: capacity.describe("the least that one access moves"),
      outstanding: count.describe("reads in flight in one channel, at most"),
      port: port
        .optional()
        .describe("of one channel; where absent, that of the preset, or none: then the pins are the limit"),
      efficiency: z
        .record(z.string(), fraction)
        .describe(
          "shares of the port's rate that remain after each named loss outside the memory; they multiply",
        ),
      latency: z
        .record(z.string(), duration)
        .describe("named parts of the time from request to data, besides port and channel; they add up"),
      walks: z
        .record(z.string(), walkFields)
        .describe(
          "how traffic goes through the memory, by the names that the dataflow gives it; `other` is for the rest",
        ),
    })
    .superRefine((fields, context) => {
      for (const { path, expected, found } of placementProblems(fields))
        context.addIssue({ code: "custom", path: [...path], message: expected, params: { found } });
    });

type Fields<K extends string> = ReturnType<typeof fieldsOf<K>>;
type Config = z.output<Fields<string>>;

const component = <K extends string>(
  kind: K,
  summary: string,
): Component<K, Fields<K>, MemorySpec, MemoryWork> => ({
  kind,
  model: "banked",
  summary,
  fields: fieldsOf(kind),
  clock: ({ clock }) => clock,
  resolve,
  cost: memoryCost,
});

export const hbmBanked = component("hbm", "high-bandwidth memory down to its banks");
export const ddrBanked = component("ddr", "DDR memory down to its banks");

function resolve(config: Config, time: Timebase, memo: SustainedMemo = new Map()): MemorySpec {
  const walks = Object.entries(config.walks).map(([name, walk]): [string, Walk] => [
    name,
    walkOn(config, time, memo, name, walk),
  ]);
  const { other, ...named } = Object.fromEntries(walks);
  if (other === undefined) throw new Error("a banked memory needs the walk other: its schema asks for it");
  const port = portOf(config, time);
  const parts = partsOf(
    config.channels,
    walks.map(([, walk]) => walk),
  );
  return {
    queues: ["read", "write"],
    shared: true,
    ...(parts.length > 1 ? { parts } : {}),
    capacity: config.capacity,
    granule: config.granule,
    channels: config.channels,
    walks: { ...named, other },
    energy: energyOf(config),
    peak: {
      bytes:
        config.channels * portBandwidth(port, peakBytesPerSecond(config.preset), Number.POSITIVE_INFINITY),
    },
  };
}

/** Simulates one channel's part of a walk; all channels of a walk do alike. */
function walkOn(config: Config, time: Timebase, memo: SustainedMemo, name: string, walk: WalkFields): Walk {
  const { preset, channels: all, interleave, granule, outstanding, efficiency } = config;
  const { over = all, first = 0, writes = 0, crosses } = walk;
  const transaction = preset.organization.transactionBytes;
  const view = seenByChannel(walk, { channels: over, interleave, granule, transaction });
  const channel = sustained(preset, { pattern: view.pattern, writePercent: 100 * writes }, memo, outstanding);
  const kept = Object.values(efficiency).reduce((product, factor) => product * factor, 1);
  const port = portOf(config, time);
  const lossy = { ...port, bytesPerClock: kept * port.bytesPerClock };
  const rate = portBandwidth(lossy, channel.bytesPerSecond, view.burst);
  const away = portLatency(port, channel.idleLatencySeconds, crosses !== undefined, crosses);
  return {
    pattern: textOf(walk),
    channels: view.channels.map((index) => first + index),
    ticksPerBytes: ratio(time.tickRate, rounded(rate * view.channels.length)),
    latency: sumOfDurations([seconds(away), ...Object.values(config.latency)], time),
    also: { activates: countPerBytes(channel.perByte.activates), [walkAction(name)]: [1, 1] },
  };
}

/** Of a channel, as its YAML or its preset has it; without any, the pins are all there is between the master and the controller. */
function portOf({ port, preset }: Config, { clock }: Timebase): Port {
  if (port !== undefined)
    return {
      clock,
      bytesPerClock: port.width / 8,
      latencySeconds: port.latency,
      switchClocks: (port.switch?.latency ?? 0) * clock,
      farthestClocks: (port.switch?.farthest ?? 0) * clock,
      addressesPerSecond: port.addresses,
    };
  return (
    preset.port ?? {
      clock: 1e12 / preset.tCK,
      bytesPerClock: (peakBytesPerSecond(preset) * preset.tCK) / 1e12,
      latencySeconds: 0,
      switchClocks: 0,
      farthestClocks: 0,
      addressesPerSecond: Number.POSITIVE_INFINITY,
    }
  );
}

/** To five digits, rounded down, so that products of ticks and bytes stay whole and exact. */
function rounded(bytesPerSecond: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(bytesPerSecond)) - 4);
  return step * Math.floor(bytesPerSecond / step);
}

/** Rounded up in the eighth digit behind the point. */
const countPerBytes = (perByte: number): readonly [count: number, bytes: number] =>
  ratio(Math.ceil(1e8 * perByte), 1e8);

/** What commands take, by the preset's own figures; read and write with their share of the pins. */
function energyOf({ preset, channels, walks }: Config): MemoryEnergy {
  // The bytes of a walk are priced as bytes.
  const walked = Object.keys(walks).map((name): [string, number] => [walkAction(name), 0]);
  const each = commandEnergy(preset);
  if (each === undefined) return { actions: Object.fromEntries(walked), background: watts(0) };
  const { tCK, timing, organization } = preset;
  const picojoule = 1e-12;
  const perByte = picojoule / organization.transactionBytes;
  // pJ a clock of so many ps. Rows stay open until a refresh closes them.
  const rank = each.openClock / tCK + each.refresh / (timing.tREFI * tCK);
  return {
    actions: {
      ...Object.fromEntries(walked),
      readBytes: (each.read + each.pins) * perByte,
      writeBytes: (each.write + each.pins) * perByte,
      activates: each.activate * picojoule,
    },
    background: watts(channels * organization.ranks * rank),
  };
}
