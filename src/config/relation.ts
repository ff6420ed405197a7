/** How the runs of an experiment stand to each other: what a run is compared with, and where it lies on a curve. */
import { nearest } from "../schema/nearest.ts";
import type { Problem } from "../schema/problem.ts";
import { entryAt, type Tree } from "../schema/tree.ts";
import type { ExperimentFields, RunFields } from "./experiment.ts";

export interface RunRelations {
  readonly against?: { readonly run: string; readonly because?: string };
  readonly at?: Readonly<Record<string, number>>;
}

export function relationsOf({ against, because, at }: RunFields): RunRelations {
  return {
    ...(against === undefined
      ? {}
      : { against: { run: against, ...(because === undefined ? {} : { because }) } }),
    ...(at === undefined ? {} : { at }),
  };
}

/** Runs that are compared with none, or that lack what their curve runs along. */
export function relationProblems({ runs = [], curve }: ExperimentFields, tree: Tree): readonly Problem[] {
  const names = runs.map(({ name }) => name);
  return runs.flatMap((run, index): readonly Problem[] => {
    const problem = (key: string, expected: string, found: string, suggestion?: string): Problem => ({
      ...((entryAt(tree, ["runs", index, key]) ?? entryAt(tree, ["runs", index]))?.value.at ?? tree.at),
      code: "invalid",
      path: `runs.${index}.${key}`,
      expected,
      found,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    const { against, because, at = {} } = run;
    const others = names.filter((name) => name !== run.name);
    return [
      ...(against === undefined || others.includes(against)
        ? []
        : [
            problem(
              "against",
              "the name of another run of this experiment",
              JSON.stringify(against),
              nearest(against, others),
            ),
          ]),
      ...(because !== undefined && against === undefined
        ? [problem("because", "the key against beside it", "none")]
        : []),
      ...(curve === undefined || at[curve.along] !== undefined
        ? []
        : [problem("at", `the key ${curve.along}, which the curve runs along`, keysOf(at))]),
    ];
  });
}

const keysOf = (at: Readonly<Record<string, number>>): string => Object.keys(at).join(", ") || "nothing";
