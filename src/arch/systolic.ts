/**
 * Systolic arrays: matrix products in folds that fit the array, the column folds dealt out to several arrays.
 * Models: fill, streaming and drain of each fold, serial or overlapped; edge folds whole or shrunk; ports of the operand and result
 *   buffers that are narrower than the array's edges; wider number formats in several passes; reads of the operand buffers, writes
 *   and read-backs of partial sums. What buffers of a given size fetch again is in systolic-tile.ts.
 * Ignores: bank conflicts of the buffers; that a fold at the edge needs less of a port, and that a shrunk one's first sums may leave
 *   beside the last ones of the fold before; clock gating of idle PEs.
 * Source: SCALE-Sim's fold times for serial folds; Jouppi et al. (ISCA 2017) for weights loaded behind the computing ones; proved
 *   against a model that moves operands through PEs.
 */
import { z } from "zod";
import type { Amount } from "../amount.ts";
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
import {
  foldGrid,
  type MatrixShape,
  type PortCycles,
  type SystolicShape,
  systolicCycles,
  systolicInterval,
  widePorts,
} from "./systolic-time.ts";

export interface SystolicSpec extends SpecBase, SystolicShape {
  /** The number format of its multipliers. */
  readonly precision: Precision;
  /** Other formats that it computes in several passes over the same PEs, and how many. */
  readonly passes: Readonly<Partial<Record<Precision, number>>>;
  readonly arrays: number;
  /** Words a cycle that the buffers deliver to one array; absent: as many as it takes. */
  readonly wordsPerCycle?: number;
  readonly ticksPerCycle: number;
}

export interface SystolicWork extends MatrixShape {
  /** Products of this shape, one after the other. */
  readonly count: number;
  /** Useful ones. */
  readonly macs: Amount;
  /** Of the operands; the array's own where none is named. */
  readonly precision?: Precision;
  /** Of buffers that are narrower than the array's edges; absent: none is. */
  readonly ports?: PortCycles;
}

/** What the YAML of a systolic array says, whatever its PEs can do besides. */
export const arrayFields = {
  precision: z.enum(precisionNames).describe("number format of its multipliers"),
  passes: z
    .partialRecord(z.enum(precisionNames), count)
    .optional()
    .describe("other number formats that it computes in several passes, and how many"),
  rows: count.describe("rows of an array"),
  columns: count.describe("columns of an array"),
  arrays: count.describe("arrays that share the column folds of a product"),
  stationary: z.enum(["weights", "outputs", "inputs"]).describe("what stays in the array during a fold"),
  folds: z
    .enum(["serial", "overlapped"])
    .describe("a fold starts when the one before has left, or right behind its last operands"),
  edges: z
    .enum(["full", "shrunk"])
    .describe("folds at the edges take as long as whole ones, or as what they use"),
  wordsPerCycle: count
    .optional()
    .describe("words that the operand buffers deliver to one array in a cycle; absent: as many as it takes"),
};

const fields = z.strictObject({ ...unitFields("systolic"), ...arrayFields });

export const systolic: Component<"systolic", typeof fields, SystolicSpec, SystolicWork> = {
  kind: "systolic",
  summary: "systolic array, weight, output or input stationary",
  fields,
  clock: ({ clock }) => clock,
  resolve: arraySpec,
  cost,
};

export function arraySpec(config: Omit<z.output<typeof fields>, "kind">, time: Timebase): SystolicSpec {
  const { precision, passes = {}, rows, columns, arrays, stationary, folds, edges, wordsPerCycle } = config;
  return {
    queues: [""],
    shared: false,
    precision,
    passes,
    rows,
    columns,
    arrays,
    stationary,
    folds,
    edges,
    ...(wordsPerCycle === undefined ? {} : { wordsPerCycle }),
    ticksPerCycle: cyclesInTicks(1, time),
    peak: { macs: rows * columns * arrays * time.clock },
  };
}

