/** How much of the run the update windows of a port cover together. */

/** A window at the start of every period. Periods of one mapping divide one another. */
export interface Window {
  readonly period: number;
  readonly open: number;
}

/** Cycles in which at least one of the windows is open, over `total` cycles, a multiple of every period. */
export function unionOf(windows: readonly Window[], total: number): number {
  const sorted = [...windows].sort((a, b) => a.period - b.period);
  return covered(sorted, sorted.length, total);
}

/** Of the first `count` windows, shortest periods first: cycles covered in [0, until). */
function covered(windows: readonly Window[], count: number, until: number): number {
  const last = windows[count - 1];
  if (last === undefined || until === 0) return 0;
  const { period, open } = last;
  const shorter = (cycle: number): number => covered(windows, count - 1, cycle);
  const whole = Math.floor(until / period);
  const rest = until - whole * period;
  const one = (cycle: number): number => (cycle <= open ? cycle : open + shorter(cycle) - shorter(open));
  return (whole === 0 ? 0 : whole * one(period)) + one(rest);
}
