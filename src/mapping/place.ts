/** Where a search stands: which slots have their node, and the node reached. Slots of one operand are filled from the inside. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import type { Lattice } from "./lattice.ts";
import type { Loads } from "./load-bound.ts";
import type { Problem } from "./problem.ts";
import type { Slot, Slots } from "./slot.ts";

export interface Space {
  readonly problem: Problem;
  readonly lattice: Lattice;
  readonly slots: Slots;
  readonly stages: readonly Stage[];
  readonly rooms: Rooms;
  readonly load: Loads;
  /** A port loads its first tiles one after another, and so they add up. */
  readonly inTurn: boolean;
  /** Of the multiplications. */
  readonly macJoules: number;
  readonly memories: readonly MemoryLevel[];
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
          const next = [slots.O[outputs], slots.W[weights], slots.I[inputs]].filter(
            (slot) => slot !== undefined,
          );
          const filled = { O: outputs, W: weights, I: inputs };
          stages.push({ index: stages.length, filled, open, slots: next });
        }
  return stages;
}

export function firstStage({ stages, slots }: Space): Stage {
  const open = slots.fixed?.open(0) ?? false;
  return stageAt(stages, open ? stages.length / (2 * (slots.slots.O.length + 1)) : 0);
}

/** @param sums whether sums are open above the node that the slot gets */
export function filled({ stages, slots: { slots } }: Space, stage: Stage, slot: Slot, sums: boolean): Stage {
  const { index, open } = stage;
  const outputs = slots.O;
  const inputs = slots.I.length + 1;
  const half = inputs * (slots.W.length + 1);
  // With all slots of the outputs filled nobody asks whether sums are open.
  const stays = sums && stage.filled.O + 1 < outputs.length;
  switch (slot.operand) {
    case "I":
      return stageAt(stages, index + 1);
    case "W":
      return stageAt(stages, index + inputs);
    case "O":
      return stageAt(stages, index + 2 * half + (open === stays ? 0 : open ? -half : half));
  }
}

function stageAt(stages: readonly Stage[], index: number): Stage {
  const found = stages[index];
  if (found === undefined) throw new RangeError(`no stage ${index} of ${stages.length}`);
  return found;
}

/** What a slot takes of its memory at each node. */
export interface Room {
  /** Bits with its buffers: a memory that is always double buffered takes twice the tile, unless that is all there is. */
  readonly taken: Float64Array;
  readonly fits: Uint8Array;
  /** Where it fits, ascending; and where it does or loops that are still to come make it fit. */
  readonly nodes: Int32Array;
  readonly leading: Int32Array;
}

/** By slot: with its sums closed, and with them open. A memory in which outputs are added up, or that is below one, holds open sums. */
export type Rooms = ReadonlyMap<Slot, { readonly closed: Room; readonly open: Room }>;

export function roomsOf({ bits }: Problem, lattice: Lattice, { slots }: Slots): Rooms {
  return new Map(
    operands.flatMap((operand) =>
      slots[operand].map((slot) => {
        const closed = roomOf(lattice, slot, bits[operand]);
        const open = operand === "O" ? roomOf(lattice, slot, bits.partial) : closed;
        return [slot, { closed, open }] as const;
      }),
    ),
  );
}

export function roomAt({ rooms }: Space, slot: Slot, open: boolean): Room {
  const room = rooms.get(slot);
  if (room === undefined) throw new Error("a slot of another space");
  return open ? room.open : room.closed;
}

function roomOf({ nodes, all, counts }: Lattice, slot: Slot, width: number): Room {
  const taken = new Float64Array(nodes);
  const fits = new Uint8Array(nodes);
  const fitting = new Int32Array(slot.nodes.length);
  const { memory, elements } = slot;
  let count = 0;
  for (let place = 0; place < slot.nodes.length; place += 1) {
    const node = slot.nodes[place] ?? 0;
    if (memory !== undefined) {
      const twice = memory.buffering === "double" && counts[node] !== 1;
      const bits = (elements[node] ?? 0) * width * (twice ? 2 : 1);
      if (bits > memory.capacity) continue;
      taken[node] = bits;
    }
    fits[node] = 1;
    fitting[count] = node;
    count += 1;
  }
  const where = fitting.subarray(0, count);
  // Tiles only grow; but the last one takes no second buffer.
  return { taken, fits, nodes: where, leading: fits[nodes - 1] === 1 ? all : where };
}
