/** How long each port must be busy at least, operand by operand: what two operands cannot have at once is left out. */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { leastAhead } from "./lattice.ts";
import { roomAt, type Space, type Stage, stepsAt } from "./place.ts";

/** Least busy cycles of a port that the slots still to be filled bring, by port. */
export type PortsToGo = (stage: Stage, node: number, port: number) => number;

export function portsToGo(space: Space): PortsToGo {
  const { nodes } = space.lattice;
  const tables: (readonly OperandTable[] | undefined)[] = space.slots.ports.map(() => undefined);
  return (stage, node, port) => {
    const of = tables[port] ?? tablesOf(space, port);
    tables[port] = of;
    let sum = 0;
    for (const { operand, least } of of) sum += least[stage.filled[operand] * nodes + node] ?? 0;
    return sum;
  };
}

interface OperandTable {
  readonly operand: Operand;
  /** By slots filled, and node. */
  readonly least: Float64Array;
}

/** One for each operand that goes through the port. */
const tablesOf = (space: Space, port: number): readonly OperandTable[] =>
  operands.flatMap((operand) =>
    space.slots.slots[operand].some(({ ports }) => ports.includes(port))
      ? [{ operand, least: operandTable(space, operand, port) }]
      : [],
  );

function operandTable(space: Space, operand: Operand, port: number): Float64Array {
  const { nodes } = space.lattice;
  const slots = space.slots.slots[operand];
  const table = new Float64Array((slots.length + 1) * nodes);
  for (const [done, slot] of [...slots.entries()].reverse()) {
    const base = done * nodes;
    const busy = slot.ports.includes(port) ? slot.busy(port) : undefined;
    // Closed sums take less room: as if all were closed, for a bound.
    const { fits } = roomAt(space, slot, false);
    for (let node = 0; node < nodes; node += 1)
      table[base + node] =
        fits[node] === 1 ? (busy?.[node] ?? 0) + (table[base + nodes + node] ?? 0) : Number.POSITIVE_INFINITY;
    leastAhead(space.lattice, table, base, stepsAt(space, [slot]));
  }
  return table;
}
