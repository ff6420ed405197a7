/**
 * A matrix engine for N:M sparse weights: each multiplier group sits behind a zero selector that picks, out of M consecutive
 * activations, those whose weights are kept. Dense products bypass the selectors.
 * Models: rows x lanes dot products at a time, output stationary; groups that step together and take as many cycles as the
 *   pattern may fill; weights whose N:M is not the engine's; unequal N among lanes (they wait for the fullest); edges in full;
 *   expansion of weights that would take longer through the selectors.
 * Ignores: conflicts of the activation buffer, the rate of the expander, what a selector's width does to the clock.
 * Source: STA (IEEE TVLSI 2022), one engine for sparse-dense and dense-dense products; NVIDIA A100 whitepaper for 2:4 tensor cores
 *   (group 4, take 2).
 */
import { z } from "zod";
import type { Amount } from "../amount.ts";
import { type Precision, precisionNames } from "../precision.ts";
import { add, type Ticks } from "../quantity.ts";
import { count, cycles } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

/** What decides the cycles of a product. */
export interface NmShape {
  /** Activation rows at a time; they share the weights. */
  readonly rows: number;
  /** Output columns at a time. */
  readonly lanes: number;
  /** Groups of the inner dimension that a lane works on at a time. */
  readonly selectors: number;
  /** The engine's own M: consecutive activations that a selector chooses from. */
  readonly group: number;
  /** Activations that a selector passes on in a cycle, each to a multiplier. */
  readonly take: number;
}

export interface NmSparseSpec extends SpecBase, NmShape {
  readonly precision: Precision;
  readonly ticksPerCycle: number;
  /** From operands to a finished sum. */
  readonly latency: { readonly bypassed: Ticks; readonly selected: Ticks };
}

/** Of each m weights along the inner dimension, n are kept: one n, or one for each output, a shorter list starting over. */
export interface NmPattern {
  readonly n: number | readonly number[];
  readonly m: number;
}

/** `count` products [rows x inner] x [inner x columns]. */
export interface NmSparseWork {
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Of the right operand; absent where both are dense. */
  readonly pattern?: NmPattern;
  /** Useful ones: kept weights only. */
  readonly macs: Amount;
}

const fields = z.strictObject({
  ...unitFields("nm-sparse"),
  precision: z.enum(precisionNames).describe("number format of its multipliers"),
  rows: count.describe("activation rows at a time"),
  lanes: count.describe("output columns at a time"),
  selectors: count.describe("groups of the inner dimension that a lane works on at a time"),
  group: count.describe("the engine's own M: consecutive activations that a selector chooses from"),
  take: count.describe("activations that a selector passes on in a cycle, each to a multiplier"),
  select: cycles.describe("latency of the zero selector"),
  multiply: cycles.describe("latency of a multiplier"),
  add: cycles.describe("latency of an adder; a lane has a tree of them and an accumulator"),
});

export const nmSparse: Component<"nm-sparse", typeof fields, NmSparseSpec, NmSparseWork> = {
  kind: "nm-sparse",
  summary: "matrix engine with zero selectors for N:M weights",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

/** Multipliers of the engine. */
export const multipliersOf = ({ rows, lanes, selectors, take }: NmShape): number =>
  rows * lanes * selectors * take;

/** Cycles of one product, without the pipeline's latency. */
export function nmSparseCycles(
  shape: NmShape,
  { rows, inner, columns, pattern }: Pick<NmSparseWork, "rows" | "inner" | "columns" | "pattern">,
): number {
  const bypassed = bypassedCycles(shape, inner, columns);
  const each =
    pattern === undefined ? bypassed : Math.min(bypassed, selectedCycles(shape, inner, columns, pattern));
  return Math.ceil(rows / shape.rows) * each;
}

/**
 * Whether the product goes through the selectors. Where choosing would take longer than multiplying the zeros too (N = M, short
 * inner dimensions, a pattern that the engine's groups do not fit), the weights are expanded and bypass them.
 */
export const isSelected = (shape: NmShape, inner: number, columns: number, pattern?: NmPattern): boolean =>
  pattern !== undefined &&
  selectedCycles(shape, inner, columns, pattern) < bypassedCycles(shape, inner, columns);

const bypassedCycles = ({ lanes, selectors, take }: NmShape, inner: number, columns: number): number =>
  Math.ceil(columns / lanes) * Math.ceil(inner / (selectors * take));

function selectedCycles(shape: NmShape, inner: number, columns: number, { n, m }: NmPattern): number {
  const { lanes } = shape;
  if (typeof n === "number") return Math.ceil(columns / lanes) * dotCycles(shape, inner, n, m);
  let cycles = 0;
  for (let first = 0; first < columns; first += lanes) {
    const last = Math.min(columns, first + lanes);
    const each = Array.from({ length: last - first }, (_, lane) => n[(first + lane) % n.length] ?? m);
    cycles += dotCycles(shape, inner, Math.max(...each), m);
  }
  return cycles;
}

/** Groups side by side step together: each chunk of them takes as long as the fullest. */
function dotCycles({ selectors, group, take }: NmShape, inner: number, n: number, m: number): number {
  let cycles = 0;
  for (let first = 0; first < inner; first += selectors * group) {
    const chunk = Math.min(inner, first + selectors * group);
    let fullest = 0;
    for (let start = first; start < chunk; start += group)
      fullest = Math.max(fullest, slotsOf(start, Math.min(chunk, start + group), inner, n, m));
    cycles += Math.ceil(fullest / take);
  }
  return cycles;
}

/** The most weights that an n:m pattern may keep among the positions from `start` to before `end`. */
function slotsOf(start: number, end: number, inner: number, n: number, m: number): number {
  let slots = 0;
  for (let first = start - (start % m); first < end; first += m) {
    const overlap = Math.min(end, first + m, inner) - Math.max(start, first);
    slots += Math.min(n, overlap);
  }
  return slots;
}

function resolve(config: z.output<typeof fields>, time: Timebase): NmSparseSpec {
  const { rows, lanes, selectors, group, take } = config;
  const shape = { rows, lanes, selectors, group, take };
  const adder = cyclesInTicks(config.add, time);
  const levels = Math.ceil(Math.log2(selectors * take)) + 1;
  const tree = Array.from({ length: levels }, () => adder);
  const bypassed = tree.reduce(add, cyclesInTicks(config.multiply, time));
  return {
    queues: [""],
    shared: false,
    precision: config.precision,
    ...shape,
    ticksPerCycle: cyclesInTicks(1, time),
    latency: { bypassed, selected: add(bypassed, cyclesInTicks(config.select, time)) },
    peak: { macs: multipliersOf(shape) * time.clock },
  };
}

function cost(spec: NmSparseSpec, work: NmSparseWork): Cost {
  const selected = isSelected(spec, work.inner, work.columns, work.pattern);
  return {
    occupancy: work.count * nmSparseCycles(spec, work) * spec.ticksPerCycle,
    latency: selected ? spec.latency.selected : spec.latency.bypassed,
    counts: { macs: work.macs, selections: selected ? work.macs : 0 },
  };
}
