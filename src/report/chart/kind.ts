/** Time by kind of op, as the series of a stack: the largest kinds, and the rest together. */
import type { OpRow } from "../report.ts";
import type { Series } from "./frame.ts";
import { kindStyle, others } from "./palette.ts";

export function secondsByKind(ops: readonly OpRow[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { kind, latencySeconds } of ops)
    if (latencySeconds > 0) sums.set(kind, (sums.get(kind) ?? 0) + latencySeconds);
  return sums;
}

/** More are no longer told apart. */
const most = 7;

/** @param bars what each bar has of each kind; @param of to the unit of the axis */
export function kindSeries(
  bars: readonly ReadonlyMap<string, number>[],
  of: (n: number) => number,
): readonly Series[] {
  const sums = new Map<string, number>();
  for (const bar of bars) for (const [kind, value] of bar) sums.set(kind, (sums.get(kind) ?? 0) + value);
  const kinds = [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([kind]) => kind);
  const own = kinds.length > most + 1 ? kinds.slice(0, most) : kinds;
  const rest = kinds.slice(own.length);
  const unlisted = kinds.toSorted();
  const series = own.map((kind) => ({
    label: kind,
    values: bars.map((bar) => of(bar.get(kind) ?? 0)),
    style: kindStyle(kind, unlisted),
  }));
  if (rest.length === 0) return series;
  const left = bars.map((bar) => of(rest.reduce((sum, kind) => sum + (bar.get(kind) ?? 0), 0)));
  return [...series, { label: `${others} (${rest.length} kinds)`, values: left, style: kindStyle(others) }];
}