/**
 * The array is taken until it can take the first operand of a next product; what is left of the fill and the drain is latency. Serial
 * folds do not overlap with anything.
 * @throws Error when the array cannot compute in the work's number format
 */
function cost(spec: SystolicSpec, work: SystolicWork): Cost {
  const passes = passesOf(spec, work.precision ?? spec.precision);
  if (passes === undefined) throw new Error(`a systolic array of ${spec.precision} has no ${work.precision}`);
  const { ports: given = widePorts } = work;
  // An operand stays at the edge for all its passes.
  const ports = { ...given, step: Math.max(stepCycles(spec), given.step, passes) };
  const grid = foldGrid(spec, work);
  const folds = Math.ceil(grid.columnFolds / spec.arrays);
  const interval = systolicInterval(spec, grid, folds, ports);
  const left = Math.max(0, systolicCycles(spec, grid, folds, ports) - interval);
  return {
    occupancy: work.count * interval * spec.ticksPerCycle,
    latency: ticks(left * spec.ticksPerCycle),
    counts: {
      [macAction(spec, work.precision)]: work.macs,
      ...scaledBy(work.count, bufferAccesses(spec, work)),
    },
  };
}

/** How often operands of the format go over the array; undefined for one that it cannot compute in. */
export const passesOf = (
  { precision: own, passes }: Pick<SystolicSpec, "precision" | "passes">,
  precision: Precision,
): number | undefined => (precision === own ? 1 : passes[precision]);

/** MACs of each number format are counted apart, since they take different energy. */
export const macAction = ({ precision: own }: Pick<SystolicSpec, "precision">, precision = own): string =>
  precision === own ? "macs" : `${precision}.macs`;

/** Cycles of one product: those of the first array, which has the most column folds. */
export function productCycles(
  spec: SystolicShape & Pick<SystolicSpec, "arrays" | "wordsPerCycle">,
  product: MatrixShape,
): number {
  const grid = foldGrid(spec, product);
  const ports = { ...widePorts, step: stepCycles(spec) };
  return systolicCycles(spec, grid, Math.ceil(grid.columnFolds / spec.arrays), ports);
}

/**
 * A step brings a word to each edge where operands enter; stationary ones come by a port of their own.
 * @param spread words of the left operand for each that a row of PEs takes: more than one where PEs choose
 */
export function stepCycles(spec: SystolicShape & Pick<SystolicSpec, "wordsPerCycle">, spread = 1): number {
  const { rows, columns, stationary, wordsPerCycle } = spec;
  if (wordsPerCycle === undefined) return 1;
  const left = stationary === "inputs" ? rows : rows * spread;
  return Math.ceil((stationary === "outputs" ? left + columns : left) / wordsPerCycle);
}

/** Words of the operand and result buffers for one product. */
export interface BufferAccesses {
  readonly inputReads: number;
  readonly weightReads: number;
  readonly resultWrites: number;
  /** Partial sums that come back to be added to. */
  readonly resultReads: number;
}

export function bufferAccesses(array: SystolicShape, product: MatrixShape): BufferAccesses {
  const { rows, inner, columns } = product;
  const { rowFolds, columnFolds } = foldGrid(array, product);
  const [inputs, weights, results] = [rows * inner, inner * columns, rows * columns];
  if (array.stationary === "outputs")
    return {
      inputReads: inputs * columnFolds,
      weightReads: weights * rowFolds,
      resultWrites: results,
      resultReads: 0,
    };
  const sums = { resultWrites: results * rowFolds, resultReads: results * (rowFolds - 1) };
  return array.stationary === "weights"
    ? { inputReads: inputs * columnFolds, weightReads: weights, ...sums }
    : { inputReads: inputs, weightReads: weights * columnFolds, ...sums };
}

const scaledBy = (count: number, accesses: BufferAccesses): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(accesses).map(([action, words]) => [action, count * words]));
