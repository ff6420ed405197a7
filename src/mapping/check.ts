/** Why a hierarchy or a mapping cannot be, each with the arithmetic that shows it. */
import {
  type MemoryLevel,
  type Operand,
  type OperandHierarchy,
  operands,
  type Way,
} from "../arch/operand-hierarchy.ts";
import { settled } from "./link.ts";
import type { Loop, Mapping } from "./mapping.ts";
import { type Dimension, dimensions, type Problem, relevance, sizesOf, tileElements } from "./problem.ts";
import {
  type Lanes,
  lanesByLevel,
  pathOf,
  spatialOf,
  type Unrolling,
  unrollingMisfits,
} from "./unrolling.ts";

export interface MappingMisfit {
  readonly what: string;
  readonly arithmetic: string;
}

/** An operand with no memory, a port that is missing, or tensors that the outermost memories cannot hold. */
export function hierarchyMisfits(problem: Problem, hierarchy: OperandHierarchy): readonly MappingMisfit[] {
  const missing = operands.flatMap((operand) =>
    pathOf(hierarchy, operand).length === 0
      ? [
          {
            what: `no memory of ${hierarchy.name} holds ${named[operand]}`,
            arithmetic: hierarchy.memories
              .map(({ name, operands: held }) => `${name} holds ${held.join(", ")}`)
              .join("; "),
          },
        ]
      : [],
  );
  if (missing.length > 0) return missing;
  const ports = operands.flatMap((operand) => portMisfits(hierarchy, operand));
  return ports.length > 0 ? ports : outermostMisfits(problem, hierarchy);
}

const named = { O: "outputs (O)", W: "weights (W)", I: "inputs (I)" } as const;

function portMisfits(hierarchy: OperandHierarchy, operand: Operand): readonly MappingMisfit[] {
  const path = pathOf(hierarchy, operand);
  return path.flatMap((memory, level) => {
    const outermost = level === path.length - 1;
    const needed: readonly Way[] = [
      "toLower",
      ...(operand === "O" ? (["fromLower"] as const) : []),
      ...(outermost ? [] : (["fromHigher"] as const)),
      ...(operand === "O" && !outermost ? (["toHigher"] as const) : []),
    ];
    return needed.flatMap((way) => {
      const has = memory.ports.some(({ moves }) =>
        moves.some((move) => move.operand === operand && move.way === way),
      );
      const ways = memory.ports.map(
        ({ name, moves }) => `${name}: ${moves.map((move) => `${move.operand} ${move.way}`).join(", ")}`,
      );
      return has
        ? []
        : [{ what: `memory ${memory.name} has no port for ${operand} ${way}`, arithmetic: ways.join("; ") }];
    });
  });
}

function outermostMisfits(problem: Problem, hierarchy: OperandHierarchy): readonly MappingMisfit[] {
  return hierarchy.memories.flatMap((memory) => {
    const held = operands.flatMap((operand) =>
      pathOf(hierarchy, operand).at(-1) === memory
        ? [{ operand, bits: tileElements(problem, operand, problem.sizes) * problem.bits[operand] }]
        : [],
    );
    return overfull(problem, memory, held, "all of the layer");
  });
}

/** Everything wrong with a mapping of the problem on the hierarchy; empty when it can run. */
export function mappingMisfits(
  problem: Problem,
  hierarchy: OperandHierarchy,
  mapping: Mapping,
): readonly MappingMisfit[] {
  const bad = [
    ...hierarchyMisfits(problem, hierarchy),
    ...spatialMisfits(problem, hierarchy, mapping.unrolling),
  ];
  if (bad.length > 0) return bad;
  const { temporal } = spatialOf(problem, mapping.unrolling);
  const loops = dimensions.flatMap((dimension) => {
    const factors = mapping.loops.filter((loop) => loop.dimension === dimension).map(({ times }) => times);
    const product = factors.reduce((all, times) => all * times, 1);
    const wanted = temporal[dimension];
    const shown = factors.length === 0 ? "no loop" : `${factors.join(" x ")} = ${product}`;
    return product === wanted
      ? []
      : [
          {
            what: `the loops over ${dimension} do not cover it`,
            arithmetic: `${shown}, ${wanted} are left to run in time`,
          },
        ];
  });
  const covers = operands.flatMap((operand) => coverMisfits(hierarchy, mapping, operand));
  return loops.length + covers.length > 0 ? [...loops, ...covers] : tileMisfits(problem, hierarchy, mapping);
}

