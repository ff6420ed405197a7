/** Ranges of values in a sweep: linear, logarithmic, powers. */
import { z } from "zod";

export type SweptValue = string | number | boolean;

const end = z.union([z.number(), z.string()]);

export const rangeFields = z.strictObject({
  from: end.describe("the first value, 4 or 100 MHz"),
  to: end.describe("the last value, at most"),
  by: end.optional().describe("the step from one value to the next"),
  factor: z
    .number()
    .gt(1)
    .optional()
    .describe("each value is so many times the one before; 2 gives powers of two"),
  steps: z.number().int().min(2).max(100_000).optional().describe("how many values, both ends among them"),
  scale: z
    .enum(["linear", "log"])
    .optional()
    .describe("how `steps` are spaced: by equal differences (default) or equal ratios"),
});

export type Range = z.output<typeof rangeFields>;

export type Expanded =
  | { readonly ok: true; readonly values: readonly SweptValue[] }
  | { readonly ok: false; readonly expected: string; readonly found: string };

/** More values than this in one range are a mistake. */
const longest = 100_000;

/**
 * The values of a range. Where both ends are whole numbers without a unit, so are all values (rounded, doubles left out); others keep
 * nine digits.
 */
export function expandRange(range: Range): Expanded {
  const ends = [range.from, range.to].map(quantity);
  const [from, to] = ends;
  const step = range.by === undefined ? undefined : quantity(range.by);
  const wrong = (expected: string, found: string): Expanded => ({ ok: false, expected, found });
  if (from === undefined || to === undefined)
    return wrong("numbers with the same unit", `${range.from} and ${range.to}`);
  if (from.unit !== to.unit || (step !== undefined && step.unit !== from.unit))
    return wrong(
      `the same unit at from${step === undefined ? " and to" : ", to and by"}`,
      [range.from, range.to, range.by].filter((each) => each !== undefined).join(", "),
    );
  const ways = [range.by, range.factor, range.steps].filter((way) => way !== undefined);
  if (ways.length !== 1) return wrong("one of the keys by, factor, steps", `${ways.length} of them`);
  if (range.scale !== undefined && range.steps === undefined)
    return wrong("scale only beside steps", "no steps");
  if (!(from.value <= to.value)) return wrong("from that is at most to", `${range.from} and ${range.to}`);
  const multiplies = range.factor !== undefined || range.scale === "log";
  if (multiplies && from.value <= 0) return wrong("from above zero", String(range.from));
  if (step !== undefined && !(step.value > 0)) return wrong("a step above zero", String(range.by));
  const numbers = numbersOf(from.value, to.value, { ...range, by: step?.value });
  if (numbers.length > longest) return wrong(`at most ${longest} values`, `${numbers.length}`);
  const whole =
    from.unit === "" &&
    Number.isInteger(from.value) &&
    Number.isInteger(to.value) &&
    (step === undefined || Number.isInteger(step.value));
  const rounded = numbers.map((each) => (whole ? Math.round(each) : Number(each.toPrecision(9))));
  const distinct = [...new Set(rounded)];
  return { ok: true, values: from.unit === "" ? distinct : distinct.map((each) => `${each} ${from.unit}`) };
}

interface Ways {
  readonly by?: number | undefined;
  readonly factor?: number | undefined;
  readonly steps?: number | undefined;
  readonly scale?: "linear" | "log" | undefined;
}

/** What rounding may add to the last value. */
const slack = 1e-9;

function numbersOf(from: number, to: number, { by, factor, steps, scale }: Ways): readonly number[] {
  const list = (count: number, each: (index: number) => number): readonly number[] =>
    Array.from({ length: Math.min(count, longest + 1) }, (_, index) => each(index));
  if (by !== undefined) return list(Math.floor((to - from) / by + slack) + 1, (index) => from + index * by);
  if (factor !== undefined)
    return list(
      Math.floor(Math.log(to / from) / Math.log(factor) + slack) + 1,
      (index) => from * factor ** index,
    );
  const last = (steps ?? 2) - 1;
  return list(last + 1, (index) =>
    scale === "log" ? from * (to / from) ** (index / last) : from + ((to - from) * index) / last,
  );
}

/** "100 MHz" as a number and a unit. */
function quantity(text: string | number): { readonly value: number; readonly unit: string } | undefined {
  if (typeof text === "number") return { value: text, unit: "" };
  const match = /^\s*([-+]?[0-9.]+(?:e[-+]?[0-9]+)?)\s*([A-Za-z/]*)\s*$/.exec(text);
  const value = Number(match?.[1]);
  return match === null || !Number.isFinite(value) ? undefined : { value, unit: match[2] ?? "" };
}
