/**
 * The least that a place still costs: the best way to fill the slots that are left, with memories as large for each operand as if
 * no other used them. Exact but for that, so it is an admissible bound; and where no capacity is shared, it is the answer.
 */
import { leastAhead } from "./lattice.ts";
import { filled, roomAt, type Space, type Stage } from "./place.ts";
import type { Slot } from "./slot.ts";

/** What a slot costs, by node; sums over slots are what is minimised. */
export type Weight = (slot: Slot) => Float64Array;

export type ToGo = (stage: Stage, node: number) => number;

/** Worked out for all places when first asked for, from the last one backwards: a step leads to a later node or a later stage. */
export function toGo(space: Space, weight: Weight): ToGo {
  const { nodes } = space.lattice;
  let known: Float64Array | undefined;
  return (stage, node) => {
    known ??= tableOf(space, weight);
    return known[stage.index * nodes + node] ?? Number.POSITIVE_INFINITY;
  };
}

function tableOf(space: Space, weight: Weight): Float64Array {
  const table = new Float64Array(space.stages.length * space.lattice.nodes);
  for (let index = space.stages.length - 1; index >= 0; index -= 1) {
    const stage = space.stages[index];
    if (stage !== undefined && stage.slots.length > 0) work(space, weight, stage, table);
  }
  return table;
}

/** Tiles only grow: where a slot has outgrown its memory it fits nowhere further on, and nothing finite is found. */
function work(space: Space, weight: Weight, stage: Stage, table: Float64Array): void {
  const { nodes } = space.lattice;
  const base = stage.index * nodes;
  table.fill(Number.POSITIVE_INFINITY, base, base + nodes);
  for (const slot of stage.slots) {
    const { fits } = roomAt(space, slot, stage.open);
    const cost = weight(slot);
    const opened = slot.opened();
    const closed = filled(space, stage, slot, false).index * nodes;
    const open = filled(space, stage, slot, true).index * nodes;
    for (let node = 0; node < nodes; node += 1) {
      if (fits[node] !== 1) continue;
      const after = table[(opened[node] === 1 ? open : closed) + node] ?? 0;
      const value = (cost[node] ?? 0) + after;
      if (value < (table[base + node] ?? 0)) table[base + node] = value;
    }
  }
  leastAhead(space.lattice, table, base);
}
