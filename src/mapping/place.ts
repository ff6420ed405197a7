/** Where a search stands: which slots have their node, and the node reached. Slots of one operand are filled from the inside. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import type { Lattice } from "./lattice.ts";
import type { Problem } from "./problem.ts";
import { isLatched, type Slot, type Slots } from "./slot.ts";

export interface Space {
  readonly problem: Problem;
  readonly lattice: Lattice;
  readonly slots: Slots;
  readonly stages: readonly Stage[];
  /** Of the multiplications. */
  readonly macJoules: number;
  /** Memories that several operands share. */
  readonly shared: readonly MemoryLevel[];
}

/** How many slots of each operand have their node. Each is there once, so that places are compared and looked up by index. */
export interface Stage {
  readonly index: number;
  readonly filled: Readonly<Record<Operand, number>>;
  /** Sums below the last slot of the outputs are still to be added to. */
  readonly open: boolean;
  /** The slots to fill next, one for each operand that has any left. */
  readonly slots: readonly Slot[];
}

export function stagesOf({ slots }: Slots): readonly Stage[] {
  const stages: Stage[] = [];
  for (let outputs = 0; outputs <= slots.O.length; outputs += 1)
    for (const open of [false, true])
      for (let weights = 0; weights <= slots.W.length; weights += 1)
        for (let inputs = 0; inputs <= slots.I.length; inputs += 1) {
          const filled = { O: outputs, W: weights, I: inputs };
          const next = operands.flatMap((operand) =>
            slots[operand].slice(filled[operand], filled[operand] + 1),
          );
          stages.push({ index: stages.length, filled, open, slots: next });
        }
  return stages;
}

export function firstStage({ stages, slots }: Space): Stage {
  const open = slots.fixed?.open(0) ?? false;
  return stageAt(stages, open ? stages.length / (2 * (slots.slots.O.length + 1)) : 0);
}

export function filled(
  { stages, slots: { slots } }: Space,
  { index, open }: Stage,
  slot: Slot,
  node: number,
): Stage {
  const inputs = slots.I.length + 1;
  const half = inputs * (slots.W.length + 1);
  switch (slot.operand) {
    case "I":
      return stageAt(stages, index + 1);
    case "W":
      return stageAt(stages, index + inputs);
    case "O":
      return stageAt(stages, index + 2 * half + (open === slot.open(node) ? 0 : open ? -half : half));
  }
}

function stageAt(stages: readonly Stage[], index: number): Stage {
  const found = stages[index];
  if (found === undefined) throw new RangeError(`no stage ${index} of ${stages.length}`);
  return found;
}

/** Bits of its memory that a slot's tile takes. A memory in which outputs are added up, or that is below one, holds open sums. */
export function tileBits({ problem }: Space, slot: Slot, node: number, open: boolean): number {
  const width = slot.operand === "O" && open ? problem.bits.partial : problem.bits[slot.operand];
  return slot.elements(node) * width;
}

/** What it takes with its buffers: a memory that is always double buffered takes twice the tile, unless that is all there is. */
export function takenBits(space: Space, slot: Slot, node: number, open: boolean): number {
  const { period, nodes } = space.lattice;
  const twice = slot.memory?.buffering === "double" && period[node] !== period[nodes - 1];
  return tileBits(space, slot, node, open) * (twice ? 2 : 1);
}

export function fits(space: Space, slot: Slot, node: number, open: boolean): boolean {
  if (slot.memory === undefined) return isLatched(space.lattice, slot.operand, node);
  return takenBits(space, slot, node, open) <= slot.memory.capacity;
}

/** Tiles only grow: one that is too large here is so at every node that follows. */
export function outgrown(space: Space, slot: Slot, node: number, open: boolean): boolean {
  if (slot.memory === undefined) return !isLatched(space.lattice, slot.operand, node);
  return tileBits(space, slot, node, open) > slot.memory.capacity;
}
