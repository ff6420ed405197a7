import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cyclesInTicks,
  durationInTicks,
  roundUp,
  sumOfDurations,
  tickRateOf,
} from "../../src/arch/component.ts";
import { hertz, seconds } from "../../src/quantity.ts";

describe("the tick rate", () => {
  test("is the clock of a one-clock machine", () => {
    expect(tickRateOf([200e6])).toBe(200e6);
    expect(tickRateOf([200e6, 200e6])).toBe(200e6);
  });

  test("is the least common multiple of several clocks", () => {
    expect(tickRateOf([200e6, 300e6])).toBe(600e6);
    expect(tickRateOf([200e6, 1.2e9])).toBe(1.2e9);
    expect(tickRateOf([200e6, 450e6, 1.2e9])).toBe(3.6e9);
  });

  test("is a terahertz where the multiple would pass it", () => {
    // Clocks without a common factor: their multiple is their product.
    expect(tickRateOf([1e9, 999_999_937])).toBe(1e12);
    expect(tickRateOf([999_999_937, 999_999_929, 999_999_893])).toBe(1e12);
  });

  test("is usable for any clocks, fractions of a hertz among them", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 5e9, noNaN: true }), { minLength: 1 }), (clocks) => {
        const rate = tickRateOf(clocks);
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(1e12);
      }),
    );
  });
});

describe("time in ticks", () => {
  test("a cycle is a whole number of ticks, and rounds up when a tick is a picosecond", () => {
    expect(cyclesInTicks(7, { clock: hertz(200e6), tickRate: hertz(600e6) })).toBe(21);
    const picoseconds = { clock: hertz(300e6), tickRate: hertz(1e12) };
    expect(cyclesInTicks(1, picoseconds)).toBe(3334);
    expect(cyclesInTicks(3, picoseconds)).toBe(10_000);
  });

  test("a duration rounds up, but for the last digits of its binary fraction", () => {
    const time = { clock: hertz(200e6), tickRate: hertz(200e6) };
    expect(durationInTicks(seconds(106.7e-9), time)).toBe(22);
    // 0.1 us * 200 MHz is 20.000000000000004 in floats.
    expect(durationInTicks(seconds(1e-7), time)).toBe(20);
    expect(durationInTicks(seconds(0), time)).toBe(0);
    expect(sumOfDurations([seconds(1e-9), seconds(1e-9)], time)).toBe(2);
  });

  test("rounding up never falls below the number by more than a billionth", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (n) => {
        const up = roundUp(n);
        expect(Number.isInteger(up)).toBe(true);
        expect(up).toBeGreaterThanOrEqual(n - 1e-9 * Math.max(1, n));
        expect(up).toBeLessThan(n + 1);
      }),
    );
  });
});
