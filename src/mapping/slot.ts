/**
 * A slot: a link whose place in the loop order is to be chosen. Choosing the node of the lattice below it fixes what it moves
 * and how often, so its cost is a table by node: filled when first asked for.
 */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { CostRules } from "./cost.ts";
import { type Lattice, productsOf } from "./lattice.ts";
import { type LaneRule, meanLanes, roundedLanes, unitsOf, wholeLanes } from "./link.ts";
import { at, byNode } from "./node-table.ts";
import { type Dimension, type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
import { type End, type EndScope, endsOf, fanAt, firstCycles, type PortKey } from "./slot-end.ts";
import { type SlotTime, slotTime } from "./slot-time.ts";
import { accessesOf, hopsBetween } from "./traffic.ts";
import { type Lanes, lanesByLevel, pathOf, type Spatial } from "./unrolling.ts";

export interface Slot extends SlotTime {
  /** Among all slots with a place to choose. */
  readonly index: number;
  readonly operand: Operand;
  /** The memory that it fills; absent for the multipliers' latch, which takes one element. */
  readonly memory: MemoryLevel | undefined;
  /** Among the hierarchy's memories. */
  readonly memoryIndex: number;
  readonly elements: () => Float64Array;
  /** Sums of outputs are still to be added to above the node. */
  readonly open: (node: number) => boolean;
  /** The same by node, 1 where they are. */
  readonly opened: () => Float64Array;
  readonly joules: () => Float64Array;
  /** By node: cycles of computing that a tile serves, and how many tiles there are. */
  readonly period: Float64Array;
  readonly count: Float64Array;
  readonly ends: readonly End[];
  /** Bits of the tile in the memory. */
  readonly bits: (node: number) => number;
  /** Indices into `ports` of its ends. */
  readonly ports: readonly number[];
}

export interface Slots {
  /** By operand, from the multipliers outwards. The link from the outputs' innermost memory to the multipliers has no place to choose. */
  readonly slots: Readonly<Record<Operand, readonly Slot[]>>;
  readonly ports: readonly PortKey[];
  readonly fixed: Slot | undefined;
}

export function slotsOf(
  problem: Problem,
  hierarchy: OperandHierarchy,
  spatial: Spatial,
  lattice: Lattice,
  { lanes, loading }: CostRules,
): Slots {
  const ports = hierarchy.memories.flatMap((memory) => memory.ports.map((port) => ({ memory, port })));
  const counted = lanes === "mean" ? meanLanes : roundedLanes;
  const timed = lanes === "mean" ? meanLanes : wholeLanes;
  const scope = { problem, hierarchy, spatial, lattice, counted, timed, ports, loading };
  // The first link of the outputs has no place: it comes before all others.
  let index = -1;
  const of = (operand: Operand): readonly Slot[] =>
    pathOf(hierarchy, operand).map((_, level) => slotOf(scope, operand, level, index++));
  const [fixed, ...outputs] = of("O");
  return { slots: { O: outputs, W: of("W"), I: of("I") }, ports, fixed };
}

function slotOf(scope: EndScope, operand: Operand, level: number, index: number): Slot {
  const { problem, hierarchy, spatial, lattice } = scope;
  const path = pathOf(hierarchy, operand);
  const lanes = lanesByLevel(spatial, path);
  const memory = path[level - 1];
  const ends = endsOf(scope, operand, level, lanes);
  const last = lattice.nodes - 1;
  const total = lattice.period[last] ?? 1;
  const held = (rule: LaneRule): (() => Float64Array) => {
    const lane = laneTile(lanes.slice(0, level), rule);
    const tile = sizesOf({});
    const { B, G, K, C, OY, OX, FY, FX } = lattice.tile;
    if (memory === undefined) return byNode(lattice, () => 1);
    return byNode(lattice, (node) => {
      tile.B = at(B, node) * lane.B;
      tile.G = at(G, node) * lane.G;
      tile.K = at(K, node) * lane.K;
      tile.C = at(C, node) * lane.C;
      tile.OY = at(OY, node) * lane.OY;
      tile.OX = at(OX, node) * lane.OX;
      tile.FY = at(FY, node) * lane.FY;
      tile.FX = at(FX, node) * lane.FX;
      return rule.amount(tileElements(problem, operand, tile, rule.windows));
    });
  };
  const elements = held(scope.counted);
  const timed = scope.timed === scope.counted ? elements : held(scope.timed);
  const reductions = (["C", "FY", "FX"] as const).map((dimension) => lattice.tile[dimension]);
  const sumsInLanes = lanes
    .slice(level + 1)
    .flat()
    .some((each) => each.mean > 1 && relevance.O[each.dimension] === "reuse");
  const opened = byNode(lattice, (node) => {
    if (operand !== "O") return 0;
    if (sumsInLanes) return 1;
    for (const tile of reductions) if ((tile[node] ?? 1) < (tile[last] ?? 1)) return 1;
    return 0;
  });
  const open = (node: number): boolean => opened()[node] === 1;
  const width = (node: number): number => (open(node) ? problem.bits.partial : problem.bits[operand]);
  const period = memory === undefined && operand === "O" ? lattice.ones : lattice.period;
  const count = memory === undefined && operand === "O" ? lattice.period.map(() => total) : lattice.counts;
  const forward = ends.filter(({ back }) => !back);
  const moving = (node: number): readonly End[] => (open(node) ? ends : forward);
  const smallest = operand === "O" ? Math.min(problem.bits.O, problem.bits.partial) : problem.bits[operand];
  // Where it fits its memory by no means, nobody asks what it costs.
  const latch = memory === undefined ? latchedNodes(lattice, operand) : undefined;
  const possible = (node: number): boolean =>
    memory === undefined ? latch?.[node] === 1 : at(elements(), node) * smallest <= memory.capacity;
  const first = firstCycles(scope, operand, level, lanes, ends);
  const between = {
    lowerInstances: unitsOf(lanes.slice(level), scope.counted),
    upperInstances: unitsOf(lanes.slice(level + 1), scope.counted),
    fan: fanAt(scope, operand, level, lanes, scope.counted),
  };
  const hops = (node: number): number => {
    const ways = operand === "O" && open(node) ? 2 : 1;
    const each = hopsBetween(at(elements(), node), between);
    return ways * each * at(count, node) * hierarchy.hopEnergy;
  };
  return {
    index,
    operand,
    memory,
    memoryIndex: memory === undefined ? -1 : hierarchy.memories.indexOf(memory),
    elements,
    open,
    opened,
    joules: byNode(lattice, (node) => {
      if (!possible(node)) return 0;
      let sum = hops(node);
      const [tile, tiles, bits] = [at(elements(), node), at(count, node), width(node)];
      for (const { fan, key, instances, joules } of moving(node))
        sum += accessesOf(key.port, tile * fan * bits, tiles * instances) * joules;
      return sum;
    }),
    period,
    count,
    ends,
    bits: (node) => at(elements(), node) * width(node),
    ...slotTime(scope, {
      operand,
      memory,
      ends,
      first,
      elements,
      timed,
      opened,
      width,
      possible,
      count,
      period,
    }),
    ports: [...new Set(ends.map(({ port }) => port))],
  };
}

function laneTile(lanes: readonly (readonly Lanes[])[], rule: LaneRule): Readonly<Record<Dimension, number>> {
  const tile = sizesOf({});
  for (const each of lanes.flat()) tile[each.dimension] *= rule.lanes(each);
  return tile;
}

/** 1 where all loops of the node reuse the operand: an element stays in the latch while they run. */
export function latchedNodes(lattice: Lattice, operand: Operand): Uint8Array {
  const others = productsOf(lattice.factors, lattice.nodes, (each) => relevance[operand][each] !== "reuse");
  const latched = new Uint8Array(lattice.nodes);
  for (let node = 0; node < lattice.nodes; node += 1) if (others[node] === 1) latched[node] = 1;
  return latched;
}
