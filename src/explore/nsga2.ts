/**
 * NSGA-II: many objectives at once, by generations of designs (Deb et al., "A Fast and Elitist Multiobjective Genetic Algorithm", IEEE TEC 2002).
 * A gene is the choice of one dimension, so that lists, ranges and zips are all alike. No design is asked for twice. Beyond the paper,
 * the front found so far is kept whole, and a half of each generation are neighbours of its members.
 */
import { choicesAt, type Dimension, indexOf } from "../config/dimension.ts";
import type { DesignSpace } from "../config/space.ts";
import { type Costs, dominates } from "./pareto.ts";
import {
  isDesign,
  type Lot,
  lots,
  moved,
  nearby,
  type Rival,
  type Strategy,
  type StrategyOptions,
  scattered,
  stepped,
  unseen,
} from "./strategy.ts";

type Member = Rival;

/** Designs of a generation: few, so that a small budget has many. */
const population = 20;

export function* nsga2(space: DesignSpace, { seed, points }: StrategyOptions): Strategy {
  const lot = lots(seed);
  const seen = new Set<number>();
  const most = Math.min(points, space.size);
  const { dimensions } = space;
  let parents: readonly Member[] = [];
  let front: readonly Member[] = [];
  while (seen.size < most) {
    const wanted = Math.min(population, most - seen.size);
    const drawn = parents.length === 0 ? scattered(wanted, dimensions, lot) : [];
    const asked: number[] = [];
    for (let child = 0; child < wanted; child++) {
      let first = drawn[child] ?? besideEnd(space, front, child, seen);
      const make = (): number => {
        const index =
          first ?? (child % 2 === 0 ? neighbour(front, dimensions, lot) : bred(parents, dimensions, lot));
        first = undefined;
        return index ?? lot(space.size);
      };
      const index = unseen(space, seen, lot, make);
      if (index === undefined) break;
      seen.add(index);
      asked.push(index);
    }
    if (asked.length === 0) return;
    const answers = yield { designs: asked };
    const members = asked.flatMap((index, at): Member[] => {
      const costs = answers[at];
      return costs === undefined ? [] : [{ index, costs }];
    });
    parents = ranked([...parents, ...members]).slice(0, population);
    front = crowded(undominated([...front, ...members]));
  }
}

/** The nearest design not yet seen of the front's end in an objective: the ends span most of what a front covers. */
function besideEnd(
  space: DesignSpace,
  front: readonly Member[],
  objective: number,
  seen: ReadonlySet<number>,
): number | undefined {
  const costOf = ({ costs }: Member): number => costs[objective] ?? Number.NaN;
  const [first] = front;
  if (first === undefined || objective >= first.costs.length) return undefined;
  const end = front.reduce((best, member) => (costOf(member) < costOf(best) ? member : best), first);
  return nearby(end.index, space.dimensions).find((index) => !seen.has(index) && isDesign(space, index));
}

function neighbour(front: readonly Member[], dimensions: readonly Dimension[], lot: Lot): number | undefined {
  const member = tournament(front, lot);
  return member === undefined ? undefined : moved(member.index, dimensions, lot);
}

function bred(parents: readonly Member[], dimensions: readonly Dimension[], lot: Lot): number | undefined {
  const [mother, father] = [tournament(parents, lot), tournament(parents, lot)];
  if (mother === undefined || father === undefined) return undefined;
  const [a, b] = [choicesAt(mother.index, dimensions), choicesAt(father.index, dimensions)];
  const genes = dimensions.map(({ choices }, at) => {
    const gene = (lot(2) === 0 ? a[at] : b[at]) ?? 0;
    return lot(dimensions.length) === 0 ? stepped(gene, choices.length, lot) : gene;
  });
  return indexOf(genes, dimensions);
}

/** The better of two by lot; members stand in the order of their worth. */
const tournament = (parents: readonly Member[], lot: Lot): Member | undefined =>
  parents.length === 0 ? undefined : parents[Math.min(lot(parents.length), lot(parents.length))];

/** The best first: by front, and within a front by how alone a member stands. */
function ranked(members: readonly Member[]): readonly Member[] {
  const order: Member[] = [];
  let rest = members;
  while (rest.length > 0) {
    const best = rest.filter(({ costs }) => !rest.some((other) => dominates(other.costs, costs)));
    order.push(...crowded(best));
    const taken = new Set(best);
    rest = rest.filter((member) => !taken.has(member));
  }
  return order;
}

const same = (a: Costs, b: Costs): boolean => a.every((cost, place) => cost === b[place]);

/** Of members that cost the same, the first. */
const undominated = (members: readonly Member[]): readonly Member[] =>
  members.filter(
    ({ costs }, at) =>
      !members.some(
        (other, before) => dominates(other.costs, costs) || (before < at && same(other.costs, costs)),
      ),
  );

function crowded(members: readonly Member[]): readonly Member[] {
  const distance = new Map(members.map((member) => [member, 0]));
  for (const place of (members[0]?.costs ?? []).keys()) {
    const costOf = ({ costs }: Member): number => costs[place] ?? 0;
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
