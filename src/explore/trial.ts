/** Looks before a sweep or a search whether its objectives and limits are anything that a run has. */
import type { DesignSpace } from "../config/space.ts";
import type { Problem } from "../schema/problem.ts";
import { type Evaluator, evaluator, type Faults } from "./evaluate.ts";

/** Designs that are tried, evenly over the space, as long as something cannot be computed for any of them. */
const tried = 16;

/** Objectives and limits that no design that was tried and runs can be measured by: a field of some machines' reports only is none. */
export function measureProblems(
  space: DesignSpace,
  { faults }: Evaluator = evaluator(space),
): readonly Problem[] {
  const count = Math.min(tried, space.size);
  let left: Faults | undefined;
  for (let trial = 0; trial < count; trial++) {
    const found = faults(Math.floor((trial * space.size) / count));
    if (found === undefined) continue;
    left = left === undefined ? found : inBoth(left, found);
    if ([...left.objectives, ...left.limits].every((fault) => fault === undefined)) break;
  }
  const expected = "results of a run, or parameters";
  const { objectives = [], limits = [] } = left ?? {};
  const places = placesOf(space);
  return [
    ...objectives.flatMap((fault, at) =>
      fault === undefined ? [] : [space.problem(places[at] ?? [], expected, fault)],
    ),
    ...limits.flatMap((fault, at) =>
      fault === undefined ? [] : [space.problem(["limits", at], expected, fault)],
    ),
  ];
}

const inBoth = (some: Faults, others: Faults): Faults => ({
  objectives: some.objectives.map((fault, at) => others.objectives[at] && fault),
  limits: some.limits.map((fault, at) => others.limits[at] && fault),
});

/** Where each objective stands. */
function placesOf({ objectives }: DesignSpace): readonly (readonly [string, number])[] {
  const counts = { less: 0, more: 0 };
  return objectives.map(({ better }) => [better === "less" ? "minimize" : "maximize", counts[better]++]);
}
