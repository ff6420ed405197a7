/**
 * The units of an STA-like machine by the names that its YAML must use, and the costs that the schedule asks of them.
 * Models: one device with a memory, a matrix engine, a softmax module, a vector unit and two buffers.
 * Ignores: other units of the machine.
 * Source: STA (IEEE TVLSI 2022), its units; their sizes are the machine's assumptions.
 */
import type { Cost } from "../arch/component.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind, type ResolvedUnit } from "../arch/index.ts";
import type { MemorySpec } from "../arch/memory.ts";
import { type NmSparseWork, nmSparse } from "../arch/nm-sparse.ts";
import { nmSystolic } from "../arch/nm-systolic.ts";
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import type { SoftmaxSpec } from "../arch/softmax.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { bytesOf, type Precision } from "../precision.ts";
import type { Ticks } from "../quantity.ts";

export interface System {
  readonly memory: MemorySpec;
  readonly matrix: Engine;
  readonly softmax: SoftmaxSpec;
  readonly vector: VectorSpec;
  /** Two halves: one is filled while the other is worked on. */
  readonly weights: ScratchpadSpec;
  readonly activations: ScratchpadSpec;
  readonly issue: Ticks;
  readonly bytesPerElement: number;
  readonly scores: ScoreOptions;
  /** Columns of a weight tile, where the buffer has room for them. */
  readonly tileColumns: number;
}

export interface Options extends ScoreOptions {
  readonly tileColumns: number;
}

export interface ScoreOptions {
  /** Rows of one head's scores that are computed before their softmax. */
  readonly scoreRows: number;
  /** Such blocks that the score buffer holds. */
  readonly scoreBuffers: number;
}

/** A matrix engine, whichever it is. */
export interface Engine {
  readonly precision: Precision;
  /** Output columns at a time: weights are cut in multiples of it. */
  readonly lanes: number;
  /** Activation rows for which weights are read once. */
  readonly rows: number;
  readonly cost: (work: NmSparseWork) => Cost;
}

export const neededUnits = {
  memory: ["ddr", "hbm"],
  matrix: ["nm-sparse", "nm-systolic"],
  softmax: ["softmax"],
  vector: ["vector"],
  weights: ["scratchpad"],
  activations: ["scratchpad"],
} as const;

/** Undefined when a unit is missing or of another kind. */
export function systemOf({ units, sequencer }: Hardware, options: Options): System | undefined {
  const { memory, matrix, softmax, vector, weights, activations } = units;
  const engine = engineOf(matrix);
  if (!isKind(memory, "ddr") && !isKind(memory, "hbm")) return undefined;
  if (engine === undefined || !isKind(softmax, "softmax") || !isKind(vector, "vector")) return undefined;
  if (!isKind(weights, "scratchpad") || !isKind(activations, "scratchpad")) return undefined;
  return {
    memory: memory.spec,
    matrix: engine,
    softmax: softmax.spec,
    vector: vector.spec,
    weights: weights.spec,
    activations: activations.spec,
    issue: sequencer.issue,
    bytesPerElement: bytesOf(engine.precision),
    scores: options,
    tileColumns: options.tileColumns,
  };
}

function engineOf(unit: ResolvedUnit | undefined): Engine | undefined {
  if (isKind(unit, "nm-sparse")) {
    const { precision, lanes, rows } = unit.spec;
    return { precision, lanes, rows, cost: (work) => nmSparse.cost(unit.spec, work) };
  }
  if (isKind(unit, "nm-systolic")) {
    const { precision, columns } = unit.spec;
    // The schedule has a count of its own for what buffers are read and written.
    const cost = (work: NmSparseWork): Cost => ({
      ...nmSystolic.cost(unit.spec, work),
      counts: { macs: work.macs },
    });
    return { precision, lanes: columns, rows: Infinity, cost };
  }
  return undefined;
}
