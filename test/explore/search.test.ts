import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { type Costs, dominates, front, hypervolume } from "../../src/explore/pareto.ts";
import type { Row } from "../../src/explore/row.ts";
import { type Ask, search } from "../../src/explore/search.ts";
import { costsOf } from "../../src/explore/table.ts";
import { formatProblems } from "../../src/index.ts";
import { library } from "../library.ts";

describe("a front", () => {
  const costs = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
    {
      maxLength: 30,
    },
  );

  test("has exactly the points that no other dominates, whatever the order", () => {
    fc.assert(
      fc.property(costs, (points) => {
        const best = front<number>();
        for (const [at, point] of points.entries()) best.add(point, at);
        const expected = points.flatMap((point, at) =>
          points.some((other) => dominates(other, point)) ? [] : [at],
        );
        expect(
          best
            .members()
            .map(({ of }) => of)
            .sort((a, b) => a - b),
        ).toEqual(expected);
      }),
    );
  });

  test("covers the unit cubes that some point is below of", () => {
    const covered = (points: readonly Costs[]): number => {
      let count = 0;
      for (let x = 0; x < 9; x++)
        for (let y = 0; y < 9; y++)
          for (let z = 0; z < 9; z++)
            if (points.some(([a = 0, b = 0, c = 0]) => a <= x && b <= y && c <= z)) count++;
      return count;
    };
    fc.assert(
      fc.property(costs, (points) => {
        expect(hypervolume(points, [9, 9, 9])).toBe(covered(points));
      }),
      { numRuns: 50 },
    );
  });

  test("of two points by pencil", () => {
    // Reference 4, 4: a block of 3 x 1 and one of 1 x 3 that share a cell of 1 x 1.
    expect(
      hypervolume(
        [
          [1, 3],
          [3, 1],
        ],
        [4, 4],
      ),
    ).toBe(5);
  });
});

describe("NSGA-II", () => {
  const experiment = {
    name: "grid",
    title: "A grid with a front by pencil",
    source: "a test",
    hardware: "dfx-u280",
    workload: "gpt2-medium",
    sweep: {
      product: {
        "units.matrix.width": { from: 1, to: 60, by: 1 },
        "units.matrix.lanes": { from: 1, to: 60, by: 1 },
      },
      where: ["width + lanes != 60"],
      minimize: ["energyJoules"],
      maximize: ["tokensPerSecond"],
    },
  };
  const opened = designSpace({ file: "grid.yaml", text: JSON.stringify(experiment) }, library);
  if (!opened.ok) throw new Error(formatProblems(opened.problems));
  const space = opened.value;

  /** Less width is less energy, more of it more tokens; lanes only cost. The front is lanes = 1. */
  const rowOf = (index: number): Row | undefined => {
    const parameters = space.at(index);
    if (parameters === undefined || parameters instanceof Error) return undefined;
    const [width, lanes] = [
      Number(parameters["units.matrix.width"]),
      Number(parameters["units.matrix.lanes"]),
    ];
    const results = { energyJoules: width + lanes, tokensPerSecond: width - lanes / 100 };
    return { index, status: "done", parameters, reason: "", feasible: width < 50, results };
  };
  const ask: Ask = async ({ designs }) => designs.map(rowOf).filter((row) => row !== undefined);
  const found = async (seed: number, points: number): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for await (const row of search(space, { seed, points, ask })) rows.push(row);
    return rows;
  };

  test("finds a straight front of 49 designs among 3600, of which each counts alike, to 98 % with 180, for ten seeds", async () => {
    const points = (rows: readonly Row[]): Costs[] =>
      rows.flatMap((row) => [costsOf(row, space) ?? []]).filter((each) => each.length > 0);
    const all = Array.from({ length: space.size }, (_, index) => rowOf(index)).filter(
      (row) => row !== undefined,
    );
    const whole = hypervolume(points(all), [120, 0]);
    for (let seed = 1; seed <= 10; seed++) {
      const rows = await found(seed, space.size / 20);
      expect(rows.length).toBeLessThanOrEqual(space.size / 20);
      expect(hypervolume(points(rows), [120, 0]) / whole).toBeGreaterThan(0.98);
    }
  });

  test("finds the same designs with the same seed, none twice and none that conditions leave out", async () => {
    const [once, again, other] = [await found(3, 150), await found(3, 150), await found(4, 150)];
    const indexes = (rows: readonly Row[]) => rows.map(({ index }) => index);
    expect(indexes(again)).toEqual(indexes(once));
    expect(indexes(other)).not.toEqual(indexes(once));
    expect(new Set(indexes(once)).size).toBe(once.length);
    expect(once.every(({ index }) => space.at(index) !== undefined)).toBe(true);
  });

  test("with a budget of all designs finds each", async () => {
    expect((await found(1, 1e9)).length).toBe(space.size - 59);
  });

  test.each(["nsga2", "annealing", "enumerate"] as const)(
    "%s ends where no design is left",
    async (method) => {
      const few = designSpace(
        {
          file: "few.yaml",
          text: JSON.stringify({
            ...experiment,
            sweep: {
              product: { "units.matrix.width": [1, 2, 3, 4], "units.matrix.lanes": [1, 2, 3, 4] },
              where: ["width + lanes >= 7"],
              minimize: ["energyJoules"],
            },
          }),
        },
        library,
      );
      if (!few.ok) throw new Error(formatProblems(few.problems));
      const { at, size } = few.value;
      const lookedAt: number[] = [];
      const told: Ask = async ({ designs }) =>
        designs.flatMap((index): Row[] => {
          const parameters = at(index);
          if (parameters === undefined || parameters instanceof Error) return [];
          lookedAt.push(index);
          return [{ index, status: "unfit", parameters, reason: "none runs", feasible: false }];
        });
      for await (const _ of search(few.value, { method, seed: 1, points: size, ask: told }));
      // 3 + 4, 4 + 3 and 4 + 4.
      expect(lookedAt.sort((a, b) => a - b)).toEqual([11, 14, 15]);
    },
  );
});
