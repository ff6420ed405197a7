/** Whole numbers that may grow with the iterations of a loop: how one loop body serves all tokens of a growing cache. */

/**
 * ceil((base + j * step) / per) at iteration i of the enclosing loop of that name, with j = floor((i + offset) / every): it
 * grows with each iteration, or in steps of `every` iterations. A plain number does not grow.
 */
export type Amount = number | Growing;

export interface Growing {
  readonly loop: string;
  readonly base: number;
  readonly step: number;
  readonly per: number;
  /** Iterations between two steps; 1 where it is left out. */
  readonly every?: number;
  /** Iterations of the first step that lie before the loop; 0 where it is left out. */
  readonly offset?: number;
}

/** How many steps it has taken at iteration `i`. */
export const stepsAt = ({ every = 1, offset = 0 }: Growing, i: number): number =>
  Math.floor((i + offset) / every);

/**
 * ceil(amount * numerator / denominator), kept in whole numbers. Exact for plain numbers and for amounts with per = 1;
 * @throws RangeError for an amount that is already divided, since rounding twice is not rounding once.
 */
export function scaled(amount: Amount, numerator: number, denominator: number): Amount {
  if (typeof amount === "number") return Math.ceil((amount * numerator) / denominator);
  if (amount.per !== 1) throw new RangeError(`cannot scale an amount already divided by ${amount.per}`);
  return { ...amount, base: amount.base * numerator, step: amount.step * numerator, per: denominator };
}

/** A whole number times an amount. */
export function timesAmount(n: number, amount: Amount): Amount {
  if (typeof amount === "number") return n * amount;
  if (amount.per !== 1) throw new RangeError(`cannot multiply an amount already divided by ${amount.per}`);
  return { ...amount, base: n * amount.base, step: n * amount.step };
}

/** Numerator and denominator of a / b in lowest terms; a and b are whole. */
export function ratio(a: number, b: number): readonly [number, number] {
  const divisor = greatestCommonDivisor(a, b);
  return [a / divisor, b / divisor];
}

export const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;

export function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}
