/**
 * A way of searching a space, as a conversation: it asks for designs by their numbers, a batch at a time, and is told what they cost.
 * It knows neither who works them out nor where results are kept, so that the same answers lead to the same questions: a search that
 * was stopped goes on by being told again what is known.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { choicesAt, type Dimension, indexOf } from "../config/dimension.ts";
import type { DesignSpace } from "../config/space.ts";
import type { Costs } from "./pareto.ts";

export interface Question {
  readonly designs: readonly number[];
  /** A design that one of these beats even where it could be at its best is not worked out: nothing is asked but the proof. */
  readonly rivals?: readonly Rival[];
}

/** A design whose costs are known. */
export interface Rival {
  readonly index: number;
  readonly costs: Costs;
}

/** Answers stand in the order of the designs; undefined is one that does not run, that misses a limit, or that a rival beats. */
export type Answers = readonly (Costs | undefined)[];

export type Strategy = Generator<Question, void, Answers>;

export interface StrategyOptions {
  readonly seed: number;
  /** Designs to ask for, at most. */
  readonly points: number;
}

/** A whole number from 0 up to, and without, `count`. */
export type Lot = (count: number) => number;

export function lots(seed: number): Lot {
  const generator = xoroshiro128plus(seed);
  return (count) => uniformInt(generator, 0, count - 1);
}

/**
 * The design with some choices moved: the first one always, others by lot. Choices stand in an order, so that most steps are short;
 * one in four goes anywhere, which is what a list without an order needs.
 */
export function moved(index: number, dimensions: readonly Dimension[], lot: Lot): number {
  const digits = [...choicesAt(index, dimensions)];
  const movable = dimensions.flatMap(({ choices }, at) => (choices.length > 1 ? [at] : []));
  if (movable.length === 0) return index;
  do {
    const at = movable[lot(movable.length)] ?? 0;
    digits[at] = stepped(digits[at] ?? 0, dimensions[at]?.choices.length ?? 1, lot);
  } while (lot(3) === 0);
  return indexOf(digits, dimensions);
}

/** Another choice of `count`. */
export function stepped(digit: number, count: number, lot: Lot): number {
  if (count < 2) return digit;
  if (lot(4) === 0) return (digit + 1 + lot(count - 1)) % count;
  let step = 1;
  while (lot(3) === 0) step++;
  const [up, down] = [digit + step, digit - step];
  const first = lot(2) === 0;
  if (up >= count) return Math.max(0, down);
  if (down < 0) return up;
  return first ? up : down;
}

/** Designs that differ in one choice, the nearest first, then those that differ in two. */
export function nearby(index: number, dimensions: readonly Dimension[]): readonly number[] {
  const digits = choicesAt(index, dimensions);
  const steps = dimensions.flatMap(({ choices }, at) =>
    choices.flatMap((_, choice): Step[] => {
      const distance = Math.abs(choice - (digits[at] ?? 0));
      return distance === 0 ? [] : [{ at, choice, distance }];
    }),
  );
  const after = (changes: readonly Step[]): number =>
    indexOf(
      digits.map((digit, at) => changes.find((change) => change.at === at)?.choice ?? digit),
      dimensions,
    );
  const ones = steps.toSorted((a, b) => a.distance - b.distance).map((step) => after([step]));
  const twos = steps
    .flatMap((a, at) => steps.slice(at + 1).flatMap((b) => (a.at === b.at ? [] : [[a, b] as const])))
    .toSorted(([a, b], [c, d]) => a.distance + b.distance - c.distance - d.distance)
    .map(after);
  return [...ones, ...twos];
}

interface Step {
  readonly at: number;
  readonly choice: number;
  readonly distance: number;
}

/** Whether conditions leave the design in. */
export const isDesign = ({ whole, at }: DesignSpace, index: number): boolean =>
  whole || at(index) !== undefined;

/** A design that is not in `seen`: as made, or, where that fails often, the next one from a place drawn by lot; undefined when none is left. */
export function unseen(
  space: DesignSpace,
  seen: ReadonlySet<number>,
  lot: Lot,
  make: () => number,
): number | undefined {
  const { size } = space;
  const free = (index: number): boolean => !seen.has(index) && isDesign(space, index);
  for (let attempt = 0; attempt < 20; attempt++) {
    const index = make();
    if (free(index)) return index;
  }
  const from = lot(size);
  for (let step = 0; step < size; step++) if (free((from + step) % size)) return (from + step) % size;
  return undefined;
}

/**
 * Designs that lie apart: in each dimension every part of the choices has one (a Latin hypercube), and a quarter of them stand in corners,
 * where fronts begin and end.
 */
export function scattered(count: number, dimensions: readonly Dimension[], lot: Lot): readonly number[] {
  const corners = Math.floor(count / 4);
  const inside = count - corners;
  const columns = dimensions.map(({ choices }) => {
    const places = Array.from({ length: inside }, (_, at) =>
      Math.floor(((at + 0.5) * choices.length) / inside),
    );
    return shuffled(places, lot);
  });
  return [
    ...Array.from({ length: corners }, () =>
      indexOf(
        dimensions.map(({ choices }) => (lot(2) === 0 ? 0 : choices.length - 1)),
        dimensions,
      ),
    ),
    ...Array.from({ length: inside }, (_, at) =>
      indexOf(
        columns.map((column) => column[at] ?? 0),
        dimensions,
      ),
    ),
  ];
}

function shuffled(values: readonly number[], lot: Lot): readonly number[] {
  const mixed = [...values];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = lot(at + 1);
    [mixed[at], mixed[other]] = [mixed[other] ?? 0, mixed[at] ?? 0];
  }
  return mixed;
}
