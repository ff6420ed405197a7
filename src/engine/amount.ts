/** The value of an Amount, its range and its sum over a loop. All exact in whole numbers. */
import { greatestCommonDivisor, stepsAt } from "../amount.ts";
import type { Amount, Growing } from "../program.ts";

/** The value in iteration `i` of the loop that it grows with. Exact while base + j * step is a safe integer. */
export const growing = (amount: Growing, i: number): number => afterSteps(amount, stepsAt(amount, i));

function afterSteps({ base, step, per }: Growing, j: number): number {
  const sum = base + j * step;
  // Not Math.ceil(sum / per): the quotient of two safe integers may round up to the next whole number.
  const rest = sum % per;
  return (sum - rest) / per + (rest > 0 ? 1 : 0);
}

/** The first iteration after `i` in which the value is another one. */
export function changesAfter(amount: Growing, i: number): number {
  const { base, step, per, every = 1, offset = 0 } = amount;
  if (step === 0) return Number.POSITIVE_INFINITY;
  const value = growing(amount, i);
  // Growing it stays while base + j step <= value per; shrinking while base + j step > (value - 1) per.
  const next =
    step > 0 ? Math.floor((value * per - base) / step) + 1 : Math.ceil((base - (value - 1) * per) / -step);
  return next * every - offset;
}

/** After this many iterations it has grown by a whole number, so that it is affine along multiples of this period. */
export const growthPeriod = ({ step, per, every = 1 }: Growing): number =>
  every * (per / greatestCommonDivisor(Math.abs(step), per));

/** By how much it grows in `period` iterations, a multiple of its growth period. */
export const growthIn = ({ step, per, every = 1 }: Growing, period: number): number =>
  ((period / every) * step) / per;

/**
 * What is wrong with an amount inside a loop of `times` iterations, or undefined.
 * Ceilings of an affine function are monotone, so the first and the last iteration bound them all.
 */
export function amountProblem(amount: Amount, times: number, least = 0): string | undefined {
  if (typeof amount === "number")
    return Number.isSafeInteger(amount) && amount >= least ? undefined : `is ${amount}`;
  const { base, step, per, loop, every = 1, offset = 0 } = amount;
  if (!Number.isSafeInteger(base) || !Number.isSafeInteger(step)) return `grows from ${base} by ${step}`;
  if (!Number.isSafeInteger(per) || per < 1) return `grows per ${per}`;
  if (!Number.isSafeInteger(every) || every < 1) return `grows every ${every}`;
  if (!Number.isSafeInteger(offset) || offset < 0) return `grows with an offset of ${offset}`;
  for (const i of times > 0 ? [0, times - 1] : []) {
    const j = stepsAt(amount, i);
    if (!Number.isSafeInteger(base + j * step) || !Number.isSafeInteger(j * step))
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
export function growingSum(amount: Growing, times: number): bigint {
  const { every = 1, offset = 0 } = amount;
  // Whole steps, and what a sum up to iteration n has of the last one.
  const upTo = (n: number): bigint => {
    const steps = Math.floor(n / every);
    const rest = n - steps * every;
    const last = rest === 0 ? 0n : BigInt(rest) * BigInt(afterSteps(amount, steps));
    return BigInt(every) * sumOfSteps(amount, steps) + last;
  };
  return upTo(offset + times) - upTo(offset);
}

/** The sum of the values after 0 .. steps - 1 steps. */
function sumOfSteps({ base, step, per }: Growing, steps: number): bigint {
  if (steps === 0) return 0n;
  // ceil(x / per) = floor((x + per - 1) / per); a negative step is summed from its last iteration backwards.
  const first = step < 0 ? base + (steps - 1) * step : base;
  return floorSum(BigInt(steps), BigInt(per), BigInt(Math.abs(step)), BigInt(first) + BigInt(per) - 1n);
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
