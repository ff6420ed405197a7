import { expect, test } from "vitest";
import { curveOf } from "../../src/report/curve.ts";

const at = (x: number, latencySeconds: number) => ({ x, latencySeconds });

test("a step's return is its saving for what it adds, over the whole curve's", () => {
  // 90 s over 9 units on average; the steps save 60 over 1, 28 over 2 and 2 over 6.
  const points = curveOf("width", [at(1, 100), at(2, 40), at(4, 12), at(10, 10)], 0.1);
  expect(points.map(({ marginalReturn }) => marginalReturn)).toEqual([6, 1.4, 1 / 30, undefined]);
  expect(points.map(({ speedup }) => speedup)).toEqual([1, 2.5, 100 / 12, 10]);
  expect(points.map(({ ofFastest }) => ofFastest)).toEqual([0.1, 0.25, 10 / 12, 1]);
  expect(points.map(({ saturated }) => saturated)).toEqual([false, false, true, true]);
});

test("points in any order belong to the same curve", () => {
  const points = curveOf("width", [at(10, 10), at(1, 100), at(4, 12), at(2, 40)], 0.1);
  expect(points.map(({ saturated }) => saturated)).toEqual([true, false, true, false]);
});

test("a curve that still falls in its last step is saturated nowhere, its last point neither", () => {
  const points = curveOf("width", [at(1, 100), at(2, 50), at(3, 0.5)], 0.1);
  expect(points.map(({ saturated }) => saturated)).toEqual([false, false, false]);
});

test("a flat part before a fall is not saturated", () => {
  const points = curveOf("width", [at(1, 100), at(2, 100), at(3, 50), at(4, 50)], 0.1);
  expect(points.map(({ saturated }) => saturated)).toEqual([false, false, true, true]);
});

test("a curve that is flat all along returns nothing and is saturated from its start", () => {
  const points = curveOf("width", [at(1, 5), at(2, 5)], 0.1);
  expect(points.map(({ marginalReturn, saturated }) => [marginalReturn, saturated])).toEqual([
    [0, true],
    [undefined, true],
  ]);
  expect(curveOf("width", [], 0.1)).toEqual([]);
});
