import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Choice, chooseCompression, type MatrixChoices } from "../../src/explore/compression.ts";

type Problem = readonly MatrixChoices<Choice>[];

/** Every combination of the two halves, joined: the least drop within the bound, or Infinity. */
function bruteForce(matrices: Problem, bound: number): number {
  const combinations = (part: Problem): readonly { cost: number; drop: number }[] =>
    part.reduce<readonly { cost: number; drop: number }[]>(
      (all, { choices }) =>
        all.flatMap(({ cost, drop }) =>
          choices.map((choice) => ({ cost: cost + choice.cost, drop: drop + choice.drop })),
        ),
      [{ cost: 0, drop: 0 }],
    );
  const middle = Math.ceil(matrices.length / 2);
  const right = [...combinations(matrices.slice(middle))].sort((a, b) => a.cost - b.cost);
  const best: number[] = [];
  for (const { drop } of right) best.push(Math.min(drop, best.at(-1) ?? Infinity));
  let least = Infinity;
  for (const { cost, drop } of combinations(matrices.slice(0, middle))) {
    // The dearest right half that still fits.
    let [low, high] = [0, right.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if ((right[half]?.cost ?? 0) <= bound - cost) low = half + 1;
      else high = half;
    }
    if (low > 0) least = Math.min(least, drop + (best[low - 1] ?? Infinity));
  }
  return least;
}

/** Whole costs and drops, so that sums are exact. */
const problem = (matrices: number, choices: number): fc.Arbitrary<{ matrices: Problem; bound: number }> => {
  const choice = fc.record({ cost: fc.integer({ min: 0, max: 60 }), drop: fc.integer({ min: 0, max: 60 }) });
  const one = fc.array(choice, { minLength: 1, maxLength: choices });
  return fc.record({
    matrices: fc.array(one, { minLength: 1, maxLength: matrices }).map((all) =>
      all.map((list, index) => ({
        matrix: `m${index}`,
        choices: list.map((each, label) => ({ ...each, label: String(label) })),
      })),
    ),
    bound: fc.integer({ min: 0, max: 30 * matrices }),
  });
};

const equalsBruteForce = ({ matrices, bound }: { matrices: Problem; bound: number }): void => {
  const found = chooseCompression(matrices, bound);
  const least = bruteForce(matrices, bound);
  if (found.status === "unfit") {
    expect(least).toBe(Infinity);
    return;
  }
  expect(found.optimal).toBe(true);
  expect(found.drop).toBe(least);
  expect(found.cost).toBeLessThanOrEqual(bound);
  expect(found.chosen).toHaveLength(matrices.length);
  for (const [index, choice] of found.chosen.entries()) expect(matrices[index]?.choices).toContain(choice);
  expect(found.cost).toBe(found.chosen.reduce((sum, { cost }) => sum + cost, 0));
};

describe("the search over encodings", () => {
  test("equals brute force on small problems of every kind", () => {
    fc.assert(fc.property(problem(5, 4), equalsBruteForce), { numRuns: 3000 });
  });

  test("equals brute force up to twelve matrices of four choices", () => {
    fc.assert(fc.property(problem(12, 4), equalsBruteForce), { numRuns: 150 });
  });

  test("equals brute force where costs are the storage of real encodings and few bounds leave slack", () => {
    const law = fc.property(fc.integer({ min: 0, max: 100 }), fc.integer(), (percent, seed) => {
      let state = seed >>> 0;
      const random = (): number => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 8;
      };
      const matrices = Array.from({ length: 12 }, (_, index) => {
        const size = [1, 1, 1, 1, 4, 4][index % 6] ?? 1;
        const choices = [19, 38, 72, 128].map((bits, rank) => ({
          label: String(bits),
          cost: bits * size,
          drop: (3 - rank) * (1 + (random() % 40)),
        }));
        return { matrix: `m${index}`, choices };
      });
      const [low, high] = [19 * 24, 128 * 24];
      equalsBruteForce({ matrices, bound: Math.floor(low + ((high - low) * percent) / 100) });
    });
    fc.assert(law, { numRuns: 60 });
  });

  test("greedy alone, and a search that runs out of nodes, keep the bound and know how far they may be off", () => {
    const law = fc.property(problem(12, 4), fc.integer({ min: 0, max: 20 }), ({ matrices, bound }, nodes) => {
      const found = chooseCompression(matrices, bound, { nodes });
      const least = bruteForce(matrices, bound);
      if (found.status === "unfit") expect(least).toBe(Infinity);
      else {
        expect(found.cost).toBeLessThanOrEqual(bound);
        expect(found.drop).toBeGreaterThanOrEqual(least);
        expect(found.leastDrop).toBeLessThanOrEqual(least + 1e-9);
        if (found.optimal) expect(found.drop).toBe(least);
      }
    });
    fc.assert(law, { numRuns: 300 });
  });

  test("a thousand matrices are chosen in seconds, within the bound", () => {
    const matrices = Array.from({ length: 1000 }, (_, index) => ({
      matrix: `m${index}`,
      choices: [1, 2, 4, 8].map((cost) => ({
        label: String(cost),
        cost: cost * (1 + (index % 7)),
        drop: (index % 13) / cost,
      })),
    }));
    const found = chooseCompression(matrices, 9000, { nodes: 2000 });
    expect(found.status === "done" && found.cost).toBeLessThanOrEqual(9000);
    // The relaxation is off by less than one step of one matrix.
    expect(found.status === "done" && found.drop - found.leastDrop).toBeLessThan(12);
  });

  test("a bound that nothing meets is unfit, with the sum that shows it", () => {
    const matrices = [{ matrix: "query", choices: [{ label: "1:8", cost: 19, drop: 1 }] }];
    expect(chooseCompression(matrices, 18)).toEqual({
      status: "unfit",
      reason: "the smallest choices of all matrices cost 19 > 18",
    });
  });
});