function spatialMisfits(
  problem: Problem,
  hierarchy: OperandHierarchy,
  unrolling: Unrolling,
): readonly MappingMisfit[] {
  const tooWide = unrollingMisfits(hierarchy, unrolling);
  return tooWide.map((arithmetic) => ({
    what: `the unrolling of ${problem.name} does not fit ${hierarchy.name}`,
    arithmetic,
  }));
}

function coverMisfits(
  hierarchy: OperandHierarchy,
  { loops, covers }: Mapping,
  operand: Operand,
): readonly MappingMisfit[] {
  const mine = covers[operand];
  const memories = pathOf(hierarchy, operand).map(({ name }) => name);
  const ascending = mine.every((cover, level) => cover >= (mine[level - 1] ?? 0) && cover <= loops.length);
  if (mine.length === memories.length && ascending && mine.at(-1) === loops.length) return [];
  return [
    {
      what: `${operand} does not lie in its memories ${memories.join(", ")}`,
      arithmetic: `loops covered: ${mine.join(", ")}; expected ${memories.length} ascending numbers, the last ${loops.length}`,
    },
  ];
}

/** Tiles that do not fit their memory, alone or together. */
export function tileMisfits(
  problem: Problem,
  hierarchy: OperandHierarchy,
  mapping: Mapping,
): readonly MappingMisfit[] {
  const spatial = spatialOf(problem, mapping.unrolling);
  return hierarchy.memories.flatMap((memory) => {
    const held = memory.operands.flatMap((operand) => {
      const path = pathOf(hierarchy, operand);
      const level = path.indexOf(memory);
      if (level === path.length - 1) return [];
      const lanes = lanesByLevel(spatial, path);
      const cover = mapping.covers[operand][level] ?? 0;
      const below = level === 0 ? 0 : (mapping.covers[operand][level - 1] ?? 0);
      const reused = pastReuse(mapping.loops, below, operand);
      const open = level === 0 ? mapping.loops : mapping.loops.slice(reused);
      const bits =
        operand === "O" && sumsIn(open, lanes.slice(level + 1))
          ? problem.bits.partial
          : problem.bits[operand];
      const whole = pastReuse(mapping.loops, cover, operand) === mapping.loops.length;
      const buffers = memory.buffering === "double" && !whole ? 2 : 1;
      const tile = tileOf(mapping.loops.slice(0, cover), lanes.slice(0, level + 1));
      return [{ operand, bits: settled(tileElements(problem, operand, tile)) * bits * buffers }];
    });
    return overfull(problem, memory, held, "its tiles");
  });
}

function overfull(
  problem: Problem,
  memory: MemoryLevel,
  held: readonly { readonly operand: Operand; readonly bits: number }[],
  what: string,
): readonly MappingMisfit[] {
  const total = held.reduce((sum, { bits }) => sum + bits, 0);
  if (total <= memory.capacity) return [];
  const shown = held.map(({ operand, bits }) => `${operand} ${bits} bit`).join(" + ");
  return [
    {
      what: `${memory.name} cannot hold ${what} of ${problem.name}`,
      arithmetic: `${shown} = ${total} bit > ${memory.capacity} bit`,
    },
  ];
}

function pastReuse(loops: readonly Loop[], from: number, operand: Operand): number {
  let end = from;
  for (let loop = loops[end]; loop !== undefined; loop = loops[end]) {
    if (relevance[operand][loop.dimension] !== "reuse") return end;
    end += 1;
  }
  return end;
}

const sums = (dimension: Dimension, times: number): boolean =>
  times > 1 && relevance.O[dimension] === "reuse";

const sumsIn = (loops: readonly Loop[], lanes: readonly (readonly Lanes[])[]): boolean =>
  loops.some(({ dimension, times }) => sums(dimension, times)) ||
  lanes.flat().some(({ dimension, mean }) => sums(dimension, mean));

function tileOf(loops: readonly Loop[], lanes: readonly (readonly Lanes[])[]): Record<Dimension, number> {
  const tile = sizesOf({});
  for (const { dimension, times } of loops) tile[dimension] *= times;
  for (const { dimension, mean } of lanes.flat()) tile[dimension] *= mean;
  return tile;
}
