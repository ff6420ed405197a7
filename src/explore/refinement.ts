/**
 * Designs that a search found, on a finer model of the same machine: the front of the coarse one first, then the others, of which those are
 * not run that a bound on the finer model proves to be no better. So the front is that of all of them, were they run.
 */
import { front } from "./pareto.ts";
import type { Rival, Strategy } from "./strategy.ts";

/** Designs in a question. */
const batch = 64;

/** @param found what designs cost on the coarse model @param points designs to look at, at most */
export function* refinement(found: readonly Rival[], points: number): Strategy {
  const coarse = front<number>();
  for (const { costs, index } of found) coarse.add(costs, index);
  const survivors = coarse.members().map(({ of }) => of);
  const first = new Set(survivors);
  const order = [...survivors, ...found.map(({ index }) => index).filter((index) => !first.has(index))];
  const fine = front<number>();
  for (let from = 0; from < Math.min(points, order.length); ) {
    const surviving = from < survivors.length;
    const to = Math.min(points, from + batch, surviving ? survivors.length : order.length);
    const designs = order.slice(from, to);
    const rivals = fine.members().map(({ costs, of }) => ({ costs, index: of }));
    const answers = yield { designs, ...(surviving ? {} : { rivals }) };
    for (const [at, index] of designs.entries()) {
      const costs = answers[at];
      if (costs !== undefined) fine.add(costs, index);
    }
    from = to;
  }
}
