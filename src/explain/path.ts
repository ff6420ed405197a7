/** What a run's latency is made of, by unit, op and cause: the critical path, in rows that sum to the whole. */
import type { CriticalPath, PathTicks } from "../engine/critical-path.ts";
import type { Program } from "../program.ts";
import { phasesOf, splitUnit } from "../report/fold.ts";

/**
 * Why a unit's time is on the path. `rate`: its next task waited for the unit; `result`: another task waited for what it made;
 * `latency`: until that result was there (pipeline, issue, flight); `contention`: its memory worked for others.
 */
export const causes = ["rate", "result", "latency", "contention"] as const;
export type Cause = (typeof causes)[number];

export interface PathRow {
  readonly phase: string;
  readonly op: string;
  readonly device: number;
  readonly unit: string;
  readonly cause: Cause;
  /** Whole ticks; all rows together are the latency exactly. */
  readonly ticks: number;
}

/** Largest first. */
export function pathRows(program: Program, { places }: Pick<CriticalPath, "places">): readonly PathRow[] {
  const phases = phasesOf(program);
  const rows = new Map<string, { -readonly [K in keyof PathRow]: PathRow[K] }>();
  for (const [index, place] of places.entries()) {
    const { op } = place.task;
    const { device, unit: own } = splitUnit(place.task.unit);
    const { unit: pace } = splitUnit(place.task.pacedBy ?? place.task.unit);
    const phase = phases[index] ?? "";
    for (const [cause, ticks] of ticksByCause(place)) {
      const unit = cause === "rate" || cause === "result" ? pace : own;
      const key = [phase, op, device, unit, cause].join(" ");
      const row = rows.get(key);
      if (row === undefined) rows.set(key, { phase, op, device, unit, cause, ticks });
      else row.ticks += ticks;
    }
  }
  return [...rows.values()].sort((a, b) => b.ticks - a.ticks);
}

/** Without those that took no time. */
export const ticksByCause = (ticks: Omit<PathTicks, "task">): readonly (readonly [Cause, number])[] =>
  causes.map((cause) => [cause, ticks[cause]] as const).filter(([, amount]) => amount > 0);
