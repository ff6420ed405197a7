/**
 * A memory by its rate: channels x width x clock, less named losses, plus named latencies. Kinds `hbm` and `ddr`.
 * Models: sustained rate, latency, access granularity, capacity; loads and stores share the channels.
 * Ignores: banks, rows and refresh as events, and which channel an address falls in (see memory-banked.ts).
 * Source: products of data-sheet numbers; the losses come from measurements named in the hardware's YAML.
 */
import { z } from "zod";
import { ratio } from "../amount.ts";
import { capacity, count, duration, fraction, width } from "../schema/field.ts";
import { type Component, sumOfDurations, type Timebase, unitFields } from "./component.ts";
import { type MemorySpec, type MemoryWork, memoryCost } from "./memory-walk.ts";

export type { MemorySpec, MemoryWork } from "./memory-walk.ts";

const fieldsOf = <K extends string>(kind: K) =>
  z.strictObject({
    ...unitFields(kind),
    model: z.literal("rate").optional().describe("by its rate; the model where none is named"),
    channels: count.describe("channels that work in parallel, data spread evenly over them"),
    width: width.describe("data width of one channel's port"),
    transfersPerCycle: count.describe("1, or 2 for a double data rate port"),
    capacity,
    granule: capacity.describe("the least that one access moves"),
    efficiency: z
      .record(z.string(), fraction)
      .describe("shares of the port's rate that remain after each named loss; they multiply"),
    latency: z
      .record(z.string(), duration)
      .describe("named parts of the time from request to first data; they add up"),
  });

type Fields<K extends string> = ReturnType<typeof fieldsOf<K>>;

const component = <K extends string>(
  kind: K,
  summary: string,
): Component<K, Fields<K>, MemorySpec, MemoryWork> => ({
  kind,
  model: "rate",
  summary,
  fields: fieldsOf(kind),
  clock: ({ clock }) => clock,
  resolve,
  cost: memoryCost,
});

export const hbm = component("hbm", "high-bandwidth memory by its rate");
export const ddr = component("ddr", "DDR memory by its rate");

function resolve(config: z.output<Fields<string>>, time: Timebase): MemorySpec {
  const portRate = (config.channels * config.width * config.transfersPerCycle * time.clock) / 8;
  const share = Object.values(config.efficiency).reduce((product, factor) => product * factor, 1);
  return {
    queues: ["read", "write"],
    shared: true,
    capacity: config.capacity,
    granule: config.granule,
    channels: config.channels,
    walks: {
      other: {
        pattern: "spread evenly",
        channels: Array.from({ length: config.channels }, (_, channel) => channel),
        ticksPerBytes: ratio(time.tickRate, Math.round(portRate * share)),
        latency: sumOfDurations(Object.values(config.latency), time),
        also: {},
      },
    },
    peak: { bytes: portRate },
  };
}
