/** The value of an Amount, its range and its sum over a loop. All exact in whole numbers. */
import type { Amount, Growing } from "../program.ts";

/** The value in iteration `i` of the loop that it grows with. Exact while base + i * step is a safe integer. */
export const growing = ({ base, step, per }: Growing, i: number): number => {
  const sum = base + i * step;
  // Not Math.ceil(sum / per): the quotient of two safe integers may round up to the next whole number.
  const rest = sum % per;
  return (sum - rest) / per + (rest > 0 ? 1 : 0);
};

/** After this many iterations it has grown by a whole number, so that it is affine along multiples of this period. */
export const growthPeriod = ({ step, per }: Growing): number =>
  per / greatestCommonDivisor(Math.abs(step), per);

export const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;

/**
 * What is wrong with an amount inside a loop of `times` iterations, or undefined.
 * Ceilings of an affine function are monotone, so the first and the last iteration bound them all.
 */
export function amountProblem(amount: Amount, times: number, least = 0): string | undefined {
  if (typeof amount === "number")
    return Number.isSafeInteger(amount) && amount >= least ? undefined : `is ${amount}`;
  const { base, step, per, loop } = amount;
  if (!Number.isSafeInteger(base) || !Number.isSafeInteger(step)) return `grows from ${base} by ${step}`;
  if (!Number.isSafeInteger(per) || per < 1) return `grows per ${per}`;
  for (const i of times > 0 ? [0, times - 1] : []) {
    if (!Number.isSafeInteger(base + i * step) || !Number.isSafeInteger(i * step))
      return `passes 2^53 in iteration ${i} of loop "${loop}"`;
    const value = growing(amount, i);
    if (value < least) return `is ${value} in iteration ${i} of loop "${loop}"`;
  }
  return undefined;
}

/**
 * The sum over iterations 0 .. times - 1, in about log(per) steps.
 * @returns a bigint: intermediate sums may pass 2^53 even where a caller's total does not
 */
export function growingSum({ base, step, per }: Growing, times: number): bigint {
  if (times === 0) return 0n;
  // ceil(x / per) = floor((x + per - 1) / per); a negative step is summed from its last iteration backwards.
  const first = step < 0 ? base + (times - 1) * step : base;
  return floorSum(BigInt(times), BigInt(per), BigInt(Math.abs(step)), BigInt(first) + BigInt(per) - 1n);
}

/** The sum of floor((step * i + base) / per) over i = 0 .. n - 1 for step >= 0, by the steps of Euclid's algorithm. */
function floorSum(n: bigint, per: bigint, step: bigint, base: bigint): bigint {
  if (n === 0n) return 0n;
  const baseWhole = floorQuotient(base, per);
  const stepWhole = step / per;
  const rest = base - baseWhole * per;
  const restStep = step - stepWhole * per;
  const whole = n * baseWhole + (stepWhole * (n * (n - 1n))) / 2n;
  const top = restStep * n + rest;
  // Count lattice points under the line by columns = by rows, with the roles of step and per exchanged.
  return top < per ? whole : whole + floorSum(top / per, restStep, per, top % per);
}

const floorQuotient = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b));

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
