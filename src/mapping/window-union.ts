/** How much of the run the update windows of a port cover together. */

/** A window at the start of every period. Periods of one mapping divide one another. */
export interface Window {
  readonly period: number;
  readonly open: number;
}

/** Cycles in which at least one of the windows is open, over `total` cycles, a multiple of every period. */
export function unionOf(windows: readonly Window[], total: number): number {
  const nested: Nested[] = [];
  for (const { period, open } of windows.toSorted((a, b) => a.period - b.period)) {
    const within = coveredBy(nested, open);
    nested.push({ period, open, within, each: open + coveredBy(nested, period) - within });
  }
  return coveredBy(nested, total);
}

/** A window among those of shorter periods. */
interface Nested extends Window {
  /** Cycles covered by the shorter ones while it is open, and by all of them in one of its periods. */
  readonly within: number;
  readonly each: number;
}

/** Cycles covered in [0, until): whole periods of the longest, and of what is left over whole ones of the next. */
function coveredBy(nested: readonly Nested[], until: number): number {
  let sum = 0;
  let rest = until;
  for (let place = nested.length - 1; place >= 0 && rest > 0; place -= 1) {
    const window = nested[place];
    if (window === undefined) break;
    const whole = Math.floor(rest / window.period);
    sum += whole * window.each;
    rest -= whole * window.period;
    if (rest <= window.open) return sum + rest;
    sum += window.open - window.within;
  }
  return sum;
}
