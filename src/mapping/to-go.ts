/**
 * The least that a place still costs: the best way to fill the slots that are left, with memories as large for each operand as if
 * no other used them. Exact but for that, so it is an admissible bound; and where no capacity is shared, it is the answer.
 */
import { leastAhead } from "./lattice.ts";
import { filled, firstStage, roomAt, type Space, type Stage } from "./place.ts";
import type { Slot } from "./slot.ts";

/** What a slot costs, by node; sums over slots are what is minimised. */
export type Weight = (slot: Slot) => Float64Array;

/** By stage, then by node; infinite where slots that wait no longer fit. */
export type ToGo = () => readonly Float64Array[];

/** Worked out for all places when first asked for. */
export function toGo(space: Space, weight: Weight): ToGo {
  let known: readonly Float64Array[] | undefined;
  return () => {
    known ??= allToGo(space, weight);
    return known;
  };
}

function allToGo(space: Space, weight: Weight): readonly Float64Array[] {
  const { stages, lattice } = space;
  const first = firstStage(space).open;
  const unfit = new Float64Array(lattice.nodes).fill(Number.POSITIVE_INFINITY);
  const tables = stages.map(({ slots }) => (slots.length === 0 ? lattice.none : unfit));
  // The last stage first: a step leads to a later node or a later stage.
  for (let index = stages.length - 1; index >= 0; index -= 1) {
    const stage = stages[index];
    if (stage === undefined || stage.slots.length === 0 || unreached(space, stage, first)) continue;
    const table = unfit.slice();
    work(space, weight, stage, tables, table);
    tables[index] = table;
  }
  return tables;
}

/** Before the first slot of the outputs sums are as they were, after the last nobody asks. */
const unreached = ({ slots }: Space, { filled: { O }, open }: Stage, first: boolean): boolean =>
  (O === 0 && open !== first) || (O === slots.slots.O.length && O > 0 && open);

function work(
  space: Space,
  weight: Weight,
  stage: Stage,
  tables: readonly Float64Array[],
  table: Float64Array,
): void {
  const {
    filled: { O },
    open: hasSums,
  } = stage;
  // Once a tile of outputs has its sums, those above it have theirs.
  const isSummed = !hasSums && O > 0 && O < space.slots.slots.O.length;
  let leading = isSummed ? space.lattice.summed : space.lattice.all;
  for (const slot of stage.slots) {
    const cost = weight(slot);
    const room = roomAt(space, slot, hasSums);
    if (room.leading.length < leading.length) leading = room.leading;
    const closed = tables[filled(space, stage, slot, false).index] ?? table;
    const open = tables[filled(space, stage, slot, true).index] ?? table;
    const { opened } = slot;
    const where = room.nodes.length < leading.length ? room.nodes : leading;
    const mayMiss = where === leading;
    for (let place = 0; place < where.length; place += 1) {
      const node = where[place] ?? 0;
      if (mayMiss && room.fits[node] !== 1) continue;
      const after = opened[node] === 1 ? open[node] : closed[node];
      const value = (cost[node] ?? 0) + (after ?? 0);
      if (value < (table[node] ?? 0)) table[node] = value;
    }
  }
  leastAhead(space.lattice, table, leading);
}
