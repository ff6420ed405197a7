/**
 * The least that a place still costs: the best way to fill the slots that are left, with memories as large for each operand as if
 * no other used them. Exact but for that, so it is an admissible bound; and where no capacity is shared, it is the answer.
 */
import { leastAhead } from "./lattice.ts";
import { filled, firstStage, roomAt, type Space, type Stage, stepsAt } from "./place.ts";
import type { Slot } from "./slot.ts";

/** What a slot costs, by node; sums over slots are what is minimised. */
export type Weight = (slot: Slot) => Float64Array;

export type ToGo = (stage: Stage, node: number) => number;

/**
 * Worked out for all places when first asked for, from the last one backwards: a step leads to a later node or a later stage.
 * @param table memory to work it out in, of a bound that is no longer asked; by default its own
 */
export function toGo(space: Space, weight: Weight, table?: Float64Array): ToGo {
  const { nodes } = space.lattice;
  let known: Float64Array | undefined;
  return (stage, node) => {
    known ??= worked(space, weight, table ?? tableFor(space));
    return known[stage.index * nodes + node] ?? Number.POSITIVE_INFINITY;
  };
}

export const tableFor = ({ stages, lattice }: Space): Float64Array =>
  new Float64Array(stages.length * lattice.nodes);

function worked(space: Space, weight: Weight, table: Float64Array): Float64Array {
  const first = firstStage(space).open;
  for (let index = space.stages.length - 1; index >= 0; index -= 1) {
    const stage = space.stages[index];
    if (stage === undefined || stage.slots.length === 0 || unreached(space, stage, first)) continue;
    work(space, weight, stage, table);
  }
  return table;
}

/** Before the first slot of the outputs sums are as they were, after the last nobody asks. */
const unreached = ({ slots }: Space, { filled: { O }, open }: Stage, first: boolean): boolean =>
  (O === 0 && open !== first) || (O === slots.slots.O.length && O > 0 && open);

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
  leastAhead(space.lattice, table, base, stepsAt(space, stage.slots));
}
