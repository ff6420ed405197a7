import { expect, test } from "vitest";
import { metric } from "../../src/explore/label.ts";

test.each([
  ["latencySeconds", 0.0125, "12.50 ms"],
  ["phases.decode.latencySeconds", 2, "2.000 s"],
  ["averagePowerWatts", 33.5, "33.5 W"],
  ["tokensPerSecond", 96.93, "96.93"],
  ["resources.total.dsp", 0, "0"],
  // Joules times seconds: the last word's unit is not the product's.
  ["energyJoules * latencySeconds", 7.525e-5, "0.00007525"],
  ["energyJoules * latencySeconds", 12.5, "12.50"],
  ["energyJoules", Number.NaN, ""],
])("%s of %d is told as %s", (name, value, told) => {
  expect(metric(name, value)).toBe(told);
});
