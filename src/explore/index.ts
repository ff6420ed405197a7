/** `papillon-sim/explore`: spaces of designs, in the browser too. */
export type { Dimension } from "../config/dimension.ts";
export type { Method } from "../config/search-method.ts";
export {
  type Design,
  type DesignSpace,
  designSpace,
  type Objective,
} from "../config/space.ts";
export { type Evaluator, evaluator } from "./evaluate.ts";
export { type Costs, dominates, type Front, front, hypervolume } from "./pareto.ts";
export type { Row } from "./row.ts";
export { type Ask, asking, refine, type SearchOptions, search } from "./search.ts";
export type { Question, Rival } from "./strategy.ts";
export { type Evaluate, here, type SweepOptions, sweep } from "./sweep.ts";
export { type Column, columnsOf, costsOf, type FlatRow, flat, lineOf } from "./table.ts";
