/** Numbers as an axis shows them: in a unit in which they are neither long nor tiny. */

export interface AxisUnit {
  /** "ms". */
  readonly unit: string;
  /** A number in SI units, in this unit; to six digits, which is finer than any plot. */
  readonly of: (n: number) => number;
}

/** @param unit "s", "J", "B" .., or "" for counts */
export function axisUnit(values: readonly number[], unit: string): AxisUnit {
  const largest = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite));
  const whole = unit === "B" || unit === "";
  const [prefix, factor] = prefixes.find(
    ([, factor]) => largest >= factor * 0.9995 && (!whole || factor >= 1),
  ) ?? ["", 1];
  return { unit: prefix + unit, of: (n) => Number((n / factor).toPrecision(6)) };
}

/** Shares as percents. */
export const percents: AxisUnit = { unit: "%", of: (n) => Number((n * 100).toPrecision(6)) };

/** Whether a linear axis would crush the small ones. */
export function isWide(values: readonly number[]): boolean {
  const positive = values.filter((value) => value > 0);
  return positive.length > 1 && Math.max(...positive) / Math.min(...positive) > 30;
}

/** Shortened in the middle: beginnings and ends tell names apart. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}

const prefixes: readonly (readonly [string, number])[] = [
  ["P", 1e15],
  ["T", 1e12],
  ["G", 1e9],
  ["M", 1e6],
  ["k", 1e3],
  ["", 1],
  ["m", 1e-3],
  ["µ", 1e-6],
  ["n", 1e-9],
  ["p", 1e-12],
];
