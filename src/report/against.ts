/** One run against another: how much faster, with how much less work, and where the difference is. */
import type { Against, OpDifference, OpRow, Report } from "./report.ts";

/** @param other the run to compare with, `run` its name */
export function againstOf(
  report: Report,
  other: Report,
  { run, because }: { readonly run: string; readonly because?: string },
): Against {
  const [ours, theirs] = [report.totals, other.totals];
  return {
    run,
    ...(because === undefined ? {} : { because }),
    speedup: theirs.latencySeconds / ours.latencySeconds,
    latencySeconds: ours.latencySeconds - theirs.latencySeconds,
    macs: ratio(ours.macs, theirs.macs),
    parameters: ratio(ours.parameters, theirs.parameters),
    energy: ratio(ours.energyJoules, theirs.energyJoules),
    ops: differences(report.ops, other.ops),
  };
}

/** Zero of zero is as much. */
const ratio = (ours: number, theirs: number): number => (ours === theirs ? 1 : ours / theirs);

/** Ops by name; an op that only one of the runs has took no time in the other. The times sum to the runs' difference. */
function differences(ours: readonly OpRow[], theirs: readonly OpRow[]): readonly OpDifference[] {
  const key = ({ phase, op }: OpRow): string => `${phase} ${op}`;
  const before = new Map(theirs.map((row) => [key(row), row]));
  const now = new Map(ours.map((row) => [key(row), row]));
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((each): OpDifference => {
      const [is, was] = [now.get(each), before.get(each)];
      return {
        phase: (is ?? was)?.phase ?? "",
        op: (is ?? was)?.op ?? "",
        latencySeconds: (is?.latencySeconds ?? 0) - (was?.latencySeconds ?? 0),
        boundBy: is?.boundBy ?? null,
        otherBoundBy: was?.boundBy ?? null,
      };
    })
    .filter(({ latencySeconds }) => latencySeconds !== 0)
    .sort((a, b) => Math.abs(b.latencySeconds) - Math.abs(a.latencySeconds));
}
