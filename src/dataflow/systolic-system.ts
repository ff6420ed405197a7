/**
 * The units of a systolic machine by the names that its YAML must use, and what the schedule asks of them.
 * Models: one memory, arrays, a vector unit, buffers for both operands and for sums, and a buffer for results that stay on chip.
 * Ignores: other units of the machine.
 * Source: TPU v1 (ISCA 2017), Gemmini (DAC 2021), SCALE-Sim: what they have in common.
 */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import type { MemorySpec } from "../arch/memory.ts";
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import type { SystolicSpec } from "../arch/systolic.ts";
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

export const neededUnits = {
  memory: ["ddr", "hbm"],
  array: ["systolic"],
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
  if (!isKind(array, "systolic") || !isKind(vector, "vector")) return undefined;
  if (!isKind(inputs, "scratchpad") || !isKind(weights, "scratchpad") || !isKind(results, "scratchpad"))
    return undefined;
  if (activations !== undefined && !isKind(activations, "scratchpad")) return undefined;
  return {
    memory: memory.spec,
    array: array.spec,
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

/** Cycles of the array for each step, where the buffers that its operands stream from are narrower than its edges. */
export function portCycles(system: System, inputsOnChip: boolean): number {
  const { array, inputs, activations = inputs, weights, elementBytes } = system;
  const cycles = (words: number, { bytesPerCycle, ticksPerCycle }: ScratchpadSpec): number =>
    Math.ceil((words * elementBytes * ticksPerCycle) / (bytesPerCycle * array.ticksPerCycle));
  const from = inputsOnChip ? activations : inputs;
  switch (array.stationary) {
    case "weights":
      return cycles(array.rows, from);
    case "inputs":
      return cycles(array.rows, weights);
    case "outputs":
      return Math.max(cycles(array.rows, from), cycles(array.columns * array.arrays, weights));
  }
}
