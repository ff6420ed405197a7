/**
 * The units of a systolic machine by the names that its YAML must use, and what the schedule asks of them.
 * Models: one memory, arrays, a vector unit, buffers for both operands and for sums, and a buffer for results that stay on chip.
 * Ignores: other units of the machine.
 * Source: TPU v1 (ISCA 2017), Gemmini (DAC 2021), SCALE-Sim: what they have in common.
 */
import type { Cost } from "../arch/component.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind, type ResolvedUnit } from "../arch/index.ts";
import type { MemorySpec } from "../arch/memory.ts";
import type { NmPattern } from "../arch/nm-sparse.ts";
import { type NmSystolicWork, nmSystolic, selects } from "../arch/nm-systolic.ts";
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import { type SystolicSpec, type SystolicWork, systolic } from "../arch/systolic.ts";
import type { Buffering } from "../arch/systolic-tile.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { bytesOf, type Precision } from "../precision.ts";
import type { Bits, Ticks } from "../quantity.ts";

export interface Options {
  /** What follows a product element by element, by windows or by rows works on its tiles as they leave the array. */
  readonly fuse: boolean;
  /** Of a partial sum in the result buffer. */
  readonly sumWidth: Bits;
  /** Tiles that each buffer holds at a time. */
  readonly buffering: "single" | "double";
}

export interface System {
  readonly memory: MemorySpec;
  readonly array: SystolicSpec;
  /** What a tile costs the array. */
  readonly product: (work: ArrayWork) => Cost;
  /** Whether the array skips what an N:M pattern leaves out. */
  readonly selects: (pattern: NmPattern) => boolean;
  /** The largest M that it chooses from; absent: it chooses from any, or not at all. */
  readonly group: number | undefined;
  readonly vector: VectorSpec;
  readonly inputs: ScratchpadSpec;
  readonly weights: ScratchpadSpec;
  readonly results: ScratchpadSpec;
  /** Absent: every result goes to memory. */
  readonly activations: ScratchpadSpec | undefined;
  readonly issue: Ticks;
  readonly precision: Precision;
  readonly elementBytes: number;
  readonly sumBytes: number;
  readonly fuse: boolean;
  readonly buffering: Buffering;
}

/** A tile on the array, whichever kind of array that is; only one that selects has a pattern. */
export type ArrayWork = SystolicWork & Pick<NmSystolicWork, "pattern">;

export const neededUnits = {
  memory: ["ddr", "hbm"],
  array: ["systolic", "nm-systolic"],
  vector: ["vector"],
  inputs: ["scratchpad"],
  weights: ["scratchpad"],
  results: ["scratchpad"],
} as const;

/** Undefined when a unit is missing or of another kind. */
export function systemOf(
  { units, sequencer }: Hardware,
  { fuse, sumWidth, buffering }: Options,
  precision: Precision,
): System | undefined {
  const { memory, array, vector, inputs, weights, results, activations } = units;
  if (!isKind(memory, "ddr") && !isKind(memory, "hbm")) return undefined;
  const matrix = matrixOf(array);
  if (matrix === undefined || !isKind(vector, "vector")) return undefined;
  if (!isKind(inputs, "scratchpad") || !isKind(weights, "scratchpad") || !isKind(results, "scratchpad"))
    return undefined;
  if (activations !== undefined && !isKind(activations, "scratchpad")) return undefined;
  return {
    memory: memory.spec,
    ...matrix,
    vector: vector.spec,
    inputs: inputs.spec,
    weights: weights.spec,
    results: results.spec,
    activations: activations?.spec,
    issue: sequencer.issue,
    precision,
    elementBytes: bytesOf(precision),
    sumBytes: sumWidth / 8,
    fuse,
    buffering: buffering === "double" ? 2 : 1,
  };
}

function matrixOf(
  unit: ResolvedUnit | undefined,
): Pick<System, "array" | "product" | "selects" | "group"> | undefined {
  if (isKind(unit, "systolic"))
    return {
      array: unit.spec,
      product: (work) => systolic.cost(unit.spec, work),
      selects: () => false,
      group: undefined,
    };
  if (isKind(unit, "nm-systolic"))
    return {
      array: unit.spec,
      product: (work) => nmSystolic.cost(unit.spec, work),
      selects: (pattern) => selects(unit.spec, pattern),
      group: unit.spec.group,
    };
  return undefined;
}
