/** Where a search stands: which slots have their node, and the node reached. Slots of one operand are filled from the inside. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import type { Factor, Lattice } from "./lattice.ts";
import { type Problem, relevance } from "./problem.ts";
import { isLatched, type Slot, type Slots } from "./slot.ts";

export interface Space {
  readonly problem: Problem;
  readonly lattice: Lattice;
  readonly slots: Slots;
  readonly stages: readonly Stage[];
  readonly rooms: Rooms;
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

/** Factors that may still be added while these slots wait: a latch that is not filled lets only loops below it that reuse its element. */
export function stepsAt({ lattice }: Space, slots: readonly Slot[]): readonly Factor[] {
  const latches = slots.filter(({ memory }) => memory === undefined);
  return lattice.factors.filter(({ dimension }) =>
    latches.every(({ operand }) => relevance[operand][dimension] === "reuse"),
  );
}

/** What a slot takes of its memory at each node. */
export interface Room {
  /** Bits with its buffers: a memory that is always double buffered takes twice the tile, unless that is all there is. */
  readonly taken: Float64Array;
  readonly fits: Uint8Array;
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
  for (let node = 0; node < nodes; node += 1) {
    if (memory === undefined) {
      fits[node] = isLatched(lattice, slot.operand, node) ? 1 : 0;
      continue;
    }
    const bits = (elements[node] ?? 0) * width;
    const twice = memory.buffering === "double" && period[node] !== period[nodes - 1];
    taken[node] = bits * (twice ? 2 : 1);
    fits[node] = (taken[node] ?? 0) <= memory.capacity ? 1 : 0;
  }
  return { taken, fits };
}
