/**
 * How long each port must be busy at least, and what must be loaded before computing and taken away after it: operand by
 * operand, so that what two operands cannot have at once is left out.
 */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { leastAhead } from "./lattice.ts";
import { at } from "./node-table.ts";
import { roomAt, type Space, type Stage } from "./place.ts";
import { tileElements } from "./problem.ts";
import { bySlot } from "./slot-table.ts";
import { type ToGo, toGo, type Weight } from "./to-go.ts";

/** The least that an operand's slots still to be filled bring: by how many are filled, then by node. */
export type OperandToGo = readonly Float64Array[];

/** Cycles by which the run takes longer for a slot: of a port, with what the slot's operand loads through others. */
export interface PortShare {
  readonly port: number;
  readonly of: Weight;
  /** Of slots still to be filled, at a stage and a node. */
  readonly least: (stage: Stage, node: number) => number;
  /** Cycles by which the port holds up the multipliers at least, with what outputs and one other operand load, of slots still to be filled. */
  readonly lateToGo: ToGo | undefined;
  readonly side: "W" | "I";
  readonly counts: (operand: Operand) => boolean;
  /** Loading, or taking away, that no share of the port counts. */
  readonly without: { readonly loads: boolean; readonly outputs: boolean };
}

/**
 * The run is at least as long as the tiles that a port moves between the first and the last product, and then what is loaded before
 * and taken away after: an operand goes through its links one after another. Where weights and inputs share the port each of
 * them counts only what it loads there, as they load side by side elsewhere; ZigZag's rules add up no port's first tiles.
 * @param jointly with one order of loops for all operands, which takes longer to work out and is nearer
 */
export function portShare(space: Space, port: number, jointly: boolean): PortShare {
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
    least: jointly ? leastJointly(space, of) : leastApart(space, of, through),
    lateToGo: jointly ? toGo(space, late) : undefined,
    side,
    counts: (operand) => through.includes(operand),
    without: { loads: !through.includes("W") && !through.includes("I"), outputs: !through.includes("O") },
  };
}

/** In one order of loops for all operands: tables of all places. */
function leastJointly(space: Space, of: Weight): PortShare["least"] {
  const tables = toGo(space, of);
  return ({ index }, node) => tables()[index]?.[node] ?? 0;
}

/** As if each operand had an order of loops of its own. */
function leastApart(space: Space, of: Weight, through: readonly Operand[]): PortShare["least"] {
  const tables = through.map((operand) => ({ operand, least: operandToGo(space, operand, of) }));
  return ({ filled }, node) => {
    let sum = 0;
    for (const { operand, least } of tables) sum += least[filled[operand]]?.[node] ?? 0;
    return sum;
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
