/** The mapper against every mapping there is, on random small problems. */
import fc from "fast-check";
import { expect } from "vitest";
import { mappingMisfits } from "../../src/mapping/check.ts";
import { type CostRules, ownRules } from "../../src/mapping/cost.ts";
import { mapped } from "../../src/mapping/mapper.ts";
import { objectives } from "../../src/mapping/objective.ts";
import { spatialOf } from "../../src/mapping/unrolling.ts";
import { bruteForce } from "./brute-force.ts";
import { cases } from "./random-machine.ts";

/** @returns how many of the problems fit their machine */
export function fittingProblems(
  draw: { readonly numRuns: number; readonly seed: number },
  rules: CostRules = ownRules,
): number {
  let fitting = 0;
  fc.assert(
    fc.property(cases, ({ problem, hierarchy, unrolling }) => {
      // ZigZag rounds what lanes hold that are not always full; what fits is told by the mean.
      const { lanes } = spatialOf(problem, unrolling);
      fc.pre(rules.lanes === "mean" || lanes.every(({ mean }) => Number.isInteger(mean)));
      const least = bruteForce(problem, hierarchy, unrolling, rules);
      for (const objective of objectives) {
        const found = mapped(problem, hierarchy, unrolling, { objective, rules, steps: 1e7 });
        if (found === undefined) {
          expect(least[objective]).toBe(Number.POSITIVE_INFINITY);
          continue;
        }
        fitting += 1;
        expect(mappingMisfits(problem, hierarchy, found.mapping)).toEqual([]);
        expect(found.value / least[objective]).toBeCloseTo(1, 9);
        expect(found.bound).toBeLessThanOrEqual(least[objective] * (1 + 1e-9));
        expect(found.gap).toBeLessThan(1e-9);
        // Wherever the search ends, no bound of a place that still waits is above the optimum.
        for (const steps of [1, 10, 30]) {
          const early = mapped(problem, hierarchy, unrolling, { objective, rules, steps });
          expect(early?.bound).toBeLessThanOrEqual(least[objective] * (1 + 1e-9));
          expect(early?.value).toBeGreaterThanOrEqual(least[objective] * (1 - 1e-9));
        }
      }
    }),
    draw,
  );
  return fitting / objectives.length;
}
