/** What a slot's link takes of ports, by node. */
import type { MemoryLevel, Operand } from "../arch/operand-hierarchy.ts";
import { type Lattice, productsOf } from "./lattice.ts";
import { settled } from "./link.ts";
import { at, tabled } from "./node-table.ts";
import { relevance } from "./problem.ts";
import type { End } from "./slot-end.ts";

export interface SlotTime {
  /** Cycles of one tile at an end; none where nothing goes that way. */
  readonly cycles: (end: number) => Float64Array;
  /** Cycles of one tile at whichever of its ends is slower, not counting partial sums on their way back. */
  readonly slowest: () => Float64Array;
  /** Cycles that a port must spend on one tile, and the part of it that is loaded, or taken away: not partial sums on their way back. */
  readonly busy: (port: number) => { readonly all: Float64Array; readonly forward: Float64Array };
  /**
   * A guess at what the link alone holds up the multipliers by. Tiles of more than half of their memory are taken to arrive only
   * while they are reused for the last time.
   */
  readonly late: () => Float64Array;
}

/** What the tables are made from: those of the slot. */
export interface TimedSlot {
  readonly operand: Operand;
  readonly memory: MemoryLevel | undefined;
  readonly nodes: Int32Array;
  readonly ends: readonly End[];
  readonly bits: () => Float64Array;
  /** The same as they are counted in time. */
  readonly timedBits: () => Float64Array;
  readonly opened: Uint8Array;
  readonly count: Float64Array;
  readonly period: Float64Array;
}

export function slotTime(lattice: Lattice, slot: TimedSlot): SlotTime {
  const { operand, memory, nodes, ends, bits, timedBits, opened, count, period } = slot;
  const tables = ends.map(({ back, timedFan, key: { port } }) =>
    tabled(lattice, (table) => {
      const moved = timedBits();
      for (let place = 0; place < nodes.length; place += 1) {
        const node = nodes[place] ?? 0;
        if (!back || opened[node] === 1)
          table[node] = Math.ceil(settled((at(moved, node) * timedFan) / port.bitsPerCycle));
      }
    }),
  );
  const cycles = (end: number): Float64Array => {
    const table = tables[end];
    if (table === undefined) throw new RangeError(`no end ${end} of ${tables.length}`);
    return table();
  };
  const most = (counts: (end: End) => boolean) =>
    tabled(lattice, (table) =>
      ends.forEach((each, end) => {
        if (!counts(each)) return;
        const other = cycles(end);
        for (let place = 0; place < nodes.length; place += 1) {
          const node = nodes[place] ?? 0;
          if (at(other, node) > at(table, node)) table[node] = at(other, node);
        }
      }),
    );
  const longest = most(() => true);
  const room = memory === undefined ? 0 : memory.capacity / (2 * memory.operands.length);
  return {
    cycles,
    slowest: most(({ back }) => !back),
    busy: (port) => {
      const [all, forward] = [new Float64Array(lattice.nodes), new Float64Array(lattice.nodes)];
      ends.forEach((each, end) => {
        if (each.port !== port) return;
        add(nodes, all, cycles(end));
        if (!each.back) add(nodes, forward, cycles(end));
      });
      return { all, forward };
    },
    late: tabled(lattice, (table) => {
      const reusing = productsOf(
        lattice.factors,
        lattice.nodes,
        (each) => relevance[operand][each] === "reuse",
      );
      const [tiles, held] = [longest(), bits()];
      for (let place = 0; place < nodes.length; place += 1) {
        const node = nodes[place] ?? 0;
        const whole = at(period, node);
        const window = at(held, node) <= room ? whole : whole / at(reusing, node);
        table[node] = Math.max(0, at(tiles, node) - window) * (at(count, node) - 1);
      }
    }),
  };
}

function add(nodes: Int32Array, sum: Float64Array, table: Float64Array): void {
  for (let place = 0; place < nodes.length; place += 1) {
    const node = nodes[place] ?? 0;
    sum[node] = at(sum, node) + at(table, node);
  }
}
