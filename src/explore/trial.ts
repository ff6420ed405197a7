/** Looks before a sweep or a search whether its objectives and limits are anything that a run has. */
import type { DesignSpace } from "../config/space.ts";
import type { Problem } from "../schema/problem.ts";
import type { Path } from "../schema/tree.ts";
import { type Evaluator, evaluator } from "./evaluate.ts";

/** Designs that are tried, evenly over the space, as long as something cannot be computed for any of them. */
const tried = 16;

/** Objectives and limits that no design that was tried and runs can be measured by: a field of some machines' reports only is none. */
export function measureProblems(
  space: DesignSpace,
  { faults }: Evaluator = evaluator(space),
): readonly Problem[] {
  let left: ReadonlyMap<string, string> | undefined;
  const count = Math.min(tried, space.size);
  for (let trial = 0; trial < count && left?.size !== 0; trial++) {
    const found = faults(Math.floor((trial * space.size) / count));
    if (found === undefined) continue;
    left = left === undefined ? found : new Map([...left].filter(([text]) => found.has(text)));
  }
  const places = new Map<string, Path>(space.limits.map((text, at) => [text, ["limits", at]]));
  for (const [key, better] of [
    ["minimize", "less"],
    ["maximize", "more"],
  ] as const)
    for (const [at, objective] of space.objectives.filter((each) => each.better === better).entries())
      places.set(objective.expression, [key, at]);
  return [...(left ?? [])].map(([text, message]) =>
    space.problem(places.get(text) ?? [], "results of a run, or parameters", message),
  );
}
