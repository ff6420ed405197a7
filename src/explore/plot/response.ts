/** How a measure follows parameters: its mean over all designs with a value, or with two; by ratios where it is always positive. */
import { feasibleOf } from "./best.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";
import { type Parameter, type Places, placesOf } from "./parameter.ts";

/** More values of one parameter share places. */
export const mostPlaces = 24;

export interface Response {
  readonly designs: readonly number[];
  /** Geometric means, effects are ratios; otherwise arithmetic ones and differences. */
  readonly ratios: boolean;
  readonly mean: number;
}

export function responseOf(designs: Designs, { values }: Measure): Response | undefined {
  const usable = feasibleOf(designs).filter((design) => Number.isFinite(values[design]));
  if (usable.length === 0) return undefined;
  const ratios = usable.every((design) => (values[design] ?? 0) > 0);
  const all = sums(1, ratios);
  for (const design of usable) all.add(0, values[design] ?? 0);
  return { designs: usable, ratios, mean: all.mean(0) ?? 0 };
}

export interface Effect {
  readonly parameter: Parameter;
  readonly places: Places;
  /** For each place; undefined where no design is. */
  readonly means: readonly (number | undefined)[];
  /** The greatest mean over the least, or their difference. */
  readonly size: number;
}

export function effectOf({ designs, ratios }: Response, { values }: Measure, parameter: Parameter): Effect {
  const places = placesOf(parameter, mostPlaces);
  const all = sums(places.names.length, ratios);
  for (const design of designs) all.add(places.of(parameter.level[design] ?? 0), values[design] ?? 0);
  const means = places.names.map((_, place) => all.mean(place));
  const known = means.filter((mean) => mean !== undefined);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return { parameter, places, means, size: ratios ? most / least : most - least };
}

export interface Interaction {
  readonly a: Effect;
  readonly b: Effect;
  /** By the place of b, then of a. */
  readonly means: readonly (readonly (number | undefined)[])[];
  /** How far cells are from where the two effects alone would put them: the root of the mean square, of logarithms where by ratios. */
  readonly strength: number;
}

export function interactionOf(
  { designs, ratios, mean }: Response,
  { values }: Measure,
  a: Effect,
  b: Effect,
): Interaction {
  const [columns, rows] = [a.places.names.length, b.places.names.length];
  const all = sums(columns * rows, ratios);
  for (const design of designs) {
    const row = b.places.of(b.parameter.level[design] ?? 0);
    all.add(row * columns + a.places.of(a.parameter.level[design] ?? 0), values[design] ?? 0);
  }
  const means = b.places.names.map((_, row) =>
    a.places.names.map((_, column) => all.mean(row * columns + column)),
  );
  const scale = (value: number): number => (ratios ? Math.log(value) : value);
  const squares = means.flatMap((cells, row) =>
    cells.flatMap((cell, column) => {
      const [ofA, ofB] = [a.means[column], b.means[row]];
      if (cell === undefined || ofA === undefined || ofB === undefined) return [];
      return [(scale(cell) - scale(ofA) - scale(ofB) + scale(mean)) ** 2];
    }),
  );
  const strength = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length));
  return { a, b, means, strength };
}

/** Means of so many groups, by their sums. */
function sums(groups: number, ratios: boolean) {
  const total = new Float64Array(groups);
  const count = new Float64Array(groups);
  return {
    add(group: number, value: number): void {
      total[group] = (total[group] ?? 0) + (ratios ? Math.log(value) : value);
      count[group] = (count[group] ?? 0) + 1;
    },
    mean(group: number): number | undefined {
      const [sum = 0, of = 0] = [total[group], count[group]];
      if (of === 0) return undefined;
      return ratios ? Math.exp(sum / of) : sum / of;
    },
  };
}
