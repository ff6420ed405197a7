/**
 * The least that a place still costs: the best way to fill the slots that are left, with memories as large for each operand as if
 * no other used them. Exact but for that, so it is an admissible bound; and where no capacity is shared, it is the answer.
 */
import { stepped } from "./lattice.ts";
import { filled, fits, outgrown, type Space, type Stage } from "./place.ts";
import type { Slot } from "./slot.ts";

/** What a slot costs at a node; sums over slots are what is minimised. */
export type Weight = (slot: Slot, node: number) => number;

export type ToGo = (stage: Stage, node: number) => number;

export function toGo(space: Space, weight: Weight): ToGo {
  const { lattice } = space;
  const known = new Float64Array(space.stages.length * lattice.nodes).fill(Number.NaN);
  const factors = lattice.factors.length;
  const least: ToGo = (stage, node) => {
    const at = stage.index * lattice.nodes + node;
    const before = known[at] ?? Number.NaN;
    if (!Number.isNaN(before)) return before;
    const found = worked(stage, node);
    known[at] = found;
    return found;
  };
  const worked = (stage: Stage, node: number): number => {
    const { slots, open } = stage;
    if (slots.length === 0) return 0;
    for (const slot of slots) if (outgrown(space, slot, node, open)) return Number.POSITIVE_INFINITY;
    let best = Number.POSITIVE_INFINITY;
    for (const slot of slots)
      if (fits(space, slot, node, open))
        best = Math.min(best, weight(slot, node) + least(filled(space, stage, slot, node), node));
    for (let factor = 0; factor < factors; factor += 1) {
      const next = stepped(lattice, node, factor);
      if (next >= 0) best = Math.min(best, least(stage, next));
    }
    return best;
  };
  return least;
}
