/**
 * The ticks of a path by place and cause, skipped periods in closed form.
 *
 * A jump over n periods, seen from an entry: its last period adds the segment of that entry and goes on from the entry that
 * the segment began at, one period earlier. There are finitely many entries, so the sequence of them runs into a cycle, and
 * what each entry of the cycle adds is a sum over every so many periods: a polynomial's sum.
 */
import { item } from "./cells.ts";
import { constant, type Polynomial, plus, scaled, sumUntil, valueAt, zero } from "./polynomial.ts";
import type { Amount, Jump, Marks, Path, Skipped } from "./trail.ts";

/** Causes of one place, each a multiple of `causes` later. */
export const cause = { rate: 0, result: 1, latency: 2, contention: 3 } as const;
export const causes = 4;

/** By place and cause. */
export type Sums = ReadonlyMap<number, Polynomial>;

/** @param latencies of the places */
export function sumOfPath(path: Path, latencies: Float64Array): ReadonlyMap<number, number> {
  const { sums } = segment(path, undefined, latencies, new Map());
  return new Map([...sums].map(([key, { v }]) => [key, v]));
}

/** Past all periods of a jump. @returns their ticks, and the path to where they begin */
export function passJump(
  jump: Jump,
  latencies: Float64Array,
): { readonly ticks: number; readonly before: Path } {
  const sums = new Map<number, Polynomial>();
  const before = addJump(sums, jump, latencies, new Map());
  return { ticks: [...sums.values()].reduce((sum, { v }) => sum + v, 0), before };
}

interface Segment {
  readonly sums: Sums;
  /** The entry that it began at. */
  readonly from: number;
}

/** What was summed before, by jump and entry. */
type Known = Map<Skipped, Map<number, Segment>>;

/** From a path's end back to the mark of these marks, or to the begin of the run. */
function segment(path: Path, marks: Marks | undefined, latencies: Float64Array, known: Known): Segment {
  const sums = new Map<number, Polynomial>();
  for (let at = path; ; ) {
    if (at.kind === "step") {
      const { place, result, occupancy, contention } = at;
      const key = place * causes;
      increase(sums, key + (result ? cause.result : cause.rate), polynomial(occupancy));
      increase(sums, key + cause.contention, polynomial(contention));
      if (result) increase(sums, key + cause.latency, constant(latencies[place] ?? 0));
      at = at.before;
    } else if (at.kind === "jump") {
      at = addJump(sums, at, latencies, known);
    } else if (at.kind === "mark" && at.of !== marks) {
      at = at.before;
    } else {
      if (at.kind === "origin" && marks !== undefined)
        throw new Error("a skipped period follows a time from before the loop: a bug of the engine");
      return { sums, from: at.kind === "mark" ? at.entry : -1 };
    }
  }
}

/** Adds all periods of a jump. @returns the path to where it begins */
function addJump(
  sums: Map<number, Polynomial>,
  { skipped, entry }: Jump,
  latencies: Float64Array,
  known: Known,
): Path {
  const { periods, marks, ends, begins, grows } = skipped;
  const segments = known.get(skipped) ?? new Map<number, Segment>();
  known.set(skipped, segments);
  const segmentOf = (of: number): Segment => {
    const summed = segments.get(of) ?? segment(item(ends, of), marks, latencies, known);
    segments.set(of, summed);
    return summed;
  };
  // Entries in the order of the path backwards, until one comes again.
  const visited = new Map<number, number>();
  let next = entry;
  while (visited.size < periods && !visited.has(next)) {
    visited.set(next, visited.size);
    next = segmentOf(next).from;
  }
  const order = [...visited.keys()];
  const cycleFrom = visited.size < periods ? (visited.get(next) ?? 0) : order.length;
  const cycle = order.length - cycleFrom;
  order.forEach((of, index) => {
    const times = index < cycleFrom ? 1 : Math.floor((periods - 1 - index) / cycle) + 1;
    const first = periods - 1 - index - (times - 1) * cycle;
    for (const [key, amount] of segmentOf(of).sums)
      increase(sums, key, grows ? constant(sumOver(amount, first, cycle, times)) : scaled(times, amount));
  });
  const begin = periods <= order.length ? next : item(order, cycleFrom + ((periods - cycleFrom) % cycle));
  return item(begins, begin);
}

/** The sum of a polynomial over first, first + stride, .., `times` of them. */
function sumOver(polynomial: Polynomial, first: number, stride: number, times: number): number {
  const [a, b, c] = [0, 1, 2].map((index) => valueAt(polynomial, first + index * stride));
  if (a === undefined || b === undefined || c === undefined) return 0;
  return sumUntil({ v: a, d: b - a, q: c - b - (b - a) }, times);
}

const polynomial = (amount: Amount): Polynomial => (typeof amount === "number" ? constant(amount) : amount);

function increase(sums: Map<number, Polynomial>, key: number, amount: Polynomial): void {
  if (amount.v !== 0 || amount.d !== 0 || amount.q !== 0) sums.set(key, plus(sums.get(key) ?? zero, amount));
}
