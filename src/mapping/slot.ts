/**
 * A slot: a link whose place in the loop order is to be chosen. Choosing the node of the lattice below it fixes what it moves
 * and how often, so its cost is a table by node: filled when first asked for.
 */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { CostRules } from "./cost.ts";
import type { Lattice } from "./lattice.ts";
import { type LaneRule, meanLanes, roundedLanes, unitsOf, wholeLanes } from "./link.ts";
import { at, byNode } from "./node-table.ts";
import { type Dimension, dimensions, type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
import { byPort, type End, type EndScope, endsOf, fanAt, firstCycles, type PortKey } from "./slot-end.ts";
import { accessesOf, hopsBetween, portCycles } from "./traffic.ts";
import { type Lanes, lanesByLevel, pathOf, type Spatial } from "./unrolling.ts";

export interface Slot {
  readonly operand: Operand;
  /** The memory that it fills; absent for the multipliers' latch, which takes one element. */
  readonly memory: MemoryLevel | undefined;
  readonly elements: () => Float64Array;
  /** Sums of outputs are still to be added to above the node. */
  readonly open: (node: number) => boolean;
  /** The same by node, 1 where they are. */
  readonly opened: () => Float64Array;
  readonly joules: () => Float64Array;
  /** Cycles of the run that a port, one of `ports`, must spend on it. */
  readonly busy: (port: number) => Float64Array;
  /** Cycles to bring the first operands of all multipliers, or to take away their last results: at least this much before or after computing. */
  readonly first: number;
  /**
   * A guess at what the link alone adds to the run: late tiles, and the first one. Tiles of more than half of their memory are
   * taken to arrive only while they are reused for the last time.
   */
  readonly late: () => Float64Array;
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
  const of = (operand: Operand): readonly Slot[] =>
    pathOf(hierarchy, operand).map((_, level) => slotOf(scope, operand, level));
  const [fixed, ...outputs] = of("O");
  return { slots: { O: outputs, W: of("W"), I: of("I") }, ports, fixed };
}

function slotOf(scope: EndScope, operand: Operand, level: number): Slot {
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
    return byNode(lattice, (node) => {
      if (memory === undefined) return 1;
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
  const period = (node: number): number =>
    memory === undefined && operand === "O" ? 1 : (lattice.period[node] ?? 1);
  const cycles = (end: End, node: number): number =>
    portCycles(end.key.port, at(timed(), node) * end.timedFan * width(node));
  // The first partial sums are zeros, the multipliers' own operands come while they work; ZigZag adds up no port's first tiles.
  const loadedBefore = ({ back }: End): boolean => back || memory === undefined || scope.loading === "zigzag";
  const forward = ends.filter(({ back }) => !back);
  const moving = (node: number): readonly End[] => (open(node) ? ends : forward);
  const smallest = operand === "O" ? Math.min(problem.bits.O, problem.bits.partial) : problem.bits[operand];
  // Where it fits its memory by no means, nobody asks what it costs.
  const possible = (node: number): boolean =>
    memory === undefined
      ? isLatched(lattice, operand, node)
      : at(elements(), node) * smallest <= memory.capacity;
  const first = firstCycles(scope, operand, level, lanes, ends);
  const reused = dimensions.filter((each) => relevance[operand][each] === "reuse");
  const reusing = (node: number): number => {
    let product = 1;
    for (const each of reused) product *= lattice.tile[each][node] ?? 1;
    return product;
  };
  const between = {
    lowerInstances: unitsOf(lanes.slice(level), scope.counted),
    upperInstances: unitsOf(lanes.slice(level + 1), scope.counted),
    fan: fanAt(scope, operand, level, lanes, scope.counted),
  };
  const hops = (node: number): number => {
    const ways = operand === "O" && open(node) ? 2 : 1;
    const each = hopsBetween(at(elements(), node), between);
    return ways * each * (total / period(node)) * hierarchy.hopEnergy;
  };
  return {
    operand,
    memory,
    elements,
    open,
    opened,
    joules: byNode(lattice, (node) => {
      if (!possible(node)) return 0;
      let sum = hops(node);
      const [tile, count, bits] = [at(elements(), node), total / period(node), width(node)];
      for (const { fan, key, instances, joules } of moving(node))
        sum += accessesOf(key.port, tile * fan * bits, count * instances) * joules;
      return sum;
    }),
    busy: byPort(ends, (port) =>
      byNode(lattice, (node) => {
        if (!possible(node)) return 0;
        const count = total / period(node);
        let sum = 0;
        for (const end of moving(node))
          if (end.port === port) sum += cycles(end, node) * (count - (loadedBefore(end) ? 1 : 0));
        return sum;
      }),
    ),
    first,
    late: byNode(lattice, (node) => {
      if (!possible(node)) return 0;
      let longest = 0;
      for (const end of moving(node)) longest = Math.max(longest, cycles(end, node));
      const count = total / period(node);
      if (count === 1) return first;
      const room = memory === undefined ? 0 : memory.capacity / (2 * memory.operands.length);
      const window = at(elements(), node) * width(node) <= room ? period(node) : period(node) / reusing(node);
      return Math.max(0, longest - window) * (count - 1) + longest;
    }),
    ports: [...new Set(ends.map(({ port }) => port))],
  };
}

function laneTile(lanes: readonly (readonly Lanes[])[], rule: LaneRule): Readonly<Record<Dimension, number>> {
  const tile = sizesOf({});
  for (const each of lanes.flat()) tile[each.dimension] *= rule.lanes(each);
  return tile;
}

/** Of the node's loops all reuse the operand: an element stays in the latch while they run. */
export const isLatched = ({ tile }: Lattice, operand: Operand, node: number): boolean =>
  dimensions.every((each) => relevance[operand][each] === "reuse" || tile[each][node] === 1);
