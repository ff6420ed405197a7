/** Reads of typed arrays whose index is known to be inside; one function per element type keeps each call site fast. */
export const cell = (values: Int32Array, index: number): number => values[index] ?? 0;
export const time = (values: Float64Array, index: number): number => values[index] ?? 0;

/** Moves a time up; never down. */
export function raise(values: Float64Array, index: number, to: number): void {
  if (time(values, index) < to) values[index] = to;
}
