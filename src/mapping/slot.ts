/**
 * A slot: a link whose place in the loop order is to be chosen. Choosing the node of the lattice below it fixes what it moves
 * and how often, so its cost is a function of the node alone: worked out when first asked for.
 */
import type { MemoryLevel, MemoryPort, Operand, OperandHierarchy, Way } from "../arch/operand-hierarchy.ts";
import type { CostRules } from "./cost.ts";
import type { Lattice } from "./lattice.ts";
import { distinctOf, type LaneRule, meanLanes, roundedLanes, unitsOf, wholeLanes } from "./link.ts";
import { type Dimension, dimensions, type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
import { accessEnergy, accessesOf, hopsBetween, portCycles, portOf } from "./traffic.ts";
import { type Lanes, lanesByLevel, pathOf, type Spatial } from "./unrolling.ts";

export interface Slot {
  readonly operand: Operand;
  /** The memory that it fills; absent for the multipliers' latch, which takes one element. */
  readonly memory: MemoryLevel | undefined;
  readonly elements: (node: number) => number;
  /** Sums of outputs are still to be added to above the node. */
  readonly open: (node: number) => boolean;
  readonly joules: (node: number) => number;
  /** Cycles of the run that a port must spend on it. */
  readonly busy: (node: number, port: number) => number;
  /** Cycles to bring the first operands of all multipliers, or to take away their last results: at least this much before or after computing. */
  readonly first: number;
  /**
   * A guess at what the link alone adds to the run: late tiles, and the first one. Tiles of more than half of their memory are
   * taken to arrive only while they are reused for the last time.
   */
  readonly late: (node: number) => number;
  /** Indices into `ports` of its ends. */
  readonly ports: readonly number[];
}

export interface Slots {
  /** By operand, from the multipliers outwards. The link from the outputs' innermost memory to the multipliers has no place to choose. */
  readonly slots: Readonly<Record<Operand, readonly Slot[]>>;
  readonly ports: readonly PortKey[];
  readonly fixed: Slot | undefined;
}

export interface PortKey {
  readonly memory: MemoryLevel;
  readonly port: MemoryPort;
}

interface Scope {
  readonly problem: Problem;
  readonly hierarchy: OperandHierarchy;
  readonly spatial: Spatial;
  readonly lattice: Lattice;
  /** How accesses and how times are counted. */
  readonly counted: LaneRule;
  readonly timed: LaneRule;
  readonly ports: readonly PortKey[];
  readonly loading: CostRules["loading"];
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

/** One end of a link. */
interface End {
  readonly port: number;
  readonly key: PortKey;
  readonly joules: number;
  readonly instances: number;
  /** Elements dealt out to, or collected from, all below, for each that one of them holds: on average and in time. */
  readonly fan: number;
  readonly timedFan: number;
  /** Partial sums on their way back, while sums are open. */
  readonly back: boolean;
}

function slotOf(scope: Scope, operand: Operand, level: number): Slot {
  const { problem, hierarchy, spatial, lattice } = scope;
  const path = pathOf(hierarchy, operand);
  const lanes = lanesByLevel(spatial, path);
  const memory = path[level - 1];
  const ends = endsOf(scope, operand, level, lanes);
  const last = lattice.nodes - 1;
  const total = lattice.period[last] ?? 1;
  const held = (rule: LaneRule): ((node: number) => number) => {
    const lane = laneTile(lanes.slice(0, level), rule);
    if (memory === undefined) return () => 1;
    return memoized(lattice.nodes, (node) =>
      rule.amount(tileElements(problem, operand, tileAt(lattice, node, lane), rule.windows)),
    );
  };
  const elements = held(scope.counted);
  const timed = scope.timed === scope.counted ? elements : held(scope.timed);
  const reductions = (["C", "FY", "FX"] as const).map((dimension) => lattice.tile[dimension]);
  const sumsInLanes = lanes
    .slice(level + 1)
    .flat()
    .some((each) => each.mean > 1 && relevance.O[each.dimension] === "reuse");
  const open = (node: number): boolean =>
    operand === "O" && (sumsInLanes || reductions.some((tile) => (tile[node] ?? 1) < (tile[last] ?? 1)));
  const width = (node: number): number => (open(node) ? problem.bits.partial : problem.bits[operand]);
  const period = (node: number): number =>
    memory === undefined && operand === "O" ? 1 : (lattice.period[node] ?? 1);
  const cycles = (end: End, node: number): number =>
    portCycles(end.key.port, timed(node) * end.timedFan * width(node));
  // The first partial sums are zeros, the multipliers' own operands come while they work; ZigZag adds up no port's first tiles.
  const loadedBefore = ({ back }: End): boolean => back || memory === undefined || scope.loading === "zigzag";
  const moving = (node: number): readonly End[] => (open(node) ? ends : ends.filter(({ back }) => !back));
  const first = firstCycles(scope, operand, level, lanes, ends);
  const reused = dimensions.filter((each) => relevance[operand][each] === "reuse");
  const reusing = (node: number): number =>
    reused.reduce((product, each) => product * (lattice.tile[each][node] ?? 1), 1);
  const between = {
    lowerInstances: unitsOf(lanes.slice(level), scope.counted),
    upperInstances: unitsOf(lanes.slice(level + 1), scope.counted),
    fan: fanAt(scope, operand, level, lanes, scope.counted),
  };
  const hops = (node: number): number => {
    const ways = operand === "O" && open(node) ? 2 : 1;
    const each = hopsBetween({ ...between, elements: elements(node) });
    return ways * each * (total / period(node)) * hierarchy.hopEnergy;
  };
  return {
    operand,
    memory,
    elements,
    open,
    joules: memoized(lattice.nodes, (node) =>
      moving(node).reduce((sum, { fan, key, instances, joules }) => {
        const times = (total / period(node)) * instances;
        return sum + accessesOf(key.port, elements(node) * fan * width(node), times) * joules;
      }, hops(node)),
    ),
    busy: (node, port) => {
      const count = total / period(node);
      return moving(node).reduce(
        (sum, end) =>
          end.port === port ? sum + cycles(end, node) * (count - (loadedBefore(end) ? 1 : 0)) : sum,
        0,
      );
    },
    first,
    late: memoized(lattice.nodes, (node) => {
      const longest = moving(node).reduce((most, end) => Math.max(most, cycles(end, node)), 0);
      const count = total / period(node);
      if (count === 1) return first;
      const room = memory === undefined ? 0 : memory.capacity / (2 * memory.operands.length);
      const window = elements(node) * width(node) <= room ? period(node) : period(node) / reusing(node);
      return Math.max(0, longest - window) * (count - 1) + longest;
    }),
    ports: [...new Set(ends.map(({ port }) => port))],
  };
}

/** Different tiles that one instance of the upper memory deals out. */
function fanAt(
  { problem }: Scope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
  rule: LaneRule,
): number {
  const [below, above] = [lanes.slice(level), lanes.slice(level + 1)];
  return rule.amount(distinctOf(problem, operand, below, rule) / distinctOf(problem, operand, above, rule));
}

function endsOf(
  scope: Scope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
): readonly End[] {
  const { hierarchy, counted, timed, ports } = scope;
  const path = pathOf(hierarchy, operand);
  const [lower, upper] = [path[level - 1], path[level]];
  const fanOf = (rule: LaneRule): number => fanAt(scope, operand, level, lanes, rule);
  const end = (memory: MemoryLevel | undefined, way: Way, back: boolean): readonly End[] => {
    if (memory === undefined) return [];
    const found = portOf(memory, operand, way);
    const port = ports.findIndex((key) => key.memory === memory && key.port === found);
    const high = memory === upper;
    return [
      {
        port,
        key: { memory, port: found },
        joules: accessEnergy(memory, found, way),
        instances: unitsOf(lanes.slice(high ? level + 1 : level), counted),
        fan: high ? fanOf(counted) : 1,
        timedFan: high ? fanOf(timed) : 1,
        back,
      },
    ];
  };
  const outputs = operand === "O";
  return [
    ...end(upper, "toLower", outputs),
    ...end(lower, "fromHigher", outputs),
    ...(outputs ? [...end(upper, "fromLower", false), ...end(lower, "toHigher", false)] : []),
  ];
}

function firstCycles(
  { problem, timed, loading }: Scope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
  ends: readonly End[],
): number {
  if (level === 0 || loading === "zigzag") return 0;
  const below =
    distinctOf(problem, operand, lanes, timed) / distinctOf(problem, operand, lanes.slice(level), timed);
  const bits = Math.min(
    problem.bits[operand],
    operand === "O" ? problem.bits.partial : Number.POSITIVE_INFINITY,
  );
  return ends.reduce(
    (most, { back, timedFan, key }) =>
      back ? most : Math.max(most, Math.floor((below * timedFan * bits) / key.port.bitsPerCycle)),
    0,
  );
}

function laneTile(lanes: readonly (readonly Lanes[])[], rule: LaneRule): Readonly<Record<Dimension, number>> {
  const tile = sizesOf({});
  for (const each of lanes.flat()) tile[each.dimension] *= rule.lanes(each);
  return tile;
}

function tileAt(
  { tile }: Lattice,
  node: number,
  lane: Readonly<Record<Dimension, number>>,
): Record<Dimension, number> {
  const at = (dimension: Dimension): number => (tile[dimension][node] ?? 1) * lane[dimension];
  return {
    ...{ B: at("B"), G: at("G"), K: at("K"), C: at("C") },
    ...{ OY: at("OY"), OX: at("OX"), FY: at("FY"), FX: at("FX") },
  };
}

/** Of the node's loops all reuse the operand: an element stays in the latch while they run. */
export const isLatched = ({ tile }: Lattice, operand: Operand, node: number): boolean =>
  dimensions.every((each) => relevance[operand][each] === "reuse" || tile[each][node] === 1);

function memoized(size: number, of: (index: number) => number): (index: number) => number {
  const known = new Float64Array(size).fill(Number.NaN);
  return (index) => {
    const before = known[index] ?? Number.NaN;
    if (!Number.isNaN(before)) return before;
    const found = of(index);
    known[index] = found;
    return found;
  };
}
