/** Searches over the two shipped spaces, as all their designs were recorded: what they find, and with how little. */
import { describe, expect, test } from "vitest";
import { annealing } from "../../src/explore/annealing.ts";
import { enumeration } from "../../src/explore/enumeration.ts";
import { evaluator } from "../../src/explore/evaluate.ts";
import { nsga2 } from "../../src/explore/nsga2.ts";
import { type Costs, dominates } from "../../src/explore/pareto.ts";
import type { Rival } from "../../src/explore/strategy.ts";
import { coverage, followed, frontOf, landscape, type Recorded } from "./landscape/landscape.ts";

const seeds = Array.from({ length: 10 }, (_, at) => at + 1);
const numberAt = ({ design }: Recorded, path: string): number => Number(design[path]);

/** Costs as the experiments' objectives have them, from what was recorded and the parameters. */
const dfx = {
  ...landscape("dfx-space"),
  multipliers: (row: Recorded) =>
    numberAt(row, "hardware.units.matrix.width") * numberAt(row, "hardware.units.matrix.lanes"),
  costs(row: Recorded): Costs {
    const [input, output] = [numberAt(row, "workload.inputTokens"), numberAt(row, "workload.outputTokens")];
    return [row.energyJoules / (input + output), dfx.multipliers(row), -output / row.latencySeconds];
  },
};
const fabnet = {
  ...landscape("fabnet-space"),
  multipliers: (row: Recorded) =>
    numberAt(row, "hardware.units.engine.engines") *
      numberAt(row, "hardware.units.engine.unitsPerEngine") *
      4 +
    64 * numberAt(row, "hardware.units.queryKey.lanes"),
  costs: (row: Recorded): Costs => [row.latencySeconds, fabnet.multipliers(row), -row.parameters],
};

describe.each([
  ["dfx-space", dfx],
  ["fabnet-space", fabnet],
])("of %s", (_, { space, recorded, costs }) => {
  test("what was recorded is what a design costs", () => {
    const { row, bound } = evaluator(space);
    for (let at = 0; at < 5; at++) {
      const index = Math.floor((at * space.size) / 5) + 37 * at;
      const results = row(index)?.results;
      const known = recorded[index];
      expect(results === undefined).toBe(known === undefined);
      if (results === undefined || known === undefined) continue;
      for (const name of ["latencySeconds", "energyJoules", "parameters"] as const)
        expect(known[name] / (results[name] ?? 0)).toBeCloseTo(1, 8);
      const least = bound(index)?.results ?? {};
      expect(known.leastSeconds / (least["latencySeconds"] ?? 0)).toBeCloseTo(1, 8);
      expect(known.leastJoules / (least["energyJoules"] ?? 0)).toBeCloseTo(1, 8);
      const expected = costs(known);
      for (const [place, { expression, better }] of space.objectives.entries())
        expect((expected[place] ?? 0) / (results[expression] ?? 0)).toBeCloseTo(
          better === "less" ? 1 : -1,
          7,
        );
    }
  });

  test("NSGA-II covers 99 % of the whole front with a twentieth of the designs, with each of ten seeds", () => {
    const all = recorded.map((row) => row && costs(row));
    const points = Math.floor(space.size / 20);
    const covered = coverage(all);
    for (const seed of seeds) {
      const looked = followed(nsga2(space, { seed, points }), all);
      expect(new Set(looked).size).toBe(points);
      expect(covered(looked)).toBeGreaterThan(0.99);
    }
  });
});

describe.each([
  ["dfx-space", dfx, 3400],
  ["fabnet-space", fabnet, 9100],
])("enumeration of %s", (_, { space, recorded, costs }, expected) => {
  test("leaves out no design of the whole front, and many others", () => {
    const all = recorded.map((row) => row && costs(row));
    const least = recorded.map(
      (row) => row && costs({ ...row, latencySeconds: row.leastSeconds, energyJoules: row.leastJoules }),
    );
    const beaten = (index: number, rivals: readonly Rival[]): boolean => {
      const bound = least[index];
      return bound !== undefined && rivals.some((rival) => dominates(rival.costs, bound));
    };
    const looked = followed(enumeration(space, { seed: 1, points: space.size }), all, beaten);
    const whole = frontOf(all, [...all.keys()]);
    expect(frontOf(all, looked)).toEqual(whole);
    const ran = recorded.filter((row) => row !== undefined).length;
    const skipped = ran - looked.filter((index) => recorded[index] !== undefined).length;
    expect(skipped).toBeGreaterThan(expected);
  });
});

describe("annealing finds the best of all designs with a twentieth of them, with nine seeds of ten", () => {
  const goals: readonly (readonly [string, (row: Recorded) => number])[] = [
    ["latency", ({ latencySeconds }) => latencySeconds],
    ["energy", ({ energyJoules }) => energyJoules],
    ["energy times latency", ({ energyJoules, latencySeconds }) => energyJoules * latencySeconds],
  ];
  const long = (row: Recorded) => numberAt(row, "workload.outputTokens") >= 64;
  const learns = ({ parameters }: Recorded) => parameters >= 50_000;
  const attends = (row: Recorded) => numberAt(row, "workload.model.num_attention_layers") === 1;
  const versions = goals.flatMap(([goal, of]) => [
    {
      name: `${goal} of DFX for 64 tokens and more, with at most 1024 multipliers`,
      space: dfx.space,
      costs: dfx.recorded.map((row) =>
        row && long(row) && dfx.multipliers(row) <= 1024 ? [of(row)] : undefined,
      ),
    },
    {
      name: `${goal} of FABNet with attention and 50,000 parameters and more, with at most 2048 multipliers`,
      space: fabnet.space,
      costs: fabnet.recorded.map((row) =>
        row && learns(row) && attends(row) && fabnet.multipliers(row) <= 2048 ? [of(row)] : undefined,
      ),
    },
  ]);

  test.each(versions)("$name", ({ space, costs }) => {
    const best = (looked: Iterable<number>): number =>
      [...looked].reduce(
        (least, index) => Math.min(least, costs[index]?.[0] ?? least),
        Number.POSITIVE_INFINITY,
      );
    const least = best(costs.keys());
    const points = Math.floor(space.size / 20);
    const hits = seeds.filter((seed) => best(followed(annealing(space, { seed, points }), costs)) === least);
    expect(hits.length).toBeGreaterThanOrEqual(9);
  });
});

test("annealing of several objectives makes the product of their powers least", () => {
  const { space, recorded, costs } = fabnet;
  const all = recorded.map((row) => row && costs(row));
  const weights = [1, 0.5, 2];
  const level = (each: Costs | undefined): number =>
    each === undefined
      ? Number.POSITIVE_INFINITY
      : each.reduce(
          (product, cost, place) => product * Math.abs(cost) ** (Math.sign(cost) * (weights[place] ?? 0)),
          1,
        );
  const looked = followed(annealing(space, { seed: 1, points: 691, weights }), all);
  const least = (indexes: Iterable<number>) => Math.min(...[...indexes].map((index) => level(all[index])));
  expect(least(looked) / least(all.keys())).toBeCloseTo(1, 9);
});
