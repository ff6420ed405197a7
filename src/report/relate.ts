/** Adds to each result of an experiment how it stands to the others. */
import { againstOf } from "./against.ts";
import { curveOf } from "./curve.ts";
import { groupBy } from "./fold.ts";
import type { CurvePoint, RunResult } from "./report.ts";

/** As an experiment plans it. */
export interface Relations {
  readonly curve?: { readonly along: string; readonly flat: number };
  readonly runs: readonly {
    readonly name: string;
    readonly against?: { readonly run: string; readonly because?: string };
    readonly at?: Readonly<Record<string, number>>;
  }[];
}

/** Runs that do not fit are compared with nothing and lie on no curve. */
export function relate(relations: Relations, results: readonly RunResult[]): readonly RunResult[] {
  const reports = new Map(
    results.flatMap(({ name, result }) => (result.status === "done" ? [[name, result.report] as const] : [])),
  );
  const points = curvePoints(relations, (name) => reports.get(name)?.totals.latencySeconds);
  const against = new Map(relations.runs.map((run) => [run.name, run.against]));
  return results.map((run) => {
    const [report, named, point] = [reports.get(run.name), against.get(run.name), points.get(run.name)];
    const other = named === undefined ? undefined : reports.get(named.run);
    return {
      ...run,
      ...(report === undefined || other === undefined || named === undefined
        ? {}
        : { against: againstOf(report, other, named) }),
      ...(point === undefined ? {} : { curve: point }),
    };
  });
}

function curvePoints(
  { curve, runs }: Relations,
  latencyOf: (name: string) => number | undefined,
): ReadonlyMap<string, CurvePoint> {
  if (curve === undefined) return new Map();
  const { along, flat } = curve;
  const points = runs.flatMap(({ name, at = {} }) => {
    const { [along]: x, ...others } = at;
    const latencySeconds = latencyOf(name);
    return x === undefined || latencySeconds === undefined
      ? []
      : [{ name, x, latencySeconds, series: JSON.stringify(Object.entries(others).sort()) }];
  });
  return new Map(
    [...groupBy(points, ({ series }) => series).values()].flatMap((group) =>
      curveOf(along, group, flat).map((point, index) => [group[index]?.name ?? "", point] as const),
    ),
  );
}
