/** Arithmetic over ranges of numbers: whatever values the operands have in theirs, the result is in its own. */

/** Both ends may be infinite. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

export const anything: Interval = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
export const exactly = (value: number): Interval => ({ least: value, most: value });
export const atLeast = (least: number): Interval => ({ least, most: Number.POSITIVE_INFINITY });

/** By mathjs's names of operators and functions; of what is not here nothing is known. */
export function combined(operation: string, operands: readonly Interval[]): Interval {
  const [a, b = exactly(0)] = operands;
  if (a === undefined) return anything;
  switch (operation) {
    case "add":
      return told(a.least + b.least, a.most + b.most);
    case "subtract":
      return told(a.least - b.most, a.most - b.least);
    case "multiply":
      // Zero times what has no end is zero: the ends stand for numbers.
      return ends(a, b, (x, y) => (x === 0 || y === 0 ? 0 : x * y));
    case "divide":
      // Across zero the quotient may be anything.
      return b.least > 0 || b.most < 0
        ? ends(a, b, (x, y) => (x === 0 || !Number.isFinite(y) ? 0 : x / y))
        : anything;
    case "pow":
      return power(a, b);
    case "unaryMinus":
      return told(-a.most, -a.least);
    case "unaryPlus":
      return a;
    case "min":
      return told(Math.min(...operands.map(leastOf)), Math.min(...operands.map(mostOf)));
    case "max":
      return told(Math.max(...operands.map(leastOf)), Math.max(...operands.map(mostOf)));
    case "ceil":
      return told(Math.ceil(a.least - rounding(a.least)), Math.ceil(a.most));
    case "floor":
      return told(Math.floor(a.least), Math.floor(a.most + rounding(a.most)));
    case "log2":
      return a.least >= 0 ? told(Math.log2(a.least), Math.log2(a.most)) : anything;
    default:
      return anything;
  }
}

/** mathjs takes what is within this share of an integer, or within 1e-15, for that integer, before it rounds up or down. */
const rounding = (end: number): number => 2e-12 * Math.abs(end) + 2e-15;

const leastOf = ({ least }: Interval): number => least;
const mostOf = ({ most }: Interval): number => most;

/** An end that is not a number (infinity less infinity) tells nothing. */
const told = (least: number, most: number): Interval => ({
  least: Number.isNaN(least) ? Number.NEGATIVE_INFINITY : least,
  most: Number.isNaN(most) ? Number.POSITIVE_INFINITY : most,
});

/** Of each end with each. */
function ends(a: Interval, b: Interval, of: (x: number, y: number) => number): Interval {
  const results = [a.least, a.most].flatMap((x) => [b.least, b.most].map((y) => of(x, y)));
  return told(Math.min(...results), Math.max(...results));
}

/** Of a base that is not negative, by an exponent that is known. A power below zero divides by it, and zeros have signs. */
function power(base: Interval, exponent: Interval): Interval {
  if (base.least < 0 || exponent.least !== exponent.most) return anything;
  if (base.least === 0 && exponent.least < 0) return anything;
  const [low, high] = [base.least ** exponent.least, base.most ** exponent.least];
  return told(Math.min(low, high), Math.max(low, high));
}
