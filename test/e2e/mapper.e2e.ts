import { expect, test } from "vitest";
import { zigzagRules } from "../../src/mapping/cost.ts";
import { fittingProblems } from "../mapping/optimum.ts";

test("on 500 random small problems the optimum of each objective is that of all mappings there are, and is proven", () => {
  expect(fittingProblems({ numRuns: 640, seed: 20261121 })).toBeGreaterThanOrEqual(500);
});

test("and by ZigZag's rules on 100 others", () => {
  expect(fittingProblems({ numRuns: 130, seed: 20261125 }, zigzagRules)).toBeGreaterThanOrEqual(100);
});
