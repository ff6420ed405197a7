/** Where a search stands: which slots have their node, and the node reached. Slots of one operand are filled from the inside. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import type { Lattice } from "./lattice.ts";
import type { Problem } from "./problem.ts";
import { latchedNodes, type Slot, type Slots } from "./slot.ts";

export interface Space {
  readonly problem: Problem;
  readonly lattice: Lattice;
  readonly slots: Slots;
  readonly stages: readonly Stage[];
  readonly rooms: Rooms;
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

/** The nodes from which all slots that wait can still be filled, ascending. */
export function nodesAt(space: Space, { slots, open }: Stage): Int32Array {
  const rooms = slots
    .map((slot) => roomAt(space, slot, open))
    .sort((a, b) => a.nodes.length - b.nodes.length);
  const [fewest, ...others] = rooms;
  if (fewest === undefined) return new Int32Array(0);
  const leading = fewest.nodes.slice();
  let count = leading.length;
  for (const { leads } of others) {
    let kept = 0;
    for (let place = 0; place < count; place += 1) {
      const node = leading[place] ?? 0;
      leading[kept] = node;
      kept += leads[node] ?? 0;
    }
    count = kept;
  }
  return leading.subarray(0, count);
}

/** What a slot takes of its memory at each node. */
export interface Room {
  /** Bits with its buffers: a memory that is always double buffered takes twice the tile, unless that is all there is. */
  readonly taken: Float64Array;
  readonly fits: Uint8Array;
  /** Where it fits, or loops that are still to come make it fit; the same ascending. */
  readonly leads: Uint8Array;
  readonly nodes: Int32Array;
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

function roomOf(lattice: Lattice, slot: Slot, width: number): Room {
  const { nodes, period } = lattice;
  const taken = new Float64Array(nodes);
  const fits = new Uint8Array(nodes);
  const { memory } = slot;
  const elements = slot.elements();
  const total = period[nodes - 1];
  if (memory === undefined) fits.set(latchedNodes(lattice, slot.operand));
  else
    for (let node = 0; node < nodes; node += 1) {
      const twice = memory.buffering === "double" && period[node] !== total;
      const bits = (elements[node] ?? 0) * width * (twice ? 2 : 1);
      taken[node] = bits;
      if (bits <= memory.capacity) fits[node] = 1;
    }
  // Tiles only grow; but the last one takes no second buffer.
  const leads = fits[nodes - 1] === 1 ? new Uint8Array(nodes).fill(1) : fits;
  const leading = new Int32Array(nodes);
  let count = 0;
  for (let node = 0; node < nodes; node += 1) {
    leading[count] = node;
    count += leads[node] ?? 0;
  }
  return { taken, fits, leads, nodes: leading.subarray(0, count) };
}
