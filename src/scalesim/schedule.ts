/**
 * How a layer's product is folded onto the array, and how long that takes: every fold the whole array, one after another,
 * the outer loop over column folds and the inner over row folds.
 */
import type { Stationary } from "./config.ts";
import type { Product } from "./layer.ts";

export interface ArraySize {
  readonly rows: number;
  readonly columns: number;
}

export interface Schedule {
  readonly dataflow: Stationary;
  readonly array: ArraySize;
  readonly product: Product;
  /** What is spread over the rows, over the columns, and over time. */
  readonly spatialRows: number;
  readonly spatialColumns: number;
  readonly time: number;
  readonly rowFolds: number;
  readonly columnFolds: number;
  readonly cyclesPerFold: number;
}

export function scheduleOf(product: Product, dataflow: Stationary, array: ArraySize): Schedule {
  const { m, n, k } = product;
  const [spatialRows, spatialColumns, time] =
    dataflow === "os" ? [m, n, k] : dataflow === "ws" ? [k, n, m] : [k, m, n];
  const fill = dataflow === "os" ? array.rows : 2 * array.rows;
  return {
    dataflow,
    array,
    product,
    spatialRows,
    spatialColumns,
    time,
    rowFolds: Math.ceil(spatialRows / array.rows),
    columnFolds: Math.ceil(spatialColumns / array.columns),
    cyclesPerFold: time + fill + array.columns - 2,
  };
}

export const foldsOf = ({ rowFolds, columnFolds }: Schedule): number => rowFolds * columnFolds;

/** Cycles without stalls. SCALE-Sim reports the index of the last one. */
export const computeCycles = (schedule: Schedule): number => foldsOf(schedule) * schedule.cyclesPerFold;

/** Rows of the array that a row fold uses, or columns that a column fold uses. */
export const usedOf = (total: number, size: number, fold: number): number =>
  Math.min(size, total - fold * size);

export function mappingEfficiency({
  spatialRows,
  spatialColumns,
  rowFolds,
  columnFolds,
  array,
}: Schedule): number {
  return (spatialRows * spatialColumns) / (rowFolds * array.rows * columnFolds * array.columns);
}

/** SCALE-Sim divides by `columns - 1` cycles too many where an operand is stationary. */
export function computeUtilization(schedule: Schedule): number {
  const { dataflow, array, cyclesPerFold, time } = schedule;
  const cycles = dataflow === "os" ? cyclesPerFold : cyclesPerFold + array.columns - 1;
  return (mappingEfficiency(schedule) * time) / cycles;
}

export interface SramAccesses {
  readonly ifmapReads: number;
  readonly filterReads: number;
  readonly ofmapWrites: number;
}

/** Output stationary counts the array's rows and columns once more for each fold; partial sums are written, never read back. */
export function sramAccesses(schedule: Schedule): SramAccesses {
  const { dataflow, array, product, rowFolds, columnFolds } = schedule;
  const { m, n, k } = product;
  if (dataflow === "os") {
    const ofmapWrites = m * n + foldsOf(schedule) * (array.rows + array.columns);
    return { ifmapReads: m * k * columnFolds, filterReads: n * k * rowFolds, ofmapWrites };
  }
  const ofmapWrites = m * n * rowFolds;
  return dataflow === "ws"
    ? { ifmapReads: m * k * columnFolds, filterReads: n * k, ofmapWrites }
    : { ifmapReads: m * k, filterReads: n * k * columnFolds, ofmapWrites };
}
