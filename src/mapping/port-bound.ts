/** How long each port must be busy at least, operand by operand: what two operands cannot have at once is left out. */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { stepped } from "./lattice.ts";
import { fits, outgrown, type Space, type Stage } from "./place.ts";

/** Least busy cycles of a port that the slots still to be filled bring, by port. */
export type PortsToGo = (stage: Stage, node: number, port: number) => number;

export function portsToGo(space: Space): PortsToGo {
  const tables: (readonly OperandTable[] | undefined)[] = space.slots.ports.map(() => undefined);
  return (stage, node, port) => {
    const of = tables[port] ?? tablesOf(space, port);
    tables[port] = of;
    let sum = 0;
    for (const { operand, least } of of) sum += least(stage.filled[operand], node);
    return sum;
  };
}

interface OperandTable {
  readonly operand: Operand;
  readonly least: (filled: number, node: number) => number;
}

/** One for each operand that goes through the port. */
const tablesOf = (space: Space, port: number): readonly OperandTable[] =>
  operands.flatMap((operand) =>
    space.slots.slots[operand].some(({ ports }) => ports.includes(port))
      ? [{ operand, least: operandTable(space, operand, port) }]
      : [],
  );

function operandTable(
  space: Space,
  operand: Operand,
  port: number,
): (filled: number, node: number) => number {
  const { lattice } = space;
  const slots = space.slots.slots[operand];
  const known = new Float64Array((slots.length + 1) * lattice.nodes).fill(Number.NaN);
  const least = (done: number, node: number): number => {
    const slot = slots[done];
    if (slot === undefined) return 0;
    const at = done * lattice.nodes + node;
    const before = known[at] ?? Number.NaN;
    if (!Number.isNaN(before)) return before;
    let best = Number.POSITIVE_INFINITY;
    // Closed sums take less room: as if all were closed, for a bound.
    if (!outgrown(space, slot, node, false)) {
      if (fits(space, slot, node, false)) best = slot.busy(node, port) + least(done + 1, node);
      for (let factor = 0; factor < lattice.factors.length; factor += 1) {
        const next = stepped(lattice, node, factor);
        if (next >= 0) best = Math.min(best, least(done, next));
      }
    }
    known[at] = best;
    return best;
  };
  return least;
}
