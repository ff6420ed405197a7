import { expect, test } from "vitest";
import * as human from "../../src/report/human.ts";

test("times have four digits and the prefix that keeps them short", () => {
  expect([0.2271, 0.00688, 2.6424, 1.038e-6, 110e-9, 0].map((seconds) => human.duration(seconds))).toEqual([
    "227.1 ms",
    "6.880 ms",
    "2.642 s",
    "1.038 µs",
    "110.0 ns",
    "0 s",
  ]);
  expect(human.duration(0.00688, 3)).toBe("6.88 ms");
});

test("rounding that carries moves to the next prefix", () => {
  expect(human.duration(0.99996)).toBe("1.000 s");
  expect(human.size(999_999)).toBe("1.00 MB");
});

test("rates, sizes and counts are in powers of a thousand, small counts in full", () => {
  expect(human.rate(409.6e9)).toBe("409.6 GB/s");
  expect(human.size(64)).toBe("64 B");
  expect(human.size(3.2604e9)).toBe("3.26 GB");
  expect(human.amount(1_374_000)).toBe("1.37 M");
  expect(human.grouped(527_990_263)).toBe("527,990,263");
  expect(human.grouped(999)).toBe("999");
});

test("errors carry their sign, unless they vanish", () => {
  expect([-0.0031, 0.02, 0.00001].map(human.deviation)).toEqual(["-0.31 %", "+2.00 %", "0.00 %"]);
  expect([0.6132, 0.0421, 1, 0, 0.09996].map(human.percent)).toEqual([
    "61.3 %",
    "4.21 %",
    "100 %",
    "0 %",
    "10.0 %",
  ]);
});

test("bars grow by eighths of a character and stay within their width", () => {
  expect([0, 0.5, 1 / 32, 2].map((share) => human.bar(share, 4))).toEqual(["", "██", "▏", "████"]);
});
