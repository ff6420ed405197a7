import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Amount,
  greatestCommonDivisor,
  leastCommonMultiple,
  ratio,
  scaled,
  timesAmount,
} from "../../src/amount.ts";
import { amountAt } from "../amount.ts";

const whole = fc.integer({ min: 0, max: 1_000_000 });
const positive = fc.integer({ min: 1, max: 100_000 });
const iteration = fc.nat(5000);
const growing: fc.Arbitrary<Amount> = fc.record({
  loop: fc.constant("decode"),
  base: whole,
  step: fc.nat(1000),
  per: fc.constant(1),
});
const amount: fc.Arbitrary<Amount> = fc.oneof(whole, growing);

describe("amounts", () => {
  test("scaled are the exact product rounded up once, at every iteration", () => {
    fc.assert(
      fc.property(amount, positive, positive, iteration, (each, numerator, denominator, i) => {
        const exact = BigInt(amountAt(each, i)) * BigInt(numerator);
        const up = (exact + BigInt(denominator) - 1n) / BigInt(denominator);
        expect(BigInt(amountAt(scaled(each, numerator, denominator), i))).toBe(up);
      }),
      { numRuns: 2000 },
    );
  });

  test("times a whole number are so many of them, at every iteration", () => {
    fc.assert(
      fc.property(amount, fc.nat(10_000), iteration, (each, n, i) => {
        expect(amountAt(timesAmount(n, each), i)).toBe(n * amountAt(each, i));
      }),
    );
  });

  test("that are already divided are neither scaled nor multiplied: rounding twice is not rounding once", () => {
    const divided = { loop: "decode", base: 3, step: 1, per: 2 };
    expect(() => scaled(divided, 1, 2)).toThrow("cannot scale an amount already divided by 2");
    expect(() => timesAmount(2, divided)).toThrow("cannot multiply an amount already divided by 2");
  });
});

describe("whole numbers", () => {
  test("have a greatest common divisor and a least common multiple", () => {
    expect(greatestCommonDivisor(12, 18)).toBe(6);
    expect(leastCommonMultiple(12, 18)).toBe(36);
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const divisor = greatestCommonDivisor(a, b);
        expect([a % divisor, b % divisor]).toEqual([0, 0]);
        expect(greatestCommonDivisor(a / divisor, b / divisor)).toBe(1);
        expect(divisor * leastCommonMultiple(a, b)).toBe(a * b);
      }),
    );
  });

  test("have a ratio in lowest terms of the same value", () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [numerator, denominator] = ratio(a, b);
        expect(numerator * b).toBe(denominator * a);
        expect(greatestCommonDivisor(numerator, denominator)).toBe(1);
      }),
    );
  });
});
