/**
 * The fields of which configs are made: `z.strictObject({ bandwidth, channels: count, efficiency: fraction.optional() })`.
 * Each takes a plain value or one with its origin (sourced.ts), reads it to a branded number in the SI unit, says in
 * errors what it expects with an example, and exports to JSON Schema so that editors complete and check it.
 * A physical number has no default in code; where a field may be absent, the YAML that lacks it must still be complete.
 */
import { z } from "zod";
import * as quantity from "../quantity.ts";
import { type Dimension, type DimensionName, dimensions, symbolsOf } from "./dimension.ts";
import { quantityReader } from "./quantity-reader.ts";
import { type Sourced, sourced } from "./sourced.ts";

/** Reads a quantity of YAML: a text such as "460 GB/s". */
export type QuantityField<Output> = z.ZodType<Output, Sourced<string>>;
/** Reads a bare number of YAML. */
export type NumberField = z.ZodType<number, Sourced<number>>;

/** A memory of texts already read, shared by all fields; no more than that. */
const reader = quantityReader();

const above: Bound = { says: "above zero", admits: (n) => n > 0, whole: false };
const fromZero: Bound = { says: "of at least zero", admits: (n) => n >= 0, whole: false };
const wholeAbove: Bound = { says: "that is whole and above zero", admits: (n) => n > 0, whole: true };
const wholeFromZero: Bound = { says: "that is whole", admits: (n) => n >= 0, whole: true };

export const bandwidth = field("bandwidth", above, quantity.bytesPerSecond);
export const frequency = field("frequency", above, quantity.hertz);
export const duration = field("duration", fromZero, quantity.seconds);
/** Cycles of the unit's own clock. */
export const cycles = field("cycles", wholeFromZero, quantity.cycles);
/** "120 ns", or "12 cycles" of the unit's own clock; `inCycles` and `inSeconds` of quantity.ts take both. */
export const durationOrCycles = quantityField<quantity.Duration>(
  [
    { dimension: "duration", bound: fromZero, make: (n) => ({ seconds: quantity.seconds(n) }) },
    { dimension: "cycles", bound: wholeFromZero, make: (n) => ({ cycles: quantity.cycles(n) }) },
  ],
  "durationOrCycles",
);
/** A size of memory, in bytes. */
export const capacity = field("capacity", wholeAbove, quantity.bytes);
/** The width of a port, bus or word, in bits. */
export const width = field("width", wholeAbove, quantity.bits);
export const bytesPerCycle = field("bytesPerCycle", above, quantity.bytesPerCycle);
export const energy = field("energy", fromZero, quantity.joules);
/** Written per bit or per byte, read to joules per byte. */
export const energyPerBit = field("energyPerBit", fromZero, quantity.joulesPerByte);
export const power = field("power", fromZero, quantity.watts);
/** Of silicon. */
export const area = field("area", above, quantity.squareMicrons);

/** How many there are: a bare whole number above zero. */
export const count = numberField("count", "a whole number above zero like 32", (error) =>
  z.int({ error }).min(1, { error }),
);
export const wholeNumber = numberField("wholeNumber", "a whole number of at least zero like 4", (error) =>
  z.int({ error }).min(0, { error }),
);
/** An amount that may be none, and a fraction: 195.5 blocks. */
export const atLeastZero = numberField("atLeastZero", "a number of at least zero like 195.5", (error) =>
  z.number({ error }).min(0, { error }),
);
/** A share of something, such as an efficiency: above zero, at most one. */
export const fraction = numberField("fraction", "a fraction above 0 and up to 1 like 0.85", (error) =>
  z.number({ error }).gt(0, { error }).max(1, { error }),
);

interface Reads<Output> {
  readonly dimension: DimensionName;
  readonly bound: Bound;
  readonly make: (n: number) => Output;
}

interface Bound {
  /** Completes the name of the dimension in an error. */
  readonly says: string;
  readonly admits: (n: number) => boolean;
  readonly whole: boolean;
}

function field<Output>(
  dimension: DimensionName,
  bound: Bound,
  make: (n: number) => Output,
): QuantityField<Output> {
  return quantityField([{ dimension, bound, make }], dimension);
}

/** A text that is a quantity of one of several dimensions. */
function quantityField<Output>(readings: readonly Reads<Output>[], id: string): QuantityField<Output> {
  const oneOf = readings.map(({ dimension }) => dimension);
  const known = oneOf.map((dimension): Dimension => dimensions[dimension]);
  const like = known.map(({ name, examples: [first] }) => `${name} like "${first}"`);
  const expected = like.join(" or ");
  const text = z
    .string({ error: expected })
    .meta({
      description: `${capitalized(expected)}.`,
      examples: known.flatMap(({ examples }) => examples),
      pattern: pattern(known),
    })
    .transform((given, context): Output => {
      const reading = reader.read(given, oneOf);
      const reads = readings.find(({ dimension }) => reading.ok && dimension === reading.dimension);
      if (!reading.ok || reads === undefined) {
        context.addIssue({
          code: "custom",
          message: expected,
          params: { code: "wrong-quantity", ...reading },
        });
        return z.NEVER;
      }
      const { admits, says, whole } = reads.bound;
      const n = whole ? snapped(reading.value) : reading.value;
      if (admits(n) && (!whole || Number.isSafeInteger(n))) return reads.make(n);
      const { name, examples } = dimensions[reading.dimension];
      const message = `${name} ${says} like "${examples[0]}"`;
      context.addIssue({ code: "custom", message, params: { code: "out-of-range" } });
      return z.NEVER;
    });
  return sourced(text, expected).meta({ id });
}

function numberField(
  id: string,
  expected: string,
  make: (expected: string) => z.ZodType<number, number>,
): NumberField {
  const inner = make(expected).meta({ description: `${capitalized(expected)}.` });
  return sourced(inner, expected).meta({ id });
}

/** A whole number that float arithmetic missed by a hair (3 * 0.1 GB is 300000000.00000006 B) is that number. */
function snapped(n: number): number {
  const whole = Math.round(n);
  return Math.abs(n - whole) <= 1e-12 * Math.abs(whole) ? whole : n;
}

/** What editors check: a number with a unit of the dimension, or anything that looks like arithmetic. */
function pattern(dimensions: readonly Dimension[]): string {
  const either = (base: string): string => `(?:${symbolsOf(base).join("|")})`;
  const units = dimensions
    .flatMap(({ of = "" }) => [...symbolsOf(of), of.split("/").map(either).join("/")])
    .join("|");
  return `^\\s*(?:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?\\s*(?:${units})|.*(?:[*^(+]| [-/] ).*)\\s*$`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
