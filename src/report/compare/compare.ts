/**
 * Runs side by side, the first as the base: what each op, kind and layer takes in each, and why. The time of a run is the sum over its
 * ops and what bounds them, so that the differences of these parts sum to the difference of the runs exactly.
 */
import { boundText } from "../bound.ts";
import type { DoneRun } from "../chart/chart.ts";
import type { OpRow } from "../report.ts";
import { type ConfigChange, configChanges } from "./config-change.ts";

export interface Comparison {
  readonly runs: readonly DoneRun[];
  readonly ops: readonly Compared[];
  readonly kinds: readonly Compared[];
  /** Of each run after the first. */
  readonly against: readonly Against[];
}

/** A part of the runs, with its seconds in each; undefined where a run has no such part. */
export interface Compared {
  readonly name: string;
  readonly seconds: readonly (number | undefined)[];
  readonly bytes: readonly (number | undefined)[];
  readonly macs: readonly (number | undefined)[];
}

export interface Against {
  readonly run: DoneRun;
  /** In seconds; all together are the difference of the latencies. Largest first, whichever way. */
  readonly reasons: readonly Reason[];
  readonly config: readonly ConfigChange[];
}

/** What an op lost or gained to one cause. */
export interface Reason {
  readonly op: string;
  /** "hbm.read rate". */
  readonly cause: string;
  readonly before: number;
  readonly after: number;
  /** after - before. */
  readonly seconds: number;
  /** What else is different of the op: its MACs, bytes, what bounds it most. */
  readonly because: string;
}

/** @param runs the base first */
export function compare(runs: readonly DoneRun[]): Comparison {
  const [base, ...others] = runs;
  const byOp = runs.map(({ report }) => foldBy(report.ops, ({ op }) => op));
  const byKind = runs.map(({ report }) => foldBy(report.ops, ({ kind }) => kind));
  return {
    runs,
    ops: aligned(byOp),
    kinds: aligned(byKind),
    against:
      base === undefined
        ? []
        : others.map((run) => ({
            run,
            reasons: reasons(base, run),
            config: configChanges(base.report, run.report),
          })),
  };
}

interface Folded {
  readonly seconds: number;
  readonly macs: number;
  readonly bytes: number;
  readonly causes: ReadonlyMap<string, number>;
}

function foldBy(ops: readonly OpRow[], keyOf: (op: OpRow) => string): ReadonlyMap<string, Folded> {
  const folded = new Map<string, Folded>();
  for (const op of ops) {
    const before = folded.get(keyOf(op)) ?? {
      seconds: 0,
      macs: 0,
      bytes: 0,
      causes: new Map<string, number>(),
    };
    const causes = new Map(before.causes);
    for (const bound of op.bounds)
      causes.set(boundText(bound), (causes.get(boundText(bound)) ?? 0) + bound.share * op.latencySeconds);
    folded.set(keyOf(op), {
      seconds: before.seconds + op.latencySeconds,
      macs: before.macs + op.macs,
      bytes: before.bytes + Object.values(op.bytes).reduce((sum, each) => sum + each, 0),
      causes,
    });
  }
  return folded;
}

/** In the order of the first run, then of those after it. */
function aligned(runs: readonly ReadonlyMap<string, Folded>[]): readonly Compared[] {
  const names = [...new Set(runs.flatMap((parts) => [...parts.keys()]))];
  const column = (name: string, key: "seconds" | "bytes" | "macs") =>
    runs.map((parts) => parts.get(name)?.[key]);
  return names.map((name) => ({
    name,
    seconds: column(name, "seconds"),
    bytes: column(name, "bytes"),
    macs: column(name, "macs"),
  }));
}

function reasons(base: DoneRun, other: DoneRun): readonly Reason[] {
  const before = foldBy(base.report.ops, ({ op }) => op);
  const after = foldBy(other.report.ops, ({ op }) => op);
  return [...new Set([...before.keys(), ...after.keys()])]
    .flatMap((op) => {
      const [a, b] = [before.get(op), after.get(op)];
      const causes = new Set([...(a?.causes.keys() ?? []), ...(b?.causes.keys() ?? [])]);
      return [...causes].map((cause): Reason => {
        const [from, to] = [a?.causes.get(cause) ?? 0, b?.causes.get(cause) ?? 0];
        return { op, cause, before: from, after: to, seconds: to - from, because: becauseOf(a, b, cause) };
      });
    })
    .filter(({ seconds }) => seconds !== 0)
    .sort((x, y) => Math.abs(y.seconds) - Math.abs(x.seconds));
}

function becauseOf(a: Folded | undefined, b: Folded | undefined, cause: string): string {
  if (a === undefined) return "only in this run";
  if (b === undefined) return "not in this run";
  const most = (part: Folded): string => [...part.causes].sort(([, x], [, y]) => y - x)[0]?.[0] ?? "nothing";
  const [bound, now] = [most(a), most(b)];
  const parts = [
    ...(changed(a.macs, b.macs) ? [`MACs × ${ratio(b.macs / a.macs)}`] : []),
    ...(changed(a.bytes, b.bytes) ? [`bytes × ${ratio(b.bytes / a.bytes)}`] : []),
    ...(bound === now ? [] : [`bound by ${now}, was ${bound}`]),
  ];
  return parts.length > 0 ? parts.join(", ") : `same work, ${cause} differs`;
}

const changed = (a: number, b: number): boolean => Math.abs(b - a) > 1e-9 * Math.max(a, b) && a > 0;

/** 0.4995 -> "0.5"; three digits. */
export const ratio = (value: number): string => String(Number(value.toPrecision(3)));
