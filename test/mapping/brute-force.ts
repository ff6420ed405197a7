/** Every order of prime loops, every place of every memory: slow, short, and knows nothing of bounds. */
import { type Operand, type OperandHierarchy, operands } from "../../src/arch/operand-hierarchy.ts";
import { tileMisfits } from "../../src/mapping/check.ts";
import { type CostRules, costOf } from "../../src/mapping/cost.ts";
import { primesOf } from "../../src/mapping/lattice.ts";
import type { Loop, Mapping } from "../../src/mapping/mapping.ts";
import { type Objective, objectives, objectiveValue } from "../../src/mapping/objective.ts";
import { dimensions, type Problem } from "../../src/mapping/problem.ts";
import { pathOf, spatialOf, type Unrolling } from "../../src/mapping/unrolling.ts";

/** The smallest value of any mapping that fits, by objective; infinite when none does. */
export function bruteForce(
  problem: Problem,
  hierarchy: OperandHierarchy,
  unrolling: Unrolling,
  rules: CostRules,
): Readonly<Record<Objective, number>> {
  const { temporal } = spatialOf(problem, unrolling);
  const loops = dimensions.flatMap((dimension) =>
    [...primesOf(temporal[dimension])].flatMap(([times, count]) =>
      Array.from({ length: count }, (): Loop => ({ dimension, times })),
    ),
  );
  const best = {
    latency: Number.POSITIVE_INFINITY,
    energy: Number.POSITIVE_INFINITY,
    product: Number.POSITIVE_INFINITY,
  };
  for (const order of orders(loops))
    for (const covers of allCovers(hierarchy, order.length)) {
      const mapping: Mapping = { unrolling, loops: order, covers };
      if (tileMisfits(problem, hierarchy, mapping).length > 0) continue;
      const cost = costOf(problem, hierarchy, mapping, rules);
      for (const objective of objectives)
        best[objective] = Math.min(best[objective], objectiveValue(cost, objective));
    }
  return best;
}

function* orders(loops: readonly Loop[]): Generator<readonly Loop[]> {
  if (loops.length === 0) yield [];
  const tried = new Set<string>();
  for (const [index, first] of loops.entries()) {
    const key = `${first.dimension} ${first.times}`;
    if (tried.has(key)) continue;
    tried.add(key);
    for (const rest of orders(loops.filter((_, other) => other !== index))) yield [first, ...rest];
  }
}

function* allCovers(
  hierarchy: OperandHierarchy,
  loops: number,
): Generator<Record<Operand, readonly number[]>> {
  const of = (operand: Operand) => [...ascending(pathOf(hierarchy, operand).length - 1, 0, loops)];
  const [outputs, weights, inputs] = operands.map(of);
  for (const O of outputs ?? [])
    for (const W of weights ?? [])
      for (const I of inputs ?? []) yield { O: [...O, loops], W: [...W, loops], I: [...I, loops] };
}

function* ascending(count: number, from: number, to: number): Generator<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= to; first += 1)
    for (const rest of ascending(count - 1, first, to)) yield [first, ...rest];
}
