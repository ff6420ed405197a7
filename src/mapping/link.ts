/**
 * Links: an operand's way between two of its memories, or between the innermost and the multipliers. A tile moves once a
 * period; a loop that leaves the tile as it is costs no move.
 */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { Loop, Mapping } from "./mapping.ts";
import { type Dimension, type Problem, type Relevance, relevance, sizesOf, tileElements } from "./problem.ts";
import { type Lanes, lanesByLevel, pathOf, type Spatial } from "./unrolling.ts";

export interface Link {
  readonly operand: Operand;
  /** Absent for the link to the multipliers. */
  readonly lower?: MemoryLevel;
  readonly upper: MemoryLevel;
  /** Cycles of computing that a tile serves, and how many tiles there are. */
  readonly period: number;
  readonly count: number;
  /** Elements of the tile in one instance of the lower memory. */
  readonly elements: number;
  /** Different tiles that one instance of the upper memory deals out in a period. */
  readonly fan: number;
  readonly lowerInstances: number;
  readonly upperInstances: number;
  /** Of an output: sums are still to be added to, so it comes back. */
  readonly partial: boolean;
  /** Loops on top of the tile that reuse it (only they leave a single buffer free), and those that need parts of it in turn. */
  readonly topReuse: number;
  readonly topRelevant: number;
}

/** How partly filled lanes count. */
export interface LaneRule {
  readonly lanes: (lanes: Lanes) => number;
  /** Elements of a tile, and instances of a memory. */
  readonly amount: (amount: number) => number;
  readonly windows: (lanes: number) => number;
}

/** By their mean: the tiles of all rounds add up to the tensor. */
export const meanLanes: LaneRule = { lanes: ({ mean }) => mean, amount: settled, windows: (lanes) => lanes };
/** As ZigZag counts accesses: by the mean, each tile rounded. */
export const roundedLanes: LaneRule = { lanes: ({ mean }) => mean, amount: Math.round, windows: Math.floor };
/** As ZigZag counts time: in whole lanes. */
export const wholeLanes: LaneRule = { ...roundedLanes, lanes: ({ mean }) => Math.floor(mean) };

/** Free of the arithmetic's noise: 72 rounds of 1000 / 72 are 1000. */
export function settled(amount: number): number {
  const whole = Math.round(amount);
  return Math.abs(whole - amount) < 1e-6 ? whole : amount;
}

/** An operand's memories with what lies side by side between them: the same for all mappings with one unrolling. */
export interface OperandPath {
  readonly operand: Operand;
  readonly memories: readonly MemoryLevel[];
  readonly lanes: readonly (readonly Lanes[])[];
  /** By memory: lanes of the tile below it, what it deals out for each of them, and its instances. */
  readonly tiles: readonly Readonly<Record<Dimension, number>>[];
  readonly fans: readonly number[];
  readonly instances: readonly number[];
  /** By memory: sums are added up in the lanes above it. */
  readonly summing: readonly boolean[];
  readonly multipliers: number;
  readonly rule: LaneRule;
}

export function pathWith(
  problem: Problem,
  hierarchy: OperandHierarchy,
  spatial: Spatial,
  operand: Operand,
  rule: LaneRule,
): OperandPath {
  const memories = pathOf(hierarchy, operand);
  const lanes = lanesByLevel(spatial, memories);
  const distinct = lanes.map((_, level) => distinctOf(problem, operand, lanes.slice(level), rule));
  return {
    operand,
    memories,
    lanes,
    tiles: memories.map((_, level) => tileOf(lanes.slice(0, level), rule)),
    fans: memories.map((_, level) => rule.amount((distinct[level] ?? 1) / (distinct[level + 1] ?? 1))),
    instances: memories.map((_, level) => unitsOf(lanes.slice(level + 1), rule)),
    summing: memories.map((_, level) =>
      lanes
        .slice(level + 1)
        .flat()
        .some(({ dimension, mean }) => mean > 1 && relevance.O[dimension] === "reuse"),
    ),
    multipliers: unitsOf(lanes, rule),
    rule,
  };
}

