/** The Pareto front of the designs that meet all limits, over some measures. */
import { type Costs, front } from "../pareto.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";

/** Places of designs, by the first measure from its best. Of equals all are kept. */
export function frontOf(designs: Designs, measures: readonly Measure[]): readonly number[] {
  const best = front<number>();
  for (const design of feasibleOf(designs)) best.add(costsOf(measures, design), design);
  return best.members().map(({ of }) => of);
}

export const costsOf = (measures: readonly Measure[], design: number): Costs =>
  measures.map(({ cost }) => cost(design));

/** Places of the designs that ran and meet all limits. */
export const feasibleOf = ({ feasible }: Designs): readonly number[] =>
  feasible.flatMap((meets, design) => (meets ? [design] : []));
