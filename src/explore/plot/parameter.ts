/** A parameter of a sweep: its values in order, and which of them each design has. */
import type { SweptValue } from "../../config/range.ts";

/** Values in the order in which they were met. */
export interface Column {
  readonly path: string;
  readonly values: readonly SweptValue[];
  /** For each design the place of its value. */
  readonly codes: readonly number[];
}

export interface Parameter {
  readonly path: string;
  /** The end of its path. */
  readonly name: string;
  /** In order: numbers of one unit from the least, others as they were met. */
  readonly levels: readonly string[];
  /** For each design the place of its level. */
  readonly level: readonly number[];
  /** Its values as numbers, for an axis; NaN where they are none. */
  readonly numbers: () => readonly number[];
}

export function parameterOf({ path, values, codes }: Column, name: string): Parameter {
  const numbers = values.map(numberOf);
  const alike = new Set(values.map((value) => String(value).replace(leading, "").trim())).size === 1;
  const places = values.map((_, place) => place);
  const order =
    alike && !numbers.some(Number.isNaN)
      ? places.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))
      : places;
  const rank: number[] = [];
  for (const [place, code] of order.entries()) rank[code] = place;
  return {
    path,
    name,
    levels: order.map((code) => String(values[code])),
    level: codes.map((code) => rank[code] ?? 0),
    numbers: () => codes.map((code) => numbers[code] ?? Number.NaN),
  };
}

const leading = /^\s*[-+]?[\d.]+(?:e[-+]?\d+)?/i;

const numberOf = (value: SweptValue): number =>
  typeof value === "number" ? value : Number(leading.exec(String(value))?.[0] ?? Number.NaN);

/** Columns with more than one value, without those that change only together with an earlier one. */
export function unlike(columns: readonly Column[]): readonly Column[] {
  const kept: Column[] = [];
  for (const column of columns)
    if (column.values.length > 1 && !kept.some((other) => together(other, column))) kept.push(column);
  return kept;
}

/** Values are numbered as they are met, so two columns that always change together have the same numbers. */
const together = (a: Column, b: Column): boolean =>
  a.values.length === b.values.length && a.codes.every((code, design) => code === b.codes[design]);

/** The levels of a parameter as the places of an axis: neighbours share one where there are too many. */
export interface Places {
  readonly names: readonly string[];
  readonly of: (level: number) => number;
}

export function placesOf({ levels }: Parameter, most: number): Places {
  const each = Math.ceil(levels.length / most);
  const count = Math.ceil(levels.length / each);
  return {
    names: Array.from({ length: count }, (_, place) => {
      const [first = "", last = ""] = [
        levels[place * each],
        levels[Math.min((place + 1) * each, levels.length) - 1],
      ];
      return first === last ? first : `${first} .. ${last}`;
    }),
    of: (level) => Math.floor(level / each),
  };
}
