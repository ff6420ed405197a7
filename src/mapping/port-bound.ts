/**
 * How long each port must be busy at least, and what must be loaded before computing and taken away after it: operand by
 * operand, so that what two operands cannot have at once is left out.
 */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { leastAhead } from "./lattice.ts";
import { roomAt, type Space } from "./place.ts";
import type { Slot } from "./slot.ts";

/** The least that an operand's slots still to be filled bring, at filled * nodes + node. */
export interface OperandToGo {
  readonly operand: Operand;
  readonly least: Float64Array;
}

/** Cycles by which the run takes longer for a slot: of a port, with what the slot's operand loads through others. */
export interface PortShare {
  readonly port: number;
  /** One for each operand that goes through the port. */
  readonly toGo: readonly OperandToGo[];
  readonly of: (slot: Slot, node: number) => number;
  readonly counts: (operand: Operand) => boolean;
  /** Loading, or taking away, that no share of the port counts. */
  readonly without: { readonly loads: boolean; readonly outputs: boolean };
}

/**
 * The run is at least as long as the tiles that a port moves between the first and the last product, and then what is loaded before
 * and taken away after: an operand goes through its links one after another. Where weights and inputs share the port each of
 * them counts only what it loads there, as they load side by side elsewhere.
 */
export function portShare(space: Space, port: number): PortShare {
  const { slots } = space.slots;
  const through = operands.filter((operand) => slots[operand].some(({ ports }) => ports.includes(port)));
  const both = through.includes("W") && through.includes("I");
  const of = (slot: Slot, node: number): number => {
    const here = slot.ports.includes(port);
    const moves = here ? slot.moves(port, node) : 0;
    const edge = here ? slot.edge(port, node) : 0;
    return moves + (both && slot.operand !== "O" ? edge : Math.max(edge, slot.load()[node] ?? 0));
  };
  return {
    port,
    of,
    counts: (operand) => through.includes(operand),
    toGo: through.map((operand) => ({ operand, least: operandToGo(space, operand, of) })),
    without: {
      loads: !through.includes("W") && !through.includes("I"),
      outputs: !through.includes("O"),
    },
  };
}

export function operandToGo(
  space: Space,
  operand: Operand,
  of: (slot: Slot, node: number) => number,
): Float64Array {
  const { nodes } = space.lattice;
  const slots = space.slots.slots[operand];
  const table = new Float64Array((slots.length + 1) * nodes).fill(Number.POSITIVE_INFINITY);
  table.fill(0, slots.length * nodes);
  for (const [done, slot] of [...slots.entries()].reverse()) {
    const base = done * nodes;
    // Closed sums take less room: as if all were closed, for a bound.
    const { nodes: leading, fits } = roomAt(space, slot, false);
    for (let place = 0; place < leading.length; place += 1) {
      const node = leading[place] ?? 0;
      if (fits[node] === 1) table[base + node] = of(slot, node) + (table[base + nodes + node] ?? 0);
    }
    leastAhead(space.lattice, table, base, leading);
  }
  return table;
}
