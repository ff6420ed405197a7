/** Choices around the loop order: which loops to unroll on the array, and which memories to bypass. */
import { type Operand, type OperandHierarchy, operands } from "../arch/operand-hierarchy.ts";
import { hierarchyMisfits } from "./check.ts";
import { type Mapped, type MapperOptions, mapped } from "./mapper.ts";
import type { Mapping } from "./mapping.ts";
import type { Dimension, Problem } from "./problem.ts";
import { spatialOf, type Unrolling } from "./unrolling.ts";

/** By dimension of the array: what may be unrolled on it, a loop or several that share it, the first as far as it goes. */
export type Unrollable = Readonly<Record<string, readonly (Dimension | readonly Dimension[])[]>>;

/** Every choice for each dimension of the array, as far as array and loops allow; the fewest cycles first. */
export function unrollingsOf(
  problem: Problem,
  { array }: OperandHierarchy,
  unrollable: Unrollable,
): readonly Unrolling[] {
  let choices: readonly Unrolling[] = [{}];
  for (const { name, size } of array)
    choices = choices.flatMap((choice) => {
      const more = (unrollable[name] ?? []).flatMap((loops): Unrolling[] => {
        const factors = shared(problem, choice, size, typeof loops === "string" ? [loops] : loops);
        return Object.keys(factors).length === 0 ? [] : [{ ...choice, [name]: factors }];
      });
      return more.length === 0 ? [choice] : more;
    });
  const cycles = (choice: Unrolling): number =>
    Object.values(spatialOf(problem, choice).temporal).reduce((product, times) => product * times, 1);
  return choices
    .map((choice) => ({ choice, cycles: cycles(choice) }))
    .sort((a, b) => a.cycles - b.cycles)
    .map(({ choice }) => choice);
}

/** One dimension of the array filled by loops in turn. */
function shared(
  problem: Problem,
  choice: Unrolling,
  size: number,
  loops: readonly Dimension[],
): Readonly<Partial<Record<Dimension, number>>> {
  const factors: Partial<Record<Dimension, number>> = {};
  let lanes = size;
  for (const dimension of loops) {
    const left = Math.ceil(problem.sizes[dimension] / unrolledSoFar(choice, dimension));
    const factor = Math.min(lanes, left);
    if (factor > 1) factors[dimension] = factor;
    lanes = Math.floor(lanes / factor);
  }
  return factors;
}

const unrolledSoFar = (choice: Unrolling, dimension: Dimension): number =>
  Object.values(choice).reduce((product, factors) => product * (factors[dimension] ?? 1), 1);

/** Every set of operands that may be kept out of memories, none first. */
export function bypassesOf({ memories }: OperandHierarchy): readonly NonNullable<Mapping["bypass"]>[] {
  let sets: readonly Readonly<Record<string, readonly Operand[]>>[] = [{}];
  for (const { name, mayBypass } of memories)
    for (const operand of mayBypass)
      sets = sets.flatMap((set) => [set, { ...set, [name]: [...(set[name] ?? []), operand] }]);
  return sets;
}

/** The hierarchy without the operands that the mapping keeps out of its memories. */
export const bypassed = (hierarchy: OperandHierarchy, bypass: Mapping["bypass"] = {}): OperandHierarchy => ({
  ...hierarchy,
  memories: hierarchy.memories.map((memory) => {
    const out = bypass[memory.name] ?? [];
    return out.length === 0
      ? memory
      : {
          ...memory,
          operands: operands.filter((each) => memory.operands.includes(each) && !out.includes(each)),
        };
  }),
});

/**
 * The best over unrollings and bypasses. Its bound holds for the choices tried.
 * @param unrollings at least one; each is searched with every bypass
 */
export function bestMapped(
  problem: Problem,
  hierarchy: OperandHierarchy,
  unrollings: readonly Unrolling[],
  options: MapperOptions,
): Mapped | undefined {
  let best: Mapped | undefined;
  let bound = Number.POSITIVE_INFINITY;
  let steps = 0;
  for (const bypass of bypassesOf(hierarchy)) {
    const reduced = bypassed(hierarchy, bypass);
    if (hierarchyMisfits(problem, reduced).length > 0) continue;
    for (const unrolling of unrollings) {
      const found = mapped(problem, reduced, unrolling, options);
      if (found === undefined) continue;
      steps += found.steps;
      bound = Math.min(bound, found.bound);
      const named = Object.keys(bypass).length === 0 ? found.mapping : { ...found.mapping, bypass };
      if (best === undefined || found.value < best.value) best = { ...found, mapping: named };
    }
  }
  return best === undefined ? undefined : { ...best, bound, gap: Math.max(0, 1 - bound / best.value), steps };
}
