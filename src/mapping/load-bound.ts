/** What an operand's link takes at least before the first product, or after the last: by slot and node. */
import { type Operand, operands } from "../arch/operand-hierarchy.ts";
import type { CostRules } from "./cost.ts";
import type { Lattice } from "./lattice.ts";
import { at, byNode } from "./node-table.ts";
import type { Slot, Slots } from "./slot.ts";
import type { End } from "./slot-end.ts";

export type LoadBound = (slot: Slot) => Float64Array;

export interface Loads {
  /** No less, whatever else is mapped how. */
  readonly least: LoadBound;
  /** As much where nothing else streams in at the same time. */
  readonly alone: LoadBound;
}

export function loadsOf(slots: Slots, lattice: Lattice, loading: CostRules["loading"]): Loads {
  const { fixed } = slots;
  const all = [
    ...operands.flatMap((operand) => slots.slots[operand]),
    ...(fixed === undefined ? [] : [fixed]),
  ];
  const tables = (of: (slot: Slot) => () => Float64Array): LoadBound => {
    const known = new Map<Slot, () => Float64Array>();
    for (const slot of all) known.set(slot, of(slot));
    return (slot) => {
      const table = known.get(slot);
      if (table === undefined) throw new Error("a slot of another space");
      return table();
    };
  };
  if (loading === "zigzag")
    return {
      least: tables((slot) => byZigzag(lattice, slot, all, all)),
      alone: tables((slot) => byZigzag(lattice, slot, all, [slot])),
    };
  const least = tables((slot) => streamed(lattice, slot));
  return { least, alone: least };
}

/** The multipliers' own operands come while they work. A tile that comes only once need not be there whole. */
function streamed(lattice: Lattice, { memory, nodes, count, first, slowest }: Slot): () => Float64Array {
  return byNode(lattice, nodes, (node) =>
    memory === undefined || count[node] === 1 ? first : at(slowest(), node),
  );
}

/**
 * By ZigZag's rules: a link counts that shares both ends' ports with the other operand, or none, or is the outermost of those that share
 * one. A tile that comes only once is shortened by its slack, and by that of every other at its port that takes no longer.
 */
function byZigzag(
  lattice: Lattice,
  slot: Slot,
  all: readonly Slot[],
  others: readonly Slot[],
): () => Float64Array {
  const { memory, nodes, count, slowest, ends } = slot;
  const half = all.filter(
    (each) => each.memory !== undefined && each.operand === slot.operand && shares(each) === 1,
  );
  if (memory === undefined || (shares(slot) === 1 && half.at(-1) !== slot)) return () => lattice.none;
  const last = lattice.nodes - 1;
  const whole = ({ cycles, ends: of }: Slot, end: End): number => at(cycles(of.indexOf(end)), last);
  const slack = (each: Slot, end: End): number => {
    // The first operands are there when the innermost tile is, which is the whole here or may be next to nothing.
    const first = each.level === 1 ? Math.floor(at(each.timedBits(), last) / end.key.port.bitsPerCycle) : 0;
    return Math.max(0, whole(each, end) - first);
  };
  const once = (): number =>
    ends.reduce((most, end) => {
      if (end.back) return most;
      const taken = others.flatMap((each) =>
        each.ends
          .filter((other) => !other.back && other.port === end.port && whole(each, other) <= whole(slot, end))
          .map((other) => slack(each, other)),
      );
      return Math.max(most, whole(slot, end) - taken.reduce((sum, cycles) => sum + cycles, 0));
    }, Number.NEGATIVE_INFINITY);
  return byNode(lattice, nodes, (node) => (count[node] === 1 ? once() : at(slowest(), node)));
}

/** At how many of its ends weights and inputs are loaded through the same port. */
const shares = ({ operand, ends }: Slot): number =>
  operand === "O"
    ? 0
    : ends.filter(({ key: { port } }) => loads(port.moves, "W") && loads(port.moves, "I")).length;

const loads = (moves: readonly { readonly operand: Operand }[], operand: Operand): boolean =>
  moves.some((move) => move.operand === operand);
