/**
 * The mapping of one op: written by hand or searched, once for each size.
 * Models: a choice by cycles, energy or their product.
 * Ignores: what the op before left on the chip.
 * Source: src/mapping.
 */

import type { z } from "zod";
import type { MacArraySpec } from "../arch/mac-array.ts";
import type { Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { hierarchyMisfits, mappingMisfits, tileMisfits } from "../mapping/check.ts";
import { bestMapped, bypassed, type Unrollable, unrollingsOf } from "../mapping/choice.ts";
import { costOf, type MappingCost } from "../mapping/cost.ts";
import type { Mapping } from "../mapping/mapping.ts";
import type { Objective } from "../mapping/objective.ts";
import { dimensions, type Problem } from "../mapping/problem.ts";
import { pathOf, spatialOf, type Unrolling } from "../mapping/unrolling.ts";
import { readMapping, type writtenMapping } from "../mapping/written-mapping.ts";
import type { Ticks } from "../quantity.ts";
import type { Misfit } from "./dataflow.ts";

export interface MappedMachine {
  readonly array: MacArraySpec;
  readonly vector: VectorSpec;
  readonly issue: Ticks;
}

export interface MappedOptions {
  readonly objective: Objective;
  readonly unroll: Unrollable;
  readonly choices: number;
  readonly steps: number;
  readonly mappings?: Readonly<Record<string, z.output<typeof writtenMapping>>> | undefined;
}

export interface Chosen {
  readonly mapping: Mapping;
  readonly cost: MappingCost;
  /** How far below the cost the bound is, as a fraction, and the steps of the search; absent for a mapping written by hand. */
  readonly searched?: { readonly gap: number; readonly steps: number };
}

type Answer = Chosen | { readonly misfits: readonly Misfit[] };

/**
 * A memory of mappings already found, by hierarchy; no more than that: the same question has the same answer. Machines of a sweep that differ
 * elsewhere (in clock, vector unit, workload) have the same object for it.
 */
const found = new WeakMap<OperandHierarchy, Map<string, Answer>>();
/** Past this many for one hierarchy its memory starts anew. */
const most = 4096;

/** @param name of the op with its block, "conv2_1.a" */
export function mappingOf(
  machine: MappedMachine,
  options: MappedOptions,
  name: string,
  problem: Problem,
): Answer {
  const { hierarchy } = machine.array;
  const bad = hierarchyMisfits(problem, hierarchy);
  if (bad.length > 0) return { misfits: bad };
  const written = writtenFor(options, name);
  if (written !== undefined) {
    const reduced = bypassed(hierarchy, written.bypass);
    const mapping = readMapping(reduced, written);
    const misfits = mappingMisfits(problem, reduced, mapping);
    return misfits.length > 0 ? { misfits } : { mapping, cost: costOf(problem, reduced, mapping) };
  }
  const known = found.get(hierarchy) ?? new Map<string, Answer>();
  found.set(hierarchy, known);
  const { objective, unroll, choices, steps } = options;
  const { name: _, ...shape } = problem;
  const key = JSON.stringify([shape, objective, unroll, choices, steps]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = searchedFor(machine, options, problem);
  if (known.size >= most) known.clear();
  known.set(key, answer);
  return answer;
}

/**
 * Why no mapping can fit: not even the smallest tiles do, one element of each operand for each multiplier. Cheap, where the
 * search is not.
 */
export function misfitsOf(
  machine: MappedMachine,
  options: MappedOptions,
  name: string,
  problem: Problem,
): readonly Misfit[] {
  const { hierarchy } = machine.array;
  const bad = hierarchyMisfits(problem, hierarchy);
  if (bad.length > 0) return bad;
  if (writtenFor(options, name) !== undefined) return misfitsIn(mappingOf(machine, options, name, problem));
  return fittingUnrollings(hierarchy, options, problem).length > 0
    ? []
    : misfitsIn(mappingOf(machine, options, name, problem));
}

/** Unrollings whose smallest tiles fit, those with the fewest cycles first. */
const fittingUnrollings = (
  hierarchy: OperandHierarchy,
  { unroll }: MappedOptions,
  problem: Problem,
): readonly Unrolling[] =>
  unrollingsOf(problem, hierarchy, unroll).filter(
    (unrolling) => tileMisfits(problem, hierarchy, smallestTiles(problem, hierarchy, unrolling)).length === 0,
  );

const misfitsIn = (answer: Answer): readonly Misfit[] => ("misfits" in answer ? answer.misfits : []);

/** All loops outside of all memories but the outermost. */
function smallestTiles(problem: Problem, hierarchy: OperandHierarchy, unrolling: Unrolling): Mapping {
  const { temporal } = spatialOf(problem, unrolling);
  const loops = dimensions.flatMap((dimension) =>
    temporal[dimension] > 1 ? [{ dimension, times: temporal[dimension] }] : [],
  );
  const covers = (operand: Operand): readonly number[] =>
    pathOf(hierarchy, operand).map((_, level, path) => (level === path.length - 1 ? loops.length : 0));
  return { unrolling, loops, covers: { O: covers("O"), W: covers("W"), I: covers("I") } };
}

/** Mappings are written for an op with its block, or for its own name. */
const writtenFor = ({ mappings }: MappedOptions, name: string) =>
  mappings?.[name] ?? mappings?.[name.slice(name.indexOf(".") + 1)];

function searchedFor(
  { array: { hierarchy } }: MappedMachine,
  options: MappedOptions,
  problem: Problem,
): Answer {
  const { objective, steps } = options;
  const fitting = fittingUnrollings(hierarchy, options, problem);
  // Sums that are done take less room than open ones: a search may fit where the smallest tiles do not.
  const unrollings = (fitting.length > 0 ? fitting : unrollingsOf(problem, hierarchy, options.unroll)).slice(
    0,
    options.choices,
  );
  const best = bestMapped(problem, hierarchy, unrollings, { objective, steps });
  if (best === undefined) {
    const [unrolling = {}] = unrollings;
    return { misfits: tileMisfits(problem, hierarchy, smallestTiles(problem, hierarchy, unrolling)) };
  }
  const { mapping, cost, gap, steps: taken } = best;
  return { mapping, cost, searched: { gap, steps: taken } };
}
