/**
 * A machine: identical devices of units, as its YAML gives it and as the engine needs it.
 * Everything symbolic is resolved here, once: clocks to one tick rate, durations and rates to ticks.
 */
import { z } from "zod";
import { type Hertz, hertz, type Ticks, type Watts } from "../quantity.ts";
import { count, cycles, frequency, power } from "../schema/field.ts";
import { cyclesInTicks, tickRateOf } from "./component.ts";
import type { SustainedMemo } from "./dram/sustained.ts";
import { type ResolvedUnit, unitSchema } from "./index.ts";

export interface Hardware {
  readonly name: string;
  readonly source: string;
  /** Identical ones; unit "hbm" of device 0 is the program's "device0.hbm". */
  readonly devices: number;
  readonly clock: Hertz;
  readonly tickRate: Hertz;
  readonly sequencer: {
    /** Instructions that may wait at a unit. */
    readonly depth: number;
    /** What a dependent instruction waits besides the pipeline of the one before: decode, scoreboard, registers. */
    readonly issue: Ticks;
  };
  readonly units: Readonly<Record<string, ResolvedUnit>>;
  readonly energy: EnergySetup;
  /** What the description leaves out, or takes simpler than it is. */
  readonly notes?: readonly string[];
}

export interface EnergySetup {
  /** A technology table of configs/energy. */
  readonly table: string;
  /** Drawn by one device all the time. */
  readonly staticPower: Watts;
}

/** What a machine's YAML may say; the dataflow's own options join it where dataflows are known. */
export const hardwareFields = z.strictObject({
  name: z.string(),
  source: z.string().describe("where the machine is described"),
  notes: z
    .array(z.string())
    .optional()
    .describe("what the description leaves out, or takes simpler than it is; every report warns of it"),
  clock: frequency.describe("clock of every unit that does not name its own"),
  devices: count.describe("identical devices that share the work"),
  sequencer: z.strictObject({
    depth: count.describe("instructions that may wait at one unit"),
    issue: cycles.describe(
      "what a dependent instruction waits besides the pipeline of the one before: decode, scoreboard, registers",
    ),
  }),
  units: z
    .record(z.string(), unitSchema)
    .describe("the units of one device, by the name that the dataflow knows"),
  energy: z.strictObject({
    table: z.string().describe("a technology table of configs/energy"),
    staticPower: power.describe("drawn by one device all the time"),
  }),
});

/** @param memo walks of memories that were simulated before; what is simulated now joins them */
export function resolveHardware(
  config: z.output<typeof hardwareFields>,
  memo: SustainedMemo = new Map(),
): Hardware {
  const placed = Object.entries(config.units);
  const clocks = placed.flatMap(([, { clock }]) => (clock === undefined ? [] : [clock]));
  const tickRate = hertz(tickRateOf([config.clock, ...clocks]));
  const units = placed.map(([name, { clock = config.clock, place }]): [string, ResolvedUnit] => [
    name,
    place({ tickRate, clock }, memo),
  ]);
  return {
    name: config.name,
    source: config.source,
    devices: config.devices,
    clock: config.clock,
    tickRate,
    sequencer: {
      depth: config.sequencer.depth,
      issue: cyclesInTicks(config.sequencer.issue, { tickRate, clock: config.clock }),
    },
    units: Object.fromEntries(units),
    energy: config.energy,
    ...(config.notes === undefined ? {} : { notes: config.notes }),
  };
}
