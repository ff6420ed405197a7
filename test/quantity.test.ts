import { expect, test } from "vitest";
import {
  add,
  bytes,
  cycles,
  hertz,
  inCycles,
  inSeconds,
  later,
  seconds,
  ticks,
  times,
} from "../src/quantity.ts";

test("quantities of one unit add, of two units do not compile", () => {
  expect(add(ticks(2), ticks(3))).toBe(5);
  expect(later(ticks(2), ticks(3))).toBe(3);
  expect(times(4, bytes(8))).toBe(32);
  // @ts-expect-error a sum of ticks and bytes means nothing
  add(ticks(2), bytes(3));
  // @ts-expect-error neither does the later of cycles and ticks
  later(cycles(2), ticks(3));
  // @ts-expect-error a plain number is no quantity until it is made one
  add(ticks(2), 3);
});

test("counts of bytes, cycles and ticks are whole, safe and not negative", () => {
  for (const make of [bytes, cycles, ticks])
    for (const wrong of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => make(wrong)).toThrow(RangeError);
  expect(() => hertz(0)).toThrow("expected a positive number of hertz, found 0");
});

test("a duration becomes cycles rounded up, and exactly where it is a whole number of cycles", () => {
  const clock = hertz(200e6);
  // 120 ns at 5 ns a cycle is 24; 121 ns needs the 25th.
  expect(inCycles({ seconds: seconds(120e-9) }, clock)).toBe(24);
  expect(inCycles({ seconds: seconds(121e-9) }, clock)).toBe(25);
  expect(inCycles({ seconds: seconds(0) }, clock)).toBe(0);
  expect(inCycles({ cycles: cycles(12) }, clock)).toBe(12);
  // 0.3 / 0.1 is not 3 in floats; the cycles are.
  expect(inCycles({ seconds: seconds(3e-9) }, hertz(1.1e9 / 1.1))).toBe(3);
});

test("a duration in cycles becomes seconds by the unit's clock", () => {
  expect(inSeconds({ cycles: cycles(12) }, hertz(200e6))).toBeCloseTo(60e-9, 20);
  expect(inSeconds({ seconds: seconds(1e-6) }, hertz(200e6))).toBe(1e-6);
});
