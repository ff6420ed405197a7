/**
 * Times of the hot loops: small whole numbers, which engines keep in registers.
 */

/** A tick that never comes; a run must end before. */
export const NEVER = 0x3fffffff;
/** A tick before all others. */
export const ALWAYS = 0x10000 - NEVER;

/** Reads a cell whose index is known to be inside. */
export const cell = (values: Int32Array, index: number): number => values[index] ?? 0;

/**
 * The later of two times, by the sign of their distance: a branch here would hang on random traffic, and processors
 * mispredict those. From ALWAYS to NEVER is within 32 bits, with room for a
 * spacing.
 */
export function later(a: number, b: number): number {
  const lead = (a - b) | 0;
  return (a - (lead & (lead >> 31))) | 0;
}

/** The earlier of two times, as `later`. */
export function earlier(a: number, b: number): number {
  const lead = (a - b) | 0;
  return (b + (lead & (lead >> 31))) | 0;
}
