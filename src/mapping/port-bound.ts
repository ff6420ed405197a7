/**
 * How long each port must be busy at least, and what must be loaded before computing and taken away after it: operand by
 * operand, so that what two operands cannot have at once is left out.
 */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { leastAhead } from "./lattice.ts";
import { at, bySlot } from "./node-table.ts";
import { roomAt, type Space } from "./place.ts";
import { tileElements } from "./problem.ts";
import { type ToGo, toGo, type Weight } from "./to-go.ts";

/** The least that an operand's slots still to be filled bring: by how many are filled, then by node. */
export type OperandToGo = readonly Float64Array[];

/** Cycles by which the run takes longer for a slot: of a port, with what the slot's operand loads through others. */
export interface PortShare {
  readonly port: number;
  readonly of: Weight;
  readonly toGo: ToGo;
  /** Cycles by which the port holds up the multipliers at least, with what outputs and one other operand load, of slots still to be filled. */
  readonly lateToGo: ToGo;
  readonly side: "W" | "I";
  readonly counts: (operand: Operand) => boolean;
  /** Loading, or taking away, that no share of the port counts. */
  readonly without: { readonly loads: boolean; readonly outputs: boolean };
}

/**
 * The run is at least as long as the tiles that a port moves between the first and the last product, and then what is loaded before
 * and taken away after: an operand goes through its links one after another. Where weights and inputs share the port each of
 * them counts only what it loads there, as they load side by side elsewhere; ZigZag's rules add up no port's first tiles.
 */
export function portShare(space: Space, port: number): PortShare {
  const { lattice, load, slots, inTurn } = space;
  const through = operands.filter((operand) =>
    slots.slots[operand].some(({ ports }) => ports.includes(port)),
  );
  const both = through.includes("W") && through.includes("I");
  const side = both ? largestLoad(space) : through.includes("W") ? "W" : "I";
  const of = bySlot(lattice, (slot, table) => {
    if (!through.includes(slot.operand)) return;
    const { all, forward } = slot.ports.includes(port)
      ? slot.busy(port)
      : { all: lattice.none, forward: lattice.none };
    const edges = inTurn && slot.memory !== undefined ? forward : lattice.none;
    const isLoaded = slot.operand === "O" || (both && inTurn ? false : slot.operand === side);
    const loads = isLoaded ? load.least(slot) : lattice.none;
    for (let place = 0; place < slot.nodes.length; place += 1) {
      const node = slot.nodes[place] ?? 0;
      table[node] = at(all, node) * (at(slot.count, node) - 1) + Math.max(at(edges, node), at(loads, node));
    }
  });
  const late = bySlot(lattice, (slot, table) => {
    if (slot.operand === side || slot.operand === "O") table.set(load.least(slot));
    slot.ends.forEach((end, index) => {
      if (end.port !== port) return;
      const cycles = slot.cycles(index);
      for (let place = 0; place < slot.nodes.length; place += 1) {
        const node = slot.nodes[place] ?? 0;
        const each = Math.max(0, at(cycles, node) - at(slot.period, node));
        table[node] = at(table, node) + each * (at(slot.count, node) - 1);
      }
    });
  });
  return {
    port,
    of,
    toGo: toGo(space, of),
    lateToGo: toGo(space, late),
    side,
    counts: (operand) => through.includes(operand),
    without: { loads: !through.includes("W") && !through.includes("I"), outputs: !through.includes("O") },
  };
}

/** The larger of the two operands that are loaded. */
function largestLoad({ problem }: Space): "W" | "I" {
  const bits = (operand: "W" | "I"): number =>
    tileElements(problem, operand, problem.sizes) * problem.bits[operand];
  return bits("W") >= bits("I") ? "W" : "I";
}

export function operandToGo(space: Space, operand: Operand, of: Weight): OperandToGo {
  const { lattice, slots } = space;
  const tables = [lattice.none];
  for (const slot of slots.slots[operand].toReversed()) {
    const [after = lattice.none] = tables;
    const weight = of(slot);
    const table = new Float64Array(lattice.nodes).fill(Number.POSITIVE_INFINITY);
    // Closed sums take less room: as if all were closed, for a bound.
    const { nodes, leading } = roomAt(space, slot, false);
    for (let place = 0; place < nodes.length; place += 1) {
      const node = nodes[place] ?? 0;
      table[node] = at(weight, node) + at(after, node);
    }
    leastAhead(lattice, table, leading);
    tables.unshift(table);
  }
  return tables;
}
