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

export interface Utilization {
  /** Fractions of the array: what is mapped, and what computes over the cycles of a fold. */
  readonly mapping: number;
  readonly compute: number;
}

/**
 * Means over the folds, summed in their order so that even the last digit is SCALE-Sim's. It divides by `columns - 1` cycles
 * too many where an operand is stationary.
 */
export function utilizationOf(schedule: Schedule): Utilization {
  const { dataflow, array, rowFolds, columnFolds, cyclesPerFold, time, spatialRows, spatialColumns } =
    schedule;
  const cycles = dataflow === "os" ? cyclesPerFold : cyclesPerFold + array.columns - 1;
  const size = array.rows * array.columns;
  const lastRows = usedOf(spatialRows, array.rows, rowFolds - 1);
  let mapping = 0;
  let compute = 0;
  for (let column = 0; column < columnFolds; column += 1) {
    const columns = usedOf(spatialColumns, array.columns, column);
    const [whole, last] = [array.rows * columns, lastRows * columns];
    const [wholeMapping, lastMapping] = [whole / size, last / size];
    const [wholeCompute, lastCompute] = [(whole * time) / (size * cycles), (last * time) / (size * cycles)];
    for (let row = 1; row < rowFolds; row += 1) {
      mapping += wholeMapping;
      compute += wholeCompute;
    }
    mapping += lastMapping;
    compute += lastCompute;
  }
  return { mapping: mapping / foldsOf(schedule), compute: compute / foldsOf(schedule) };
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
