/**
 * How full the memories are: the levels that `holds` makes, in program order. A task's amount counts from its place on,
 * whether it is taken (positive) or given back (negative); so this is the capacity that issue in program order needs.
 *
 * Repeats are folded in closed form. A body that adds s with a peak of p, n times over, has its peak in the first or in the
 * last iteration. Where amounts grow with the loop, one growth period is folded with amounts affine in the period's index
 * j; every level is then a quadratic polynomial in j with a known largest value. Only a growing loop inside another
 * growing one is walked iteration by iteration.
 */
import { leastCommonMultiple } from "../amount.ts";
import type { Amount, Growing, Item, Program, Repeat, Task } from "../program.ts";
import { type Bytes, bytes, type Ticks } from "../quantity.ts";
import { growing, growthIn, growthPeriod } from "./amount.ts";
import { item } from "./cells.ts";
import { constant, type Polynomial, plus, safeUntil, scaled, valueAt, zero } from "./polynomial.ts";
import { scan } from "./scan.ts";

export interface MemoryUse {
  readonly memory: string;
  readonly peak: Bytes;
  /** One point for each item of the program's body, in order. */
  readonly profile: readonly {
    /** The run's mark after this item. */
    readonly at: Ticks;
    /** The level after it, and the highest level in it. */
    readonly bytes: Bytes;
    readonly peak: Bytes;
  }[];
}

/**
 * @param marks of the run, see Stats
 * @throws Error when a memory is given back more than it holds, or a level passes 2^53
 */
export function capacity(program: Program, marks: readonly Ticks[]): readonly MemoryUse[] {
  const { places } = scan(program);
  const memories = new Set(places.flatMap(({ task }) => Object.keys(task.holds ?? {})));
  return [...memories].map((memory) => {
    let level = 0;
    const profile = program.body.map((part, phase) => {
      const { sum, levels } = fold(holdersOf([part], memory), memory, new Map());
      const peak = levels.reduce((most, { v }) => Math.max(most, level + v), level);
      level += sum.v;
      if (level < 0)
        throw new Error(
          `memory "${memory}" is given back ${-level} bytes more than it held, by item ${phase}`,
        );
      return { at: item(marks, phase), bytes: bytes(level), peak: bytes(peak) };
    });
    return { memory, peak: bytes(profile.reduce((most, { peak }) => Math.max(most, peak), 0)), profile };
  });
}

/** What one execution adds, and the levels that it may have its peak at, all relative to its begin. */
interface Fold {
  readonly sum: Polynomial;
  readonly levels: readonly Polynomial[];
}

/** The present iteration of each loop that is walked, or how one that is folded goes on with j. */
type Iterations = ReadonlyMap<string, { readonly first: number; readonly period: number }>;

function fold(items: readonly Item[], memory: string, iterations: Iterations): Fold {
  let sum = zero;
  const levels: Polynomial[] = [];
  for (const part of items) {
    const inner =
      part.kind === "task"
        ? held(part.holds?.[memory] ?? 0, iterations)
        : foldRepeat(part, memory, iterations);
    for (const level of inner.levels) levels.push(plus(sum, level));
    sum = plus(sum, inner.sum);
  }
  return { sum, levels };
}

function held(amount: Amount, iterations: Iterations): Fold {
  const sum = typeof amount === "number" ? constant(amount) : grown(amount, iterations);
  return { sum, levels: [sum] };
}

function grown(amount: Growing, iterations: Iterations): Polynomial {
  if (amount.step === 0) return constant(growing(amount, 0));
  const iteration = iterations.get(amount.loop);
  if (iteration === undefined) throw new Error(`loop "${amount.loop}" is not walked`);
  const { first, period } = iteration;
  return { v: growing(amount, first), d: growthIn(amount, period), q: 0 };
}

function foldRepeat(loop: Repeat, memory: string, iterations: Iterations): Fold {
  if (loop.times === 0) return { sum: zero, levels: [] };
  const amounts = growingWith(loop, memory);
  if (amounts.length > 0) return foldGrowing(loop, memory, iterations, amounts);
  const { sum, levels } = fold(loop.body, memory, iterations);
  const before = scaled(loop.times - 1, sum);
  return {
    sum: scaled(loop.times, sum),
    levels: loop.times === 1 ? levels : levels.flatMap((level) => [level, plus(before, level)]),
  };
}

function foldGrowing(
  loop: Repeat,
  memory: string,
  iterations: Iterations,
  amounts: readonly Growing[],
): Fold {
  const { name = "", times, body } = loop;
  const walk = (from: number, to: number, period: number): Fold =>
    joined(
      Array.from({ length: to - from }, (_, index) =>
        fold(body, memory, new Map(iterations).set(name, { first: from + index, period })),
      ),
    );
  const nested = [...iterations.values()].some(({ period }) => period > 0);
  const period = amounts.map(growthPeriod).reduce(leastCommonMultiple, 1);
  const whole = Math.floor(times / period);
  if (nested || whole < 2) return walk(0, times, 0);
  const one = walk(0, period, period);
  // The level at the begin of period j: the sum of what the periods before it added.
  const begin: Polynomial = { v: 0, d: one.sum.v, q: one.sum.d };
  const most = one.levels.map((level) => constant(largest(plus(begin, level), whole - 1)));
  return joined([{ sum: constant(exactly(begin, whole)), levels: most }, walk(whole * period, times, 0)]);
}

/** One after the other. */
function joined(folds: readonly Fold[]): Fold {
  let sum = zero;
  const levels: Polynomial[] = [];
  for (const one of folds) {
    for (const level of one.levels) levels.push(plus(sum, level));
    sum = plus(sum, one.sum);
  }
  return { sum, levels };
}

/** The largest value for whole numbers 0 .. last. */
function largest(polynomial: Polynomial, last: number): number {
  const { d, q } = polynomial;
  // Convex: at an end. Concave: also where the differences d + q m turn negative.
  const turn = q < 0 ? Math.min(last, Math.max(0, Math.ceil(d / -q))) : 0;
  return Math.max(...[0, turn, last].map((m) => exactly(polynomial, m)));
}

function exactly(polynomial: Polynomial, m: number): number {
  if (m > safeUntil(polynomial)) throw new Error("a level of memory passes 2^51 bytes");
  return valueAt(polynomial, m);
}

/** The amounts of this memory that grow with this loop. */
function growingWith({ name, body }: Repeat, memory: string): Growing[] {
  const tasks = (items: readonly Item[]): Task[] =>
    items.flatMap((part) => (part.kind === "task" ? [part] : tasks(part.body)));
  return tasks(body)
    .map(({ holds }) => holds?.[memory] ?? 0)
    .filter((amount) => typeof amount !== "number")
    .filter(({ loop, step }) => loop === name && step !== 0);
}

/** The program's text without what does not touch the memory. */
function holdersOf(items: readonly Item[], memory: string): Item[] {
  return items.flatMap((part): Item[] => {
    if (part.kind === "task") return part.holds?.[memory] === undefined ? [] : [part];
    const body = holdersOf(part.body, memory);
    return body.length === 0 ? [] : [{ ...part, body }];
  });
}
