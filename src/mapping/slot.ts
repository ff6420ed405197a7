/**
 * A slot: a link whose place in the loop order is to be chosen. Choosing the node of the lattice below it fixes what it moves
 * and how often, so its cost is a table by node: filled when first asked for.
 */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { Paths } from "./cost.ts";
import { type Lattice, nodesWhere, productsOf } from "./lattice.ts";
import type { OperandPath } from "./link.ts";
import { at, byNode, tabled } from "./node-table.ts";
import { type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
import { type End, endsOf, firstCycles, type PortKey } from "./slot-end.ts";
import { type SlotTime, slotTime } from "./slot-time.ts";
import { accessesOf, hopsBetween } from "./traffic.ts";

export interface Slot extends SlotTime {
  /** Among all slots with a place to choose. */
  readonly index: number;
  readonly operand: Operand;
  /** 0 for the link to the multipliers. */
  readonly level: number;
  /** The memory that it fills; absent for the multipliers' latch, which takes one element. */
  readonly memory: MemoryLevel | undefined;
  /** Among the hierarchy's memories. */
  readonly memoryIndex: number;
  /** Where its tile may lie in the memory at all, ascending: its tables are of these nodes. */
  readonly nodes: Int32Array;
  readonly elements: Float64Array;
  /** Sums of outputs are still to be added to above the node. */
  readonly open: (node: number) => boolean;
  /** The same by node, 1 where they are. */
  readonly opened: Uint8Array;
  readonly joules: () => Float64Array;
  /** By node: cycles of computing that a tile serves, and how many tiles there are. */
  readonly period: Float64Array;
  readonly count: Float64Array;
  readonly ends: readonly End[];
  /** Cycles to bring the first operands of all multipliers, or to take away their last results. */
  readonly first: number;
  /** Bits of the tile in the memory, and as they are counted in time. */
  readonly bits: () => Float64Array;
  readonly timedBits: () => Float64Array;
  /** Indices into `ports` of its ends. */
  readonly ports: readonly number[];
}

export interface Slots {
  /** By operand, from the multipliers outwards. The link from the outputs' innermost memory to the multipliers has no place to choose. */
  readonly slots: Readonly<Record<Operand, readonly Slot[]>>;
  readonly ports: readonly PortKey[];
  readonly fixed: Slot | undefined;
}

interface SlotScope {
  readonly problem: Problem;
  readonly hierarchy: OperandHierarchy;
  readonly lattice: Lattice;
  readonly paths: Paths;
  readonly ports: readonly PortKey[];
}

export function slotsOf(
  problem: Problem,
  hierarchy: OperandHierarchy,
  lattice: Lattice,
  paths: Paths,
): Slots {
  const ports = hierarchy.memories.flatMap((memory) => memory.ports.map((port) => ({ memory, port })));
  const scope = { problem, hierarchy, lattice, paths, ports };
  // The first link of the outputs has no place: it comes before all others.
  let index = -1;
  const of = (operand: Operand): readonly Slot[] =>
    paths.counted[operand].memories.map((_, level) => slotOf(scope, operand, level, index++));
  const [fixed, ...outputs] = of("O");
  return { slots: { O: outputs, W: of("W"), I: of("I") }, ports, fixed };
}

function slotOf(scope: SlotScope, operand: Operand, level: number, index: number): Slot {
  const { problem, hierarchy, lattice, ports } = scope;
  const [path, inTime] = [scope.paths.counted[operand], scope.paths.timed[operand]];
  const { memories, fans, instances, multipliers, summing } = path;
  const memory = memories[level - 1];
  const ends = endsOf(ports, path, inTime, level);
  const total = lattice.period[lattice.nodes - 1] ?? 1;
  const smallest = operand === "O" ? Math.min(problem.bits.O, problem.bits.partial) : problem.bits[operand];
  const { elements, nodes } =
    memory === undefined
      ? { elements: lattice.ones, nodes: latchedNodes(lattice, operand) }
      : heldTiles(problem, lattice, path, level, memory.capacity / smallest);
  const opened = openedNodes(lattice, operand, summing[level] === true);
  const open = (node: number): boolean => opened[node] === 1;
  const width = (node: number): number => (open(node) ? problem.bits.partial : problem.bits[operand]);
  const period = memory === undefined && operand === "O" ? lattice.ones : lattice.period;
  const count = memory === undefined && operand === "O" ? lattice.ones.map(() => total) : lattice.counts;
  const bits = byNode(lattice, nodes, (node) => at(elements, node) * width(node));
  const timed = tileAt(problem, lattice, inTime, level);
  const timedBits =
    memory === undefined || inTime === path
      ? bits
      : byNode(lattice, nodes, (node) => timed(node) * width(node));
  const between = {
    lowerInstances: instances[level - 1] ?? multipliers,
    upperInstances: instances[level] ?? 1,
    fan: fans[level] ?? 1,
  };
  const hops = (node: number): number => {
    const ways = operand === "O" && open(node) ? 2 : 1;
    const each = hopsBetween(at(elements, node), between);
    return ways * each * at(count, node) * hierarchy.hopEnergy;
  };
  return {
    index,
    operand,
    level,
    memory,
    memoryIndex: memory === undefined ? -1 : hierarchy.memories.indexOf(memory),
    nodes,
    elements,
    open,
    opened,
    joules: tabled(lattice, (table) => {
      if (hierarchy.hopEnergy > 0)
        for (let place = 0; place < nodes.length; place += 1) {
          const node = nodes[place] ?? 0;
          table[node] = hops(node);
        }
      const held = bits();
      for (const { back, fan, key, instances, joules } of ends)
        for (let place = 0; place < nodes.length; place += 1) {
          const node = nodes[place] ?? 0;
          if (back && opened[node] !== 1) continue;
          const accesses = accessesOf(key.port, at(held, node) * fan, at(count, node) * instances);
          table[node] = at(table, node) + accesses * joules;
        }
    }),
    period,
    count,
    ends,
    bits,
    timedBits,
    first: firstCycles(inTime, level, ends, smallest),
    ...slotTime(lattice, { operand, memory, nodes, ends, bits, timedBits, opened, count, period }),
    ports: [...new Set(ends.map(({ port }) => port))],
  };
}

/** What the memory holds in the lanes below it, and where that is no more than so many elements: elsewhere nobody asks for it. */
function heldTiles(
  problem: Problem,
  lattice: Lattice,
  path: OperandPath,
  level: number,
  most: number,
): { readonly elements: Float64Array; readonly nodes: Int32Array } {
  const elements = new Float64Array(lattice.nodes);
  const tile = tileAt(problem, lattice, path, level);
  const nodes = nodesWhere(lattice, (node) => {
    const amount = tile(node);
    elements[node] = amount;
    return amount <= most;
  });
  return { elements, nodes };
}

function tileAt(
  problem: Problem,
  lattice: Lattice,
  { operand, tiles, rule }: OperandPath,
  level: number,
): (node: number) => number {
  const lane = tiles[level] ?? sizesOf({});
  const tile = sizesOf({});
  const { B, G, K, C, OY, OX, FY, FX } = lattice.tile;
  return (node) => {
    tile.B = at(B, node) * lane.B;
    tile.G = at(G, node) * lane.G;
    tile.K = at(K, node) * lane.K;
    tile.C = at(C, node) * lane.C;
    tile.OY = at(OY, node) * lane.OY;
    tile.OX = at(OX, node) * lane.OX;
    tile.FY = at(FY, node) * lane.FY;
    tile.FX = at(FX, node) * lane.FX;
    return rule.amount(tileElements(problem, operand, tile, rule.windows));
  };
}

/** 1 where sums are still to be added to above the node, or in the lanes above the memory. */
function openedNodes({ summed, nodes }: Lattice, operand: Operand, above: boolean): Uint8Array {
  const opened = new Uint8Array(nodes);
  if (operand !== "O") return opened;
  if (above) return opened.fill(1);
  opened.fill(1);
  for (const node of summed) opened[node] = 0;
  return opened;
}

/** Where all loops of the node reuse the operand: an element stays in the latch while they run. */
function latchedNodes(lattice: Lattice, operand: Operand): Int32Array {
  const others = productsOf(lattice.factors, lattice.nodes, (each) => relevance[operand][each] !== "reuse");
  return nodesWhere(lattice, (node) => others[node] === 1);
}
