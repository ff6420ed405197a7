/** Tables by node of the lattice, filled when first asked for. */
import type { Lattice } from "./lattice.ts";

export const at = (table: Float64Array, node: number): number => table[node] ?? 0;

/** A table of zeros, and what fills it. */
export function tabled({ nodes }: Lattice, fill: (table: Float64Array) => void): () => Float64Array {
  let known: Float64Array | undefined;
  return () => {
    if (known !== undefined) return known;
    known = new Float64Array(nodes);
    fill(known);
    return known;
  };
}

/** @param where the nodes that anybody asks for; elsewhere the table is 0 */
export const byNode = (
  lattice: Lattice,
  where: Int32Array,
  of: (node: number) => number,
): (() => Float64Array) =>
  tabled(lattice, (table) => {
    for (let place = 0; place < where.length; place += 1) {
      const node = where[place] ?? 0;
      table[node] = of(node);
    }
  });
