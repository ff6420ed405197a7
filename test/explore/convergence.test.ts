import { expect, test } from "vitest";
import { convergenceOf } from "../../src/explore/convergence.ts";

const objectives = [
  { expression: "latencySeconds", better: "less" },
  { expression: "tokensPerSecond", better: "more" },
] as const;

test("after each question the front, the best and the area it covers up to the worst of all, by pencil", () => {
  // Less latency and more tokens: costs are latency and tokens less than zero. The worst are 5 and 1 token.
  const batches = [
    [[4, -3], undefined],
    [],
    [
      [5, -3],
      [2, -1],
    ],
    [
      [3, -4],
      [2, -2],
    ],
  ];
  expect(convergenceOf(batches, objectives)).toEqual({
    objectives,
    reference: [5, 1],
    steps: [
      { designs: 2, front: 1, best: [4, 3], hypervolume: (5 - 4) * (3 - 1) },
      { designs: 2, front: 1, best: [4, 3], hypervolume: 2 },
      // 2 with 1 token stands on the reference and covers nothing.
      { designs: 4, front: 2, best: [2, 3], hypervolume: 2 },
      // 3 with 4 tokens beats 4 with 3: 2 by 3 cells, and 1 by 1 of 2 with 2 beside them.
      { designs: 6, front: 2, best: [2, 4], hypervolume: 7 },
    ],
  });
});

test("where no design is feasible there is no step", () => {
  expect(convergenceOf([[undefined], [undefined]], objectives)).toEqual({
    objectives,
    reference: [],
    steps: [],
  });
});
