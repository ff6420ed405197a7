/**
 * Links: an operand's way between two of its memories, or between the innermost and the multipliers. A tile moves once a
 * period; a loop that leaves the tile as it is costs no move.
 */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { Loop, Mapping } from "./mapping.ts";
import { type Dimension, type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
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
    tiles: memories.map((_, level) => tileOf([], lanes.slice(0, level), rule)),
    fans: memories.map((_, level) => rule.amount((distinct[level] ?? 1) / (distinct[level + 1] ?? 1))),
    instances: memories.map((_, level) => unitsOf(lanes.slice(level + 1), rule)),
    multipliers: unitsOf(lanes, rule),
    rule,
  };
}

/** The operand's links from the multipliers outwards, one for each of its memories as the upper one. */
export function linksOf(problem: Problem, mapping: Mapping, path: OperandPath): readonly Link[] {
  const { operand, memories, lanes, instances, rule } = path;
  const covers = pastReuse(mapping.loops, mapping.covers[operand], operand);
  const total = cycles(mapping.loops);
  return memories.map((upper, level): Link => {
    const lower = memories[level - 1];
    const begin = lower === undefined ? 0 : (covers[level - 2] ?? 0);
    const end =
      lower === undefined ? latched(mapping.loops, covers[0] ?? 0, operand) : (covers[level - 1] ?? 0);
    const below = mapping.loops.slice(0, end);
    const period = cycles(below);
    const tile = { ...(path.tiles[level] ?? sizesOf({})) };
    if (lower !== undefined) for (const { dimension, times } of below) tile[dimension] *= times;
    const top = mapping.loops.slice(begin, end).reverse();
    return {
      operand,
      ...(lower === undefined ? {} : { lower }),
      upper,
      period,
      count: total / period,
      elements: rule.amount(tileElements(problem, operand, tile, rule.windows)),
      fan: path.fans[level] ?? 1,
      lowerInstances: level === 0 ? path.multipliers : (instances[level - 1] ?? 1),
      upperInstances: instances[level] ?? 1,
      partial:
        operand === "O" && sumsAbove(mapping.loops.slice(level === 0 ? 0 : end), lanes.slice(level + 1)),
      topReuse:
        lower === undefined ? 1 : runOf(top, (dimension) => relevance[operand][dimension] === "reuse"),
      topRelevant: runOf(top, (dimension) => relevance[operand][dimension] === "relevant"),
    };
  });
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

const cycles = (loops: readonly Loop[]): number => loops.reduce((product, { times }) => product * times, 1);

function tileOf(
  loops: readonly Loop[],
  lanes: readonly (readonly Lanes[])[],
  rule: LaneRule,
): Record<Dimension, number> {
  const tile = sizesOf({});
  for (const { dimension, times } of loops) tile[dimension] *= times;
  for (const each of lanes.flat()) tile[each.dimension] *= rule.lanes(each);
  return tile;
}

export const distinctOf = (
  problem: Problem,
  operand: Operand,
  lanes: readonly (readonly Lanes[])[],
  rule: LaneRule,
): number => tileElements(problem, operand, tileOf([], lanes, rule), rule.windows);

export const unitsOf = (lanes: readonly (readonly Lanes[])[], rule: LaneRule): number =>
  rule.amount(lanes.flat().reduce((product, { mean }) => product * mean, 1));

export const sumsAbove = (loops: readonly Loop[], lanes: readonly (readonly Lanes[])[]): boolean =>
  loops.some(({ dimension, times }) => times > 1 && relevance.O[dimension] === "reuse") ||
  lanes.flat().some(({ dimension, mean }) => mean > 1 && relevance.O[dimension] === "reuse");

function runOf(loops: readonly Loop[], belongs: (dimension: Dimension) => boolean): number {
  let product = 1;
  for (const { dimension, times } of loops) {
    if (!belongs(dimension)) return product;
    product *= times;
  }
  return product;
}
