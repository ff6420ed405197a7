/** What a slot's link takes of ports, by node. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { productsOf } from "./lattice.ts";
import { at, byNode } from "./node-table.ts";
import { relevance } from "./problem.ts";
import type { End, EndScope } from "./slot-end.ts";
import { portCycles } from "./traffic.ts";

export interface SlotTime {
  /** Cycles of one tile at an end; none where nothing goes that way. */
  readonly cycles: (end: number) => Float64Array;
  /** Cycles that a port, one of the slot's, must spend on all tiles but the first loaded, or the last taken away; and on that one. */
  readonly moves: (port: number, node: number) => number;
  readonly edge: (port: number, node: number) => number;
  /** At least so long takes the first tile before computing, or the last one after it, at whichever of its ends is slower. */
  readonly load: () => Float64Array;
  /**
   * A guess at what the link alone adds to the run: late tiles, and the first one. Tiles of more than half of their memory are
   * taken to arrive only while they are reused for the last time.
   */
  readonly late: () => Float64Array;
}

/** What the tables are made from: those of the slot, and where a tile fits its memory at all. */
export interface TimedSlot {
  readonly operand: Operand;
  readonly memory: MemoryLevel | undefined;
  readonly ends: readonly End[];
  /** Cycles to bring the first operands of all multipliers, or to take away their last results. */
  readonly first: number;
  readonly elements: () => Float64Array;
  /** The same as they are counted in time. */
  readonly timed: () => Float64Array;
  readonly opened: () => Float64Array;
  readonly width: (node: number) => number;
  readonly possible: (node: number) => boolean;
  readonly count: Float64Array;
  readonly period: Float64Array;
}

export function slotTime({ lattice, loading }: EndScope, slot: TimedSlot): SlotTime {
  const { memory, ends, first, elements, timed, opened, width, possible, count, period } = slot;
  // The multipliers' own operands come while they work; ZigZag adds up no port's first tiles.
  const isLoaded = memory !== undefined && loading === "ports";
  let products: Float64Array | undefined;
  const reusing = (): Float64Array => {
    products ??= productsOf(
      lattice.factors,
      lattice.nodes,
      (each) => relevance[slot.operand][each] === "reuse",
    );
    return products;
  };
  const tables = ends.map(({ back, timedFan, key: { port } }) =>
    byNode(lattice, (node) => {
      if ((back && opened()[node] !== 1) || !possible(node)) return 0;
      return portCycles(port, at(timed(), node) * timedFan * width(node));
    }),
  );
  const cycles = (end: number): Float64Array => {
    const table = tables[end];
    if (table === undefined) throw new RangeError(`no end ${end} of ${tables.length}`);
    return table();
  };
  const slowest = (node: number, counts: (end: End) => boolean): number => {
    let longest = 0;
    for (let end = 0; end < ends.length; end += 1) {
      const each = ends[end];
      if (each !== undefined && counts(each)) longest = Math.max(longest, at(cycles(end), node));
    }
    return longest;
  };
  const sumAt = (port: number, node: number, counts: (end: End) => boolean): number => {
    let sum = 0;
    for (let end = 0; end < ends.length; end += 1) {
      const each = ends[end];
      if (each?.port === port && counts(each)) sum += at(cycles(end), node);
    }
    return sum;
  };
  return {
    cycles,
    moves: (port, node) => sumAt(port, node, isAny) * (at(count, node) - 1),
    edge: (port, node) => (isLoaded ? sumAt(port, node, isForward) : 0),
    // A tile that comes only once need not be there whole.
    load: byNode(lattice, (node) => (!isLoaded || count[node] === 1 ? first : slowest(node, isForward))),
    late: byNode(lattice, (node) => {
      if (!possible(node)) return 0;
      if (count[node] === 1) return first;
      const longest = slowest(node, isAny);
      const room = memory === undefined ? 0 : memory.capacity / (2 * memory.operands.length);
      const whole = at(period, node);
      const window = at(elements(), node) * width(node) <= room ? whole : whole / at(reusing(), node);
      return Math.max(0, longest - window) * (at(count, node) - 1) + longest;
    }),
  };
}

const isAny = (): boolean => true;
const isForward = ({ back }: End): boolean => !back;
