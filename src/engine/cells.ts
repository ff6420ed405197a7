/**
 * Reading of the engine's typed arrays. compile() sizes them, so an index outside is a bug of the engine: it must throw
 * and never pass as a number. The optimizing compiler inlines both functions and drops the check. There is one function
 * for each kind of array because a shared one would see two kinds and become slower.
 */
export const at = (cells: Float64Array, index: number): number => cells[index] ?? outside(index);

export const indexAt = (cells: Int32Array, index: number): number => cells[index] ?? outside(index);

/** The same for a plain array of numbers, for short lists that are made often: each typed array is an allocation outside the heap. */
export const numberAt = (list: readonly number[], index: number): number => list[index] ?? outside(index);

/** An array of `length` whole numbers. `Int32Array.from` does the same several times slower. */
export function indices(length: number, valueAt: (index: number) => number): Int32Array {
  const made = new Int32Array(length);
  for (let index = 0; index < length; index++) made[index] = valueAt(index);
  return made;
}

/** For a plain array of anything. */
export function item<T>(list: readonly T[], index: number): T {
  const found = list[index];
  return found === undefined ? outside(index) : found;
}

function outside(index: number): never {
  throw new RangeError(`the engine read past its own arrays, at ${index}`);
}
