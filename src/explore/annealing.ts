/**
 * Simulated annealing: one number to be as small as can be, by steps that may lead uphill while it is warm (Kirkpatrick, Gelatt and Vecchi,
 * "Optimization by Simulated Annealing", Science 1983). Chains walk side by side, so that workers have something to do; each round is a restart,
 * some chains from the best design so far and some from afar. Steps are judged by the ratio of costs, whatever their unit.
 */
import type { DesignSpace } from "../config/space.ts";
import type { Costs } from "./pareto.ts";
import {
  isDesign,
  lots,
  moved,
  nearby,
  type Strategy,
  type StrategyOptions,
  scattered,
  unseen,
} from "./strategy.ts";

export interface AnnealingOptions extends StrategyOptions {
  /** What each objective counts for; by default all the same. */
  readonly weights?: readonly number[];
}

const chains = 4;
const rounds = 3;
/** The share of designs that chains walk over; the others are the nearest ones of the best. */
const walked = 0.6;
/** A step to a cost e^0.3 times as large is taken by e^-1 of chances at the begin of a round, at its end one to e^0.003 times. */
const temperature = { first: 0.3, last: 0.003 };
/** Steps to designs that are known cost nothing; after so many of them a chain starts elsewhere. */
const freeSteps = 50;

export function* annealing(space: DesignSpace, { seed, points, weights }: AnnealingOptions): Strategy {
  const lot = lots(seed);
  const { dimensions } = space;
  const most = Math.min(points, space.size);
  const levels = new Map<number, number>();
  const asked = new Set<number>();
  let best: number | undefined;
  const free = (index: number): boolean => !asked.has(index) && isDesign(space, index);
  const anyFree = (): number | undefined => unseen(space, asked, lot, () => lot(space.size));
  const levelOf = (index: number): number => levels.get(index) ?? Number.POSITIVE_INFINITY;

  function* ask(indexes: readonly number[]): Strategy {
    for (const index of indexes) asked.add(index);
    const answers = yield { designs: indexes };
    for (const [at, index] of indexes.entries()) {
      levels.set(index, level(answers[at], weights));
      if (best === undefined || levelOf(index) < levelOf(best)) best = index;
    }
  }

  for (let round = 0; round < rounds; round++) {
    const [from, until] = [asked.size, Math.round((most * walked * (round + 1)) / rounds)];
    const places = scattered(chains, dimensions, lot).map((start, chain) =>
      best !== undefined && chain % 2 === 0 ? best : start,
    );
    for (let first = true; asked.size < until; first = false) {
      const along = (asked.size - from) / (until - from);
      const warm = temperature.first * (temperature.last / temperature.first) ** along;
      const accepts = (before: number, after: number): boolean =>
        after <= before || lot(1_000_000) < 1_000_000 * Math.exp((before - after) / warm);
      const proposals: number[] = [];
      for (const chain of places.slice(0, until - asked.size).keys()) {
        let place = places[chain] ?? 0;
        let next: number | undefined = place;
        // Steps to designs that are known cost nothing.
        for (let step = first ? 0 : 1; next !== undefined && !free(next); step++) {
          if (levels.has(next) && accepts(levelOf(place), levelOf(next))) place = next;
          next = step < freeSteps ? moved(place, dimensions, lot) : anyFree();
        }
        places[chain] = place;
        if (next === undefined) break;
        asked.add(next);
        proposals.push(next);
      }
      if (proposals.length === 0) return;
      yield* ask(proposals);
      for (const [chain, index] of proposals.entries())
        if (accepts(levelOf(places[chain] ?? 0), levelOf(index))) places[chain] = index;
    }
  }
  const near = new Map<number, readonly number[]>();
  for (let turn = 0; asked.size < most; turn++) {
    // Where several cost the same, around each in turn: from one of them a better one may be nearer.
    const tied = [...levels.keys()].filter((index) => best !== undefined && levelOf(index) === levelOf(best));
    const centre = tied[turn % tied.length] ?? lot(space.size);
    const around = (near.get(centre) ?? nearby(centre, dimensions)).filter(free);
    near.set(centre, around);
    const other = around.length > 0 ? undefined : anyFree();
    const asks = other === undefined ? around : [other];
    if (asks.length === 0) return;
    yield* ask(asks.slice(0, Math.min(chains, most - asked.size)));
  }
}

/** The weighted logarithm of all costs: of a product of powers the least is where that of its logarithm is. Infinite where there is none. */
function level(costs: Costs | undefined, weights: readonly number[] = []): number {
  if (costs === undefined || costs.some(Number.isNaN)) return Number.POSITIVE_INFINITY;
  const terms = costs.map(
    (cost, place) =>
      (weights[place] ?? 1) *
      (cost > 0 ? Math.log(cost) : cost < 0 ? -Math.log(-cost) : cost === 0 ? -1e3 : 0),
  );
  return terms.reduce((sum, term) => sum + term, 0);
}
