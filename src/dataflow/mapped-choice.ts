/**
 * The mapping of one op: written by hand or searched, once for each size.
 * Models: a choice by cycles, energy or their product.
 * Ignores: what the op before left on the chip.
 * Source: src/mapping.
 */

import type { z } from "zod";
import type { MacArraySpec } from "../arch/mac-array.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { hierarchyMisfits, mappingMisfits } from "../mapping/check.ts";
import { bestMapped, bypassed, type Unrollable, unrollingsOf } from "../mapping/choice.ts";
import { costOf, type MappingCost } from "../mapping/cost.ts";
import type { Mapping } from "../mapping/mapping.ts";
import type { Objective } from "../mapping/objective.ts";
import type { Problem } from "../mapping/problem.ts";
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
  /** How far below the cost the bound is, as a fraction; absent for a mapping written by hand. */
  readonly gap?: number;
}

type Answer = Chosen | { readonly misfits: readonly Misfit[] };

/** A memory of mappings already found, by machine; no more than that: the same question has the same answer. */
const found = new WeakMap<MacArraySpec, Map<string, Answer>>();

/** @param name of the op with its block, "conv2_x.conv1"; mappings are written for either name */
export function mappingOf(
  machine: MappedMachine,
  options: MappedOptions,
  name: string,
  problem: Problem,
): Answer {
  const { hierarchy } = machine.array;
  const bad = hierarchyMisfits(problem, hierarchy);
  if (bad.length > 0) return { misfits: bad };
  const written = options.mappings?.[name] ?? options.mappings?.[name.slice(name.indexOf(".") + 1)];
  if (written !== undefined) {
    const reduced = bypassed(hierarchy, written.bypass);
    const mapping = readMapping(reduced, written);
    const misfits = mappingMisfits(problem, reduced, mapping);
    return misfits.length > 0 ? { misfits } : { mapping, cost: costOf(problem, reduced, mapping) };
  }
  const known = found.get(machine.array) ?? new Map<string, Answer>();
  found.set(machine.array, known);
  const { objective, unroll, choices, steps } = options;
  const { name: _, ...shape } = problem;
  const key = JSON.stringify([shape, objective, unroll, choices, steps]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = searchedFor(machine, options, problem);
  known.set(key, answer);
  return answer;
}

function searchedFor(
  { array: { hierarchy } }: MappedMachine,
  options: MappedOptions,
  problem: Problem,
): Answer {
  const { objective, steps } = options;
  const unrollings = unrollingsOf(problem, hierarchy, options.unroll).slice(0, options.choices);
  const best = bestMapped(problem, hierarchy, unrollings, { objective, steps });
  if (best === undefined)
    return {
      misfits: [
        {
          what: `no mapping of ${problem.name} fits ${hierarchy.name}`,
          arithmetic: hierarchy.memories
            .map(({ name, capacity, operands }) => `${name}: ${capacity} bit for ${operands.join(", ")}`)
            .join("; "),
        },
      ],
    };
  return { mapping: best.mapping, cost: best.cost, gap: best.gap };
}
