/**
 * What a component is: the fields of its YAML, what they resolve to, and what a piece of work costs on it.
 * Specs are read-only plain data in engine ticks; costs are pure functions. Nothing here knows a dataflow.
 */
import { z } from "zod";
import { type Amount, leastCommonMultiple } from "../amount.ts";
import { add, type Bytes, type Hertz, type Seconds, type Ticks, ticks } from "../quantity.ts";
import { frequency } from "../schema/field.ts";
import type { SustainedMemo } from "./dram/sustained.ts";

export interface Component<K extends string, Fields extends z.ZodObject, Spec extends SpecBase, Work> {
  readonly kind: K;
  /** Of a kind with several models: which one it is, chosen by `model` in its YAML. */
  readonly model?: string;
  /** One line for `papillon list components`. */
  readonly summary: string;
  /** What its YAML may say; always with `kind` and `clock`. */
  readonly fields: Fields;
  readonly clock: (fields: z.output<Fields>) => Hertz | undefined;
  /** Everything symbolic (units, seconds, rates) becomes ticks and whole ratios here, once, rounded up. `memo` keeps what is costly to find out. */
  readonly resolve: (fields: z.output<Fields>, time: Timebase, memo?: SustainedMemo) => Spec;
  readonly cost: (spec: Spec, work: Work) => Cost;
}

/** The fields that every unit of a machine has. */
export const unitFields = <K extends string>(kind: K) => ({
  kind: z.literal(kind),
  clock: frequency.optional().describe("its own clock, where it differs from the machine's"),
});

/** What every spec can tell the report. */
export interface SpecBase {
  /** The queues that it offers to a program; one without a name is the unit itself. */
  readonly queues: readonly string[];
  /** The queues share a server, as loads and stores share a memory. Otherwise each works by itself. */
  readonly shared: boolean;
  /** Parts that work side by side, each with these queues of its own; where absent, it is one. */
  readonly parts?: readonly { readonly name: string }[];
  /** How much it can hold, for memories. */
  readonly capacity?: Bytes;
  /** The most it can do in a second, by the count that measures it. */
  readonly peak: Readonly<Record<string, number>>;
}

/** How long a piece of work takes its queue, how much later the result is there, and the actions that it counts. */
export interface Cost {
  readonly occupancy: Amount;
  readonly latency: Ticks;
  readonly counts: Readonly<Record<string, Amount>>;
}

/** The engine's tick rate and this component's own clock; the tick rate is a multiple of the clock. */
export interface Timebase {
  readonly tickRate: Hertz;
  readonly clock: Hertz;
}

/** Cycles of the component's own clock in ticks, rounded up when a tick is a picosecond. */
export const cyclesInTicks = (cycles: number, { tickRate, clock }: Timebase): Ticks =>
  ticks(roundUp((cycles * tickRate) / clock));

/** A duration in whole ticks, rounded up; a duration within a billionth of a whole tick is that tick. */
export const durationInTicks = (duration: Seconds, { tickRate }: Timebase): Ticks =>
  ticks(roundUp(duration * tickRate));

export const sumOfDurations = (parts: Iterable<Seconds>, time: Timebase): Ticks =>
  [...parts].map((part) => durationInTicks(part, time)).reduce(add, ticks(0));

/** The least common multiple of the clocks; above a terahertz, a tick is a picosecond. */
export function tickRateOf(clocks: readonly number[]): number {
  const picosecond = 1e12;
  const rate = clocks.reduce((multiple, clock) => leastCommonMultiple(multiple, clock), 1);
  return Math.min(rate, picosecond);
}

/** Next whole number, forgiving the last digits of binary fractions (0.1 us at 200 MHz is 20, not 20.000000000000004). */
export function roundUp(n: number): number {
  const nearest = Math.round(n);
  return Math.abs(n - nearest) <= 1e-9 * Math.max(1, Math.abs(n)) ? nearest : Math.ceil(n);
}
