/**
 * The N:M engine cycle by cycle, with values: prunes by magnitude, compresses, and lets every multiplier of every lane pick its
 * activation and multiply. Written from the description of the engine, without its closed form.
 */
import ndarray, { type NdArray } from "ndarray";
import type { NmShape } from "../../src/arch/nm-sparse.ts";

export type Values = NdArray<Float64Array>;

export const matrixOf = (
  rows: number,
  columns: number,
  at: (row: number, column: number) => number,
): Values => {
  const matrix = ndarray(new Float64Array(rows * columns), [rows, columns]);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) matrix.set(row, column, at(row, column));
  return matrix;
};

const sizeOf = ({ shape: [rows = 0, columns = 0] }: Values) => ({ rows, columns });

/** Keeps the n largest of each m along the inner dimension (rows); true where a weight is kept, zero or not. */
export function prunedMask(weights: Values, n: (column: number) => number, m: number): readonly boolean[][] {
  const { rows: inner, columns } = sizeOf(weights);
  const mask = Array.from({ length: inner }, () => Array.from({ length: columns }, () => false));
  for (let column = 0; column < columns; column += 1)
    for (let first = 0; first < inner; first += m) {
      const positions = Array.from({ length: Math.min(m, inner - first) }, (_, i) => first + i);
      positions.sort((a, b) => Math.abs(weights.get(b, column)) - Math.abs(weights.get(a, column)) || a - b);
      for (const position of positions.slice(0, n(column))) {
        const row = mask[position];
        if (row !== undefined) row[column] = true;
      }
    }
  return mask;
}

export const masked = (weights: Values, mask: readonly boolean[][]): Values => {
  const { rows, columns } = sizeOf(weights);
  return matrixOf(rows, columns, (row, column) => (mask[row]?.[column] ? weights.get(row, column) : 0));
};

export function plainProduct(left: Values, right: Values): Values {
  const { rows, columns: inner } = sizeOf(left);
  return matrixOf(rows, sizeOf(right).columns, (row, column) => {
    let sum = 0;
    for (let k = 0; k < inner; k += 1) sum += left.get(row, k) * right.get(k, column);
    return sum;
  });
}

/** A kept weight and its place among the activations of its group. */
interface Slot {
  readonly value: number;
  readonly index: number;
}

/** Column by column, group by group, the kept weights in order; only what is kept. */
export type Compressed = readonly (readonly (readonly Slot[])[])[];

/** Compressed in the groups of the engine, whatever M the mask was made with. */
export function compressed(weights: Values, mask: readonly boolean[][], group: number): Compressed {
  const { rows: inner, columns } = sizeOf(weights);
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: Math.ceil(inner / group) }, (_, g) => {
      const slots: Slot[] = [];
      for (let index = 0; index < group && g * group + index < inner; index += 1)
        if (mask[g * group + index]?.[column])
          slots.push({ value: weights.get(g * group + index, column), index });
      return slots;
    }),
  );
}

/** The bits that a memory would hold, as a text of 0 and 1: values (each `bits` long) and metadata. */
export function bitStream(
  mask: readonly boolean[][],
  m: number,
  bits: number,
  metadata: "bitmap" | "index" | "none",
): string {
  const columns = mask[0]?.length ?? 0;
  const indexWidth = m === 1 ? 0 : (m - 1).toString(2).length;
  let stream = "";
  for (let column = 0; column < columns; column += 1)
    for (const [position, row] of mask.entries()) {
      const kept = row[column] === true;
      if (metadata === "bitmap") stream += kept ? "1" : "0";
      if (kept && metadata === "index" && indexWidth > 0)
        stream += (position % m).toString(2).padStart(indexWidth, "0");
      if (kept) stream += "v".repeat(bits);
    }
  return stream;
}

export interface Run {
  readonly output: Values;
  readonly cycles: number;
  /** Multiplications with a kept weight. */
  readonly useful: number;
}

/** @param slots the most that a group holds by the pattern, by group and column: the schedule is fixed before the values are known */
export function runSelected(
  shape: NmShape,
  activations: Values,
  weights: Compressed,
  slots: (group: number, column: number) => number,
): Run {
  const { rows, columns: inner } = sizeOf(activations);
  const columns = weights.length;
  const groups = Math.ceil(inner / shape.group);
  const output = matrixOf(rows, columns, () => 0);
  let [cycles, useful] = [0, 0];
  for (const rowTile of starts(rows, shape.rows))
    for (const laneTile of starts(columns, shape.lanes))
      for (const chunk of starts(groups, shape.selectors)) {
        const active = within(chunk, shape.selectors, groups);
        const lanes = within(laneTile, shape.lanes, columns);
        let step = 0;
        // One cycle: every selector of every lane passes on its next slots; all wait until the last one is done.
        while (active.some((g) => lanes.some((column) => step * shape.take < slots(g, column)))) {
          for (const column of lanes)
            for (const g of active)
              for (const slot of (weights[column]?.[g] ?? []).slice(
                step * shape.take,
                (step + 1) * shape.take,
              ))
                for (const row of within(rowTile, shape.rows, rows)) {
                  const chosen = activations.get(row, g * shape.group + slot.index);
                  output.set(row, column, output.get(row, column) + slot.value * chosen);
                  useful += 1;
                }
          step += 1;
          cycles += 1;
        }
      }
  return { output, cycles, useful };
}

/** Both operands dense: every multiplier takes the next position of the inner dimension. */
export function runBypassed(shape: NmShape, activations: Values, weights: Values): Run {
  const { rows, columns: inner } = sizeOf(activations);
  const { columns } = sizeOf(weights);
  const output = matrixOf(rows, columns, () => 0);
  const width = shape.selectors * shape.take;
  let [cycles, useful] = [0, 0];
  for (const rowTile of starts(rows, shape.rows))
    for (const laneTile of starts(columns, shape.lanes))
      for (const first of starts(inner, width)) {
        for (const row of within(rowTile, shape.rows, rows))
          for (const column of within(laneTile, shape.lanes, columns))
            for (const k of within(first, width, inner)) {
              output.set(
                row,
                column,
                output.get(row, column) + activations.get(row, k) * weights.get(k, column),
              );
              useful += 1;
            }
        cycles += 1;
      }
  return { output, cycles, useful };
}

/** Position by position: what an n:m pattern may keep at most in a group of the engine. */
export function mostInGroup(group: number, size: number, inner: number, n: number, m: number): number {
  const taken = new Map<number, number>();
  let most = 0;
  for (let position = group * size; position < Math.min(inner, (group + 1) * size); position += 1) {
    const pattern = Math.floor(position / m);
    const before = taken.get(pattern) ?? 0;
    if (before < n) {
      taken.set(pattern, before + 1);
      most += 1;
    }
  }
  return most;
}

const starts = (length: number, step: number): number[] =>
  Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);

const within = (first: number, size: number, length: number): number[] =>
  Array.from({ length: Math.min(size, length - first) }, (_, i) => first + i);
