/** Reading "460 GB/s" as a number in the unit of a dimension, or saying why it is none. */
import {
  type Dimension,
  type DimensionName,
  dimensions,
  plainUnit,
  plainUnits,
  spellings,
} from "./dimension.ts";
import { type Calculator, calculator, type Names } from "./expression.ts";
import { nearest } from "./nearest.ts";

export interface QuantityReader {
  /**
   * Reads a quantity of one of the given dimensions.
   * @param names what the text may name besides units, see `Names`
   */
  readonly read: (text: string, oneOf: readonly DimensionName[], names?: Names) => Reading;
}

/** `found` completes the sentence "expected .., found ..". */
export type Reading =
  | { readonly ok: true; readonly dimension: DimensionName; readonly value: number }
  | { readonly ok: false; readonly found: string; readonly suggestion?: string };

/** A reader with a memory of its own. The usual "number unit" is read from a table; only the rest wakes mathjs. */
export function quantityReader(): QuantityReader {
  let awake: Calculator | undefined;
  return {
    read(text, oneOf, names = {}) {
      for (const dimension of oneOf) {
        const value = readPlain(text, dimensions[dimension]);
        if (value !== undefined) return { ok: true, dimension, value };
      }
      awake ??= calculator();
      return readExpression(awake, text, oneOf, names);
    },
  };
}

const plainForm = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]+(?:\/[A-Za-z]+)?)\s*$/;

function readPlain(text: string, dimension: Dimension): number | undefined {
  const [, digits, symbol] = plainForm.exec(text) ?? [];
  const unit = symbol === undefined ? undefined : plainUnit(symbol);
  if (unit === undefined || unit.of !== dimension.of) return undefined;
  const value = ((Number(digits) * unit.times) / unit.per) * dimension.scale;
  return Number.isFinite(value) ? value : undefined;
}

function readExpression(
  calculator: Calculator,
  text: string,
  oneOf: readonly DimensionName[],
  names: Names,
): Reading {
  const quoted = JSON.stringify(shortened(text));
  const evaluation = calculator.evaluate(text, names);
  if (!evaluation.ok) {
    const { unknown, reason } = evaluation;
    const found = `${quoted}: ${reason}`;
    const known = unknown === undefined ? undefined : nearest(unknown, vocabulary(oneOf, names));
    if (unknown === undefined || known === undefined) return { ok: false, found };
    return { ok: false, found, suggestion: text.replace(unknown, known) };
  }
  for (const dimension of oneOf) {
    const value = calculator.convert(evaluation.value, dimensions[dimension].unit);
    if (value !== undefined) return { ok: true, dimension, value };
  }
  const other = Object.values<Dimension>(dimensions).find(
    ({ unit }) => calculator.convert(evaluation.value, unit) !== undefined,
  );
  return {
    ok: false,
    found: other === undefined ? `${quoted}, another dimension` : `${quoted}, ${other.name}`,
  };
}

/** Whole units of the dimensions first ("Gbs" is nearer to "Gbps" than to "GB"), then single symbols and names. */
const vocabulary = (oneOf: readonly DimensionName[], names: Names): readonly string[] => [
  ...oneOf.flatMap((dimension) => spellings(dimensions[dimension])),
  ...plainUnits.keys(),
  ...Object.keys(names),
];

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
