/**
 * On-chip memory: a scratchpad or a register file, by its ports.
 * Models: bytes a cycle through its port or through a port for each direction, access latency, capacity.
 * Ignores: banks and their conflicts.
 * Source: the definition of a synchronous SRAM with one port, and of one with a read and a write port.
 */
import { z } from "zod";
import { type Amount, scaled } from "../amount.ts";
import type { Bytes, Ticks } from "../quantity.ts";
import { capacity, cycles, width } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface ScratchpadSpec extends SpecBase {
  readonly capacity: Bytes;
  readonly bytesPerCycle: number;
  readonly ticksPerCycle: number;
  readonly latency: Ticks;
}

export interface ScratchpadWork {
  readonly direction: "read" | "write";
  readonly bytes: Amount;
}

const fields = z.strictObject({
  ...unitFields("scratchpad"),
  capacity,
  width: width.describe("port width: moved each cycle"),
  ports: z
    .enum(["shared", "separate"])
    .optional()
    .describe("separate: one for reads and one for writes, as a double buffer has; without it one is shared"),
  latency: cycles.describe("from address to data"),
});

export const scratchpad: Component<"scratchpad", typeof fields, ScratchpadSpec, ScratchpadWork> = {
  kind: "scratchpad",
  summary: "on-chip memory by its port",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

function resolve(config: z.output<typeof fields>, time: Timebase): ScratchpadSpec {
  const bytesPerSecond = (config.width / 8) * time.clock;
  const separate = config.ports === "separate";
  return {
    queues: ["read", "write"],
    shared: !separate,
    capacity: config.capacity,
    bytesPerCycle: config.width / 8,
    ticksPerCycle: cyclesInTicks(1, time),
    latency: cyclesInTicks(config.latency, time),
    peak: separate ? { readBytes: bytesPerSecond, writeBytes: bytesPerSecond } : { bytes: bytesPerSecond },
  };
}

function cost(spec: ScratchpadSpec, { direction, bytes }: ScratchpadWork): Cost {
  return {
    occupancy: scaled(bytes, spec.ticksPerCycle, spec.bytesPerCycle),
    latency: spec.latency,
    counts: { [`${direction}Bytes`]: bytes },
  };
}
