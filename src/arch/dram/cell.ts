/**
 * Times and counts of the hot loops: small whole numbers in typed arrays, which engines keep in registers.
 */

/** A tick that never comes; a run must end before. */
export const NEVER = 0x3fffffff;
/** A tick before all others. */
export const ALWAYS = -NEVER;

/** Reads a cell whose index is known to be inside. */
export const cell = (values: Int32Array, index: number): number => values[index] ?? 0;

/** Moves a time up; never down. */
export function raise(values: Int32Array, index: number, to: number): void {
  if (cell(values, index) < to) values[index] = to;
}

export const later = (a: number, b: number): number => (a > b ? a : b);
export const earlier = (a: number, b: number): number => (a < b ? a : b);
