import { expect, test } from "vitest";
import { zigzagRules } from "../../src/mapping/cost.ts";
import { fittingProblems } from "./optimum.ts";

// All 500 are in test/e2e/mapper.e2e.ts.
test("on 60 random small problems the optimum of each objective is that of all mappings there are, and is proven", () => {
  expect(fittingProblems({ numRuns: 80, seed: 20261122 })).toBeGreaterThanOrEqual(60);
});

test("by ZigZag's rules too, on 12 others", () => {
  expect(fittingProblems({ numRuns: 16, seed: 20261123 }, zigzagRules)).toBeGreaterThanOrEqual(12);
});
