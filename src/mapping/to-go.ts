/**
 * The least that a place still costs: the best way to fill the slots that are left, with memories as large for each operand as if
 * no other used them. Exact but for that, so it is an admissible bound; and where no capacity is shared, it is the answer.
 */
import { leastAhead } from "./lattice.ts";
import { filled, firstStage, nodesAt, roomAt, type Space, type Stage } from "./place.ts";
import type { Slot } from "./slot.ts";

/** What a slot costs, by node; sums over slots are what is minimised. */
export type Weight = (slot: Slot) => Float64Array;

/** By stage and node, at stage * nodes + node; infinite where slots that wait no longer fit. */
export type ToGo = () => Float64Array;

/** Worked out for all places when first asked for. */
export function toGo(space: Space, weight: Weight, reach: Reach): ToGo {
  let known: Float64Array | undefined;
  return () => {
    if (known !== undefined) return known;
    known = tableFor(space);
    for (const { stage, nodes } of reach) work(space, weight, stage, nodes, known);
    return known;
  };
}

/** Nothing is to go where all slots are filled. */
function tableFor({ stages, lattice: { nodes } }: Space): Float64Array {
  const table = new Float64Array(stages.length * nodes).fill(Number.POSITIVE_INFINITY);
  for (const { index, slots } of stages)
    if (slots.length === 0) table.fill(0, index * nodes, (index + 1) * nodes);
  return table;
}

/** The stages that a search comes to, the last first, with the nodes that lead on from them: a step leads to a later node or a later stage. */
export type Reach = readonly { readonly stage: Stage; readonly nodes: Int32Array }[];

export function reachOf(space: Space): Reach {
  const first = firstStage(space).open;
  return space.stages
    .filter((stage) => stage.slots.length > 0 && !unreached(space, stage, first))
    .map((stage) => ({ stage, nodes: nodesAt(space, stage) }))
    .reverse();
}

/** Before the first slot of the outputs sums are as they were, after the last nobody asks. */
const unreached = ({ slots }: Space, { filled: { O }, open }: Stage, first: boolean): boolean =>
  (O === 0 && open !== first) || (O === slots.slots.O.length && O > 0 && open);

function work(space: Space, weight: Weight, stage: Stage, leading: Int32Array, table: Float64Array): void {
  const { nodes } = space.lattice;
  const base = stage.index * nodes;
  for (let place = 0; place < leading.length; place += 1)
    table[base + (leading[place] ?? 0)] = Number.POSITIVE_INFINITY;
  for (const slot of stage.slots) {
    const cost = weight(slot);
    const { fits } = roomAt(space, slot, stage.open);
    const opened = slot.opened();
    const closed = filled(space, stage, slot, false).index * nodes;
    const open = filled(space, stage, slot, true).index * nodes;
    for (let place = 0; place < leading.length; place += 1) {
      const node = leading[place] ?? 0;
      if (fits[node] !== 1) continue;
      const after = table[(opened[node] === 1 ? open : closed) + node] ?? 0;
      const value = (cost[node] ?? 0) + after;
      if (value < (table[base + node] ?? 0)) table[base + node] = value;
    }
  }
  leastAhead(space.lattice, table, base, leading);
}
