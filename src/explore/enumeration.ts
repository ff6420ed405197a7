/**
 * Every design, for an exact front: a search finds good ones first, and what these beat is not worked out where a bound proves it.
 * A bound takes no schedule's time, so that it pays where running is dear.
 */
import type { DesignSpace } from "../config/space.ts";
import { nsga2 } from "./nsga2.ts";
import { front } from "./pareto.ts";
import {
  type Answers,
  isDesign,
  type Question,
  type Rival,
  type Strategy,
  type StrategyOptions,
} from "./strategy.ts";

/** The share of the space that the search beforehand looks at. */
const beforehand = 0.05;
/** Designs in a question: enough for many workers, few enough that rivals are fresh. At first as many as are known. */
const batch = { least: 8, most: 256 };

export function* enumeration(space: DesignSpace, { seed, points }: StrategyOptions): Strategy {
  const seen = new Set<number>();
  const best = front<number>();
  const rivals = (): readonly Rival[] => best.members().map(({ costs, of }) => ({ costs, index: of }));
  const note = ({ designs }: Question, answers: Answers): void => {
    for (const [at, index] of designs.entries()) {
      const costs = answers[at];
      seen.add(index);
      if (costs !== undefined) best.add(costs, index);
    }
  };
  const several = space.objectives.length > 0;
  const searching = nsga2(space, {
    seed,
    points: several ? Math.min(points, Math.floor(space.size * beforehand)) : 0,
  });
  let turn = searching.next();
  while (!turn.done) {
    const answers = yield turn.value;
    note(turn.value, answers);
    turn = searching.next(answers);
  }
  const most = Math.min(points, space.size);
  for (let index = 0; index < space.size && seen.size < most; ) {
    const designs: number[] = [];
    const wanted = Math.min(Math.max(batch.least, seen.size), batch.most, most - seen.size);
    for (; index < space.size && designs.length < wanted; index++)
      if (!seen.has(index) && isDesign(space, index)) designs.push(index);
    if (designs.length === 0) return;
    const question = { designs, ...(several ? { rivals: rivals() } : {}) };
    note(question, yield question);
  }
}
