/** How a search came on: after each of its questions, what was found by then. */
import type { Objective } from "../config/space.ts";
import { type Costs, front, hypervolume } from "./pareto.ts";

export interface Convergence {
  readonly objectives: readonly Objective[];
  /** The worst that any design has in each objective; up to it volumes are measured. */
  readonly reference: readonly number[];
  readonly steps: readonly Step[];
}

export interface Step {
  /** Designs looked at. */
  readonly designs: number;
  /** Designs on the front, those with the same costs each. */
  readonly front: number;
  /** The best of each objective. */
  readonly best: readonly number[];
  /** Exact; absent for one objective, and for more than three, where it is dear. */
  readonly hypervolume?: number;
}

/** What the designs of one question cost; absent where one does not run, or misses a limit. */
export type Batch = readonly (Costs | undefined)[];

export function convergenceOf(batches: readonly Batch[], objectives: readonly Objective[]): Convergence {
  const places = [...objectives.keys()];
  const all = batches.flat().filter((costs) => costs !== undefined);
  const worst = places.map((place) =>
    all.reduce((most, costs) => Math.max(most, costs[place] ?? most), Number.NEGATIVE_INFINITY),
  );
  const asGiven = (costs: Costs): readonly number[] =>
    costs.map((cost, place) => (objectives[place]?.better === "more" ? -cost : cost));
  const members = front<undefined>();
  const steps: Step[] = [];
  let designs = 0;
  for (const batch of batches) {
    designs += batch.length;
    for (const costs of batch) if (costs !== undefined) members.add(costs, undefined);
    const found = members.members().map(({ costs }) => costs);
    if (found.length === 0) continue;
    const best = places.map((place) => Math.min(...found.map((costs) => costs[place] ?? Number.NaN)));
    const measured = places.length === 2 || places.length === 3;
    steps.push({
      designs,
      front: found.length,
      best: asGiven(best),
      ...(measured ? { hypervolume: hypervolume(found, worst) } : {}),
    });
  }
  return { objectives, reference: steps.length === 0 ? [] : asGiven(worst), steps };
}
