import fc from "fast-check";
import { expect, test } from "vitest";
import {
  cutInto,
  fetchesOf,
  type Products,
  type Tiling,
  tileOverflows,
} from "../../src/arch/systolic-tile.ts";

/** Walks through the loops and remembers the one tile of each operand that its buffer holds. */
function walked(whole: Products, { tile, outer }: Tiling): { inputs: number; weights: number; macs: number } {
  const starts = (size: number, step: number): number[] =>
    Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
  const held = { inputs: "", weights: "" };
  const fetched = { inputs: 0, weights: 0, macs: 0 };
  const extent = (key: keyof Products, from: number): number => Math.min(tile[key], whole[key] - from);
  for (const product of starts(whole.count, tile.count)) {
    const along = outer === "rows" ? (["rows", "columns"] as const) : (["columns", "rows"] as const);
    for (const first of starts(whole[along[0]], tile[along[0]]))
      for (const second of starts(whole[along[1]], tile[along[1]]))
        for (const inner of starts(whole.inner, tile.inner)) {
          const [row, column] = outer === "rows" ? [first, second] : [second, first];
          const [count, rows, depth, columns] = [
            extent("count", product),
            extent("rows", row),
            extent("inner", inner),
            extent("columns", column),
          ];
          const need = { inputs: `${product} ${row} ${inner}`, weights: `${product} ${inner} ${column}` };
          if (held.inputs !== need.inputs) fetched.inputs += count * rows * depth;
          if (held.weights !== need.weights) fetched.weights += count * depth * columns;
          fetched.macs += count * rows * depth * columns;
          Object.assign(held, need);
        }
  }
  return fetched;
}

const size = fc.integer({ min: 1, max: 12 });
const products = fc.record({ count: fc.integer({ min: 1, max: 3 }), rows: size, inner: size, columns: size });

test("what is fetched again is what a walk through the loops fetches", () => {
  fc.assert(
    fc.property(
      products,
      products,
      fc.constantFrom("rows" as const, "columns" as const),
      (whole, drawn, outer) => {
        const tile = {
          count: Math.min(drawn.count, whole.count),
          rows: Math.min(drawn.rows, whole.rows),
          inner: Math.min(drawn.inner, whole.inner),
          columns: Math.min(drawn.columns, whole.columns),
        };
        const { inputs, weights, macs } = walked(whole, { tile, outer });
        const times = fetchesOf(whole, { tile, outer });
        expect(times.inputs * whole.count * whole.rows * whole.inner).toBe(inputs);
        expect(times.weights * whole.count * whole.inner * whole.columns).toBe(weights);
        expect(macs).toBe(whole.count * whole.rows * whole.inner * whole.columns);
      },
    ),
    { numRuns: 5000 },
  );
});

test("a tile overflows a buffer that cannot hold it as often as it is buffered", () => {
  const tile = { count: 2, rows: 10, inner: 8, columns: 4 };
  const buffers = { inputs: 320, weights: 100, results: 640, elementBytes: 1, weightBytes: 1, sumBytes: 4 };
  // Inputs 160, weights 64, results 320 bytes; twice that with two of each.
  expect(tileOverflows(tile, buffers, 1)).toEqual([]);
  expect(tileOverflows(tile, buffers, 2)).toEqual([{ buffer: "weights", bytes: 128 }]);
  expect(tileOverflows(tile, { ...buffers, weightBytes: 0.75 }, 2)).toEqual([]);
  expect(tileOverflows(tile, buffers, 1, 400)).toEqual([{ buffer: "inputs", bytes: 400 }]);
});

test("a size is cut into whole tiles and a rest", () => {
  expect(cutInto(10, 4)).toEqual([
    { size: 4, times: 2 },
    { size: 2, times: 1 },
  ]);
  expect(cutInto(3, 4)).toEqual([{ size: 3, times: 1 }]);
});
