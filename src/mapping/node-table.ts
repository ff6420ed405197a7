/** Tables by node of the lattice, filled when first asked for. */
import type { Lattice } from "./lattice.ts";

export const at = (table: Float64Array, node: number): number => table[node] ?? 0;

export function byNode({ nodes }: Lattice, of: (node: number) => number): () => Float64Array {
  let known: Float64Array | undefined;
  return () => {
    if (known !== undefined) return known;
    const table = new Float64Array(nodes);
    for (let node = 0; node < nodes; node += 1) table[node] = of(node);
    known = table;
    return table;
  };
}
