/**
 * NSGA-II: many objectives at once, by generations of designs (Deb et al., "A Fast and Elitist Multiobjective Genetic Algorithm", IEEE TEC 2002).
 * A gene is the choice of one dimension, so that lists, ranges and zips are all alike. No design is worked out twice.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { choicesAt, type DesignSpace, indexOf } from "../config/space.ts";
import { type Costs, dominates } from "./pareto.ts";
import type { Row } from "./row.ts";
import type { Evaluate } from "./sweep.ts";
import { here } from "./sweep.ts";
import { costsOf } from "./table.ts";

export interface SearchOptions {
  /** The same seed finds the same designs, whoever works them out. */
  readonly seed?: number;
  /** Designs to work out, at most. */
  readonly budget: number;
  readonly population?: number;
  readonly evaluate?: Evaluate;
}

interface Member {
  readonly index: number;
  /** Undefined where it does not run, or misses a limit: worse than all that do. */
  readonly costs: Costs | undefined;
}

/** Rows as they are worked out, in an order that depends on the seed alone. */
export async function* search(
  space: DesignSpace,
  { seed = 1, budget, population = 40, evaluate = here(space) }: SearchOptions,
): AsyncGenerator<Row, void, void> {
  const generator = xoroshiro128plus(seed);
  const below = (count: number): number => uniformInt(generator, 0, count - 1);
  const seen = new Set<number>();
  const most = Math.min(budget, space.size);
  let parents: readonly Member[] = [];
  while (seen.size < most) {
    const wanted = Math.min(population, most - seen.size);
    const children: number[] = [];
    for (let child = 0; child < wanted; child++) {
      const index = unseen(space, seen, below, () => bred(space, parents, below));
      seen.add(index);
      children.push(index);
    }
    const rows = await Promise.all(children.map((index) => evaluate(index, index + 1)));
    const members = rows.flat().map((row): Member => ({ index: row.index, costs: costsOf(row, space) }));
    yield* rows.flat();
    parents = ranked([...parents, ...members]).slice(0, population);
  }
}

type Below = (count: number) => number;

/** A design that was not tried yet: as bred, or the next one free from a place drawn by lot. */
function unseen(space: DesignSpace, seen: ReadonlySet<number>, below: Below, make: () => number): number {
  for (let attempt = 0; attempt < 20; attempt++) {
    const index = make();
    if (!seen.has(index) && space.at(index) !== undefined) return index;
  }
  let index = below(space.size);
  while (seen.has(index)) index = (index + 1) % space.size;
  return index;
}

function bred({ size, dimensions }: DesignSpace, parents: readonly Member[], below: Below): number {
  const [mother, father] = [tournament(parents, below), tournament(parents, below)];
  if (mother === undefined || father === undefined) return below(size);
  const [a, b] = [choicesAt(mother.index, dimensions), choicesAt(father.index, dimensions)];
  const genes = dimensions.map(({ choices }, at) => {
    const gene = (below(2) === 0 ? a[at] : b[at]) ?? 0;
    if (below(dimensions.length) > 0) return gene;
    // Half of the mutations go to a neighbour, which on a range is the next value.
    if (below(2) === 0) return below(choices.length);
    return Math.min(choices.length - 1, Math.max(0, gene + (below(2) === 0 ? 1 : -1)));
  });
  return indexOf(genes, dimensions);
}

/** The better of two by lot; members stand in the order of their worth. */
function tournament(parents: readonly Member[], below: Below): Member | undefined {
  return parents.length === 0 ? undefined : parents[Math.min(below(parents.length), below(parents.length))];
}

/** The best first: by front, and within a front by how alone a member stands. */
function ranked(members: readonly Member[]): readonly Member[] {
  const order: Member[] = [];
  let rest = members.filter(({ costs }) => costs !== undefined);
  while (rest.length > 0) {
    const best = rest.filter(({ costs = [] }) => !rest.some((other) => dominates(other.costs ?? [], costs)));
    order.push(...crowded(best));
    rest = rest.filter((member) => !best.includes(member));
  }
  return [...order, ...members.filter(({ costs }) => costs === undefined)];
}

function crowded(members: readonly Member[]): readonly Member[] {
  const distance = new Map(members.map((member) => [member, 0]));
  for (const place of (members[0]?.costs ?? []).keys()) {
    const costOf = ({ costs }: Member): number => costs?.[place] ?? 0;
    const sorted = members.toSorted((a, b) => costOf(a) - costOf(b));
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) continue;
    const span = costOf(last) - costOf(first) || 1;
    for (const [at, member] of sorted.entries()) {
      const [before, after] = [sorted[at - 1], sorted[at + 1]];
      const gap =
        before === undefined || after === undefined
          ? Number.POSITIVE_INFINITY
          : (costOf(after) - costOf(before)) / span;
      distance.set(member, (distance.get(member) ?? 0) + gap);
    }
  }
  return members.toSorted((a, b) => (distance.get(b) ?? 0) - (distance.get(a) ?? 0) || a.index - b.index);
}
