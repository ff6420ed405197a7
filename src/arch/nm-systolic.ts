/**
 * A systolic array whose weights are N:M compressed along the inner dimension: the kept positions take the place of all.
 * Models: folds of the array, strictly one after the other, each with fill and drain; edge folds in full; outputs that keep fewer
 *   than the fullest are padded to it.
 * Ignores: the network that routes activations to kept positions, overlap of folds.
 * Source: SCALE-Sim v3, layer-wise sparsity; its fold times, without stalls.
 */
import { z } from "zod";
import { type Precision, precisionNames } from "../precision.ts";
import { ticks } from "../quantity.ts";
import { count } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";
import type { NmPattern, NmSparseWork } from "./nm-sparse.ts";

export interface NmSystolicShape {
  readonly rows: number;
  readonly columns: number;
  /** The operand that stays in the array during a fold. */
  readonly stationary: "weights" | "outputs" | "inputs";
}

export interface NmSystolicSpec extends SpecBase, NmSystolicShape {
  readonly precision: Precision;
  readonly ticksPerCycle: number;
}

type Product = Pick<NmSparseWork, "rows" | "inner" | "columns" | "pattern">;

const fields = z.strictObject({
  ...unitFields("nm-systolic"),
  precision: z.enum(precisionNames).describe("number format of its multipliers"),
  rows: count.describe("rows of the array"),
  columns: count.describe("columns of the array"),
  stationary: z.enum(["weights", "outputs", "inputs"]).describe("the operand that stays during a fold"),
});

export const nmSystolic: Component<"nm-systolic", typeof fields, NmSystolicSpec, NmSparseWork> = {
  kind: "nm-systolic",
  summary: "systolic array with N:M compressed weights",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

/** Positions of the inner dimension that remain: those of the output that keeps most. */
export function keptInner(inner: number, pattern?: NmPattern): number {
  if (pattern === undefined) return inner;
  const n = typeof pattern.n === "number" ? pattern.n : Math.max(...pattern.n);
  return Math.floor(inner / pattern.m) * n + Math.min(n, inner % pattern.m);
}

/** Cycles of one product. */
export function nmSystolicCycles(array: NmSystolicShape, product: Product): number {
  const { down, across, through } = extents(array, product);
  const folds = Math.ceil(down / array.rows) * Math.ceil(across / array.columns);
  // A stationary operand is loaded first, row by row; outputs need no load, and leave through the rows.
  const load = array.stationary === "outputs" ? 0 : array.rows;
  return folds * (load + array.rows + array.columns + through - 2);
}

/** What lies along the array's rows, along its columns, and passes in time. */
function extents({ stationary }: NmSystolicShape, { rows, inner, columns, pattern }: Product) {
  const kept = keptInner(inner, pattern);
  switch (stationary) {
    case "weights":
      return { down: kept, across: columns, through: rows };
    case "inputs":
      return { down: kept, across: rows, through: columns };
    case "outputs":
      return { down: rows, across: columns, through: kept };
  }
}

function resolve(config: z.output<typeof fields>, time: Timebase): NmSystolicSpec {
  const { precision, rows, columns, stationary } = config;
  return {
    queues: [""],
    shared: false,
    precision,
    rows,
    columns,
    stationary,
    ticksPerCycle: cyclesInTicks(1, time),
    peak: { macs: rows * columns * time.clock },
  };
}

/** Fill and drain are part of the occupancy, since folds do not overlap. */
function cost(spec: NmSystolicSpec, work: NmSparseWork): Cost {
  return {
    occupancy: work.count * nmSystolicCycles(spec, work) * spec.ticksPerCycle,
    latency: ticks(0),
    counts: { macs: work.macs },
  };
}
