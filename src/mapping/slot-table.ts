/** Tables by slot and node, filled when first asked for. */
import type { Lattice } from "./lattice.ts";
import type { Slot } from "./slot.ts";

/** A table for each slot. */
export function bySlot(
  { nodes }: Lattice,
  fill: (slot: Slot, table: Float64Array) => void,
): (slot: Slot) => Float64Array {
  const known = new Map<Slot, Float64Array>();
  return (slot) => {
    const before = known.get(slot);
    if (before !== undefined) return before;
    const table = new Float64Array(nodes);
    fill(slot, table);
    known.set(slot, table);
    return table;
  };
}