/** The operand's links from the multipliers outwards, one for each of its memories as the upper one. */
export function linksOf(problem: Problem, mapping: Mapping, path: OperandPath): readonly Link[] {
  const { operand, memories, instances, summing, rule } = path;
  const { loops } = mapping;
  const covers = pastReuse(loops, mapping.covers[operand], operand);
  const total = cycles(loops);
  const below = sizesOf({});
  let [reached, period] = [0, 1];
  return memories.map((upper, level): Link => {
    const lower = memories[level - 1];
    const begin = lower === undefined ? 0 : (covers[level - 2] ?? 0);
    const end = lower === undefined ? latched(loops, covers[0] ?? 0, operand) : (covers[level - 1] ?? 0);
    const [from, until] = lower === undefined ? [0, 0] : [reached, end];
    for (let place = from; place < until; place += 1) {
      const loop = loops[place];
      if (loop === undefined) continue;
      below[loop.dimension] *= loop.times;
      period *= loop.times;
    }
    reached = until;
    const each = lower === undefined ? cycles(loops, end) : period;
    return {
      operand,
      ...(lower === undefined ? {} : { lower }),
      upper,
      period: each,
      count: total / each,
      elements: rule.amount(tileElements(problem, operand, tileWith(path.tiles[level], below), rule.windows)),
      fan: path.fans[level] ?? 1,
      lowerInstances: level === 0 ? path.multipliers : (instances[level - 1] ?? 1),
      upperInstances: instances[level] ?? 1,
      partial: operand === "O" && (summing[level] === true || sumsAbove(loops, level === 0 ? 0 : end)),
      topReuse: lower === undefined ? 1 : runOf(loops, begin, end, operand, "reuse"),
      topRelevant: runOf(loops, begin, end, operand, "relevant"),
    };
  });
}

/** The lanes of a tile times the loops below. */
function tileWith(
  lanes: Readonly<Record<Dimension, number>> | undefined,
  loops: Readonly<Record<Dimension, number>>,
): Readonly<Record<Dimension, number>> {
  if (lanes === undefined) return loops;
  return {
    B: lanes.B * loops.B,
    G: lanes.G * loops.G,
    K: lanes.K * loops.K,
    C: lanes.C * loops.C,
    OY: lanes.OY * loops.OY,
    OX: lanes.OX * loops.OX,
    FY: lanes.FY * loops.FY,
    FX: lanes.FX * loops.FX,
  };
}

/** Loops directly above a tile that leave it as it is run over the same tile: each memory covers them too, for free. */
function pastReuse(loops: readonly Loop[], covers: readonly number[], operand: Operand): readonly number[] {
  return covers.map((cover) => {
    let end = cover;
    while (isReuse(loops[end], operand)) end += 1;
    return end;
  });
}

/** How far an input stays in the multiplier's own latch. Outputs are added up in memory in every cycle. */
function latched(loops: readonly Loop[], cover: number, operand: Operand): number {
  if (operand === "O") return 0;
  const first = loops.findIndex((loop) => !isReuse(loop, operand));
  return Math.min(cover, first === -1 ? loops.length : first);
}

const isReuse = (loop: Loop | undefined, operand: Operand): boolean =>
  loop !== undefined && relevance[operand][loop.dimension] === "reuse";

function cycles(loops: readonly Loop[], until = loops.length): number {
  let product = 1;
  for (let place = 0; place < until; place += 1) product *= loops[place]?.times ?? 1;
  return product;
}

function tileOf(lanes: readonly (readonly Lanes[])[], rule: LaneRule): Record<Dimension, number> {
  const tile = sizesOf({});
  for (const each of lanes.flat()) tile[each.dimension] *= rule.lanes(each);
  return tile;
}

export const distinctOf = (
  problem: Problem,
  operand: Operand,
  lanes: readonly (readonly Lanes[])[],
  rule: LaneRule,
): number => tileElements(problem, operand, tileOf(lanes, rule), rule.windows);

export const unitsOf = (lanes: readonly (readonly Lanes[])[], rule: LaneRule): number =>
  rule.amount(lanes.flat().reduce((product, { mean }) => product * mean, 1));

/** Sums are added to by the loops from `from` on. */
function sumsAbove(loops: readonly Loop[], from: number): boolean {
  for (let place = from; place < loops.length; place += 1) {
    const loop = loops[place];
    if (loop !== undefined && loop.times > 1 && relevance.O[loop.dimension] === "reuse") return true;
  }
  return false;
}

/** The product of the loops on top of a tile, as long as they are of that kind. */
function runOf(
  loops: readonly Loop[],
  begin: number,
  end: number,
  operand: Operand,
  kind: Relevance,
): number {
  let product = 1;
  for (let place = end - 1; place >= begin; place -= 1) {
    const loop = loops[place];
    if (loop === undefined || relevance[operand][loop.dimension] !== kind) return product;
    product *= loop.times;
  }
  return product;
}
