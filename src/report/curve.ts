/** Runs as points of a curve of latency over something that grows, such as bandwidth: what the next step would save. */
import type { CurvePoint } from "./report.ts";

export interface Point {
  readonly x: number;
  readonly latencySeconds: number;
}

/**
 * A step saves latency for what it adds to x; its return is that saving over the average saving of the whole curve. From where all
 * steps on return less than `flat`, the curve is saturated: on linear axes it looks flat.
 * @param points of one curve, no x twice
 * @returns what belongs to each point, in the order given; the last point has no step, and none is saturated by itself
 */
export function curveOf(along: string, points: readonly Point[], flat: number): readonly CurvePoint[] {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const average = savingOf(first, last);
  const returns = sorted.slice(0, -1).map((point, index) => {
    const saving = savingOf(point, sorted[index + 1] ?? point);
    return saving === 0 ? 0 : saving / average;
  });
  const bend = returns.findLastIndex((each) => each >= flat) + 1;
  return points.map((point) => {
    const index = sorted.indexOf(point);
    const next = returns[index];
    return {
      along,
      speedup: first.latencySeconds / point.latencySeconds,
      ofFastest: last.latencySeconds / point.latencySeconds,
      ...(next === undefined ? {} : { marginalReturn: next }),
      saturated: bend < returns.length && index >= bend,
    };
  });
}

/** Seconds for each unit of x. */
const savingOf = (from: Point, to: Point): number =>
  to.x === from.x ? 0 : (from.latencySeconds - to.latencySeconds) / (to.x - from.x);
