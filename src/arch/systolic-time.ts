/**
 * How long a product keeps a systolic array: a product is cut into folds that fit the array, one operand (or the results) stays
 * during a fold and the others stream through, askew.
 */

export interface SystolicShape {
  readonly rows: number;
  readonly columns: number;
  /** What stays in the array during a fold. */
  readonly stationary: "weights" | "outputs" | "inputs";
  /**
   * "serial": a fold starts when the one before has left. "overlapped": its first operands follow the last ones of the fold
   * before; the next stationary operand is loaded into a second register meanwhile, and results leave by a bus of each column.
   */
  readonly folds: "serial" | "overlapped";
  /** Folds at the edges take as long as whole ones, or as long as what they use. */
  readonly edges: "full" | "shrunk";
}

/** [rows x inner] x [inner x columns]. */
export interface MatrixShape {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

export interface FoldGrid {
  readonly down: number;
  readonly across: number;
  /** Steps that stream through each fold. */
  readonly steps: number;
  readonly rowFolds: number;
  readonly columnFolds: number;
}

export function foldGrid(array: SystolicShape, { rows, inner, columns }: MatrixShape): FoldGrid {
  const [down, across, steps] =
    array.stationary === "outputs"
      ? [rows, columns, inner]
      : array.stationary === "weights"
        ? [inner, columns, rows]
        : [inner, rows, columns];
  return {
    down,
    across,
    steps,
    rowFolds: Math.ceil(down / array.rows),
    columnFolds: Math.ceil(across / array.columns),
  };
}

/**
 * Cycles that the ports of the buffers take, for each array that they serve together; 1 where they are as wide as its edges. A port
 * brings the words of one row or step at a time.
 */
export interface PortCycles {
  /** For a step: a word for each edge where operands stream in. */
  readonly step: number;
  /** For a row of the operand that stays. */
  readonly load: number;
  /** For a row of results that leave. */
  readonly result: number;
  /** For a row of sums that are read back, added to and written again. */
  readonly sum: number;
}

export const widePorts: PortCycles = { step: 1, load: 1, result: 1, sum: 1 };

/**
 * Cycles from the first operand to the last result of the first column folds in its buffer; row folds run within each column fold.
 * @param ports of buffers that are narrower than the array's edges
 */
export function systolicCycles(
  array: SystolicShape,
  grid: FoldGrid,
  columnFolds = grid.columnFolds,
  ports = widePorts,
): number {
  const times = { array, grid, ports };
  return array.folds === "serial" ? serialCycles(times, columnFolds) : overlappedCycles(times, columnFolds);
}

/**
 * Cycles after which the array takes the first operand of a next product like this one. Serial folds keep it until the last result
 * has left; behind overlapped ones the next product follows as another fold does.
 */
export function systolicInterval(
  array: SystolicShape,
  grid: FoldGrid,
  columnFolds = grid.columnFolds,
  ports = widePorts,
): number {
  const times = { array, grid, ports };
  return array.folds === "serial"
    ? serialCycles(times, columnFolds)
    : columnFolds * startOf(times, grid.rowFolds);
}

interface Times {
  readonly array: SystolicShape;
  readonly grid: FoldGrid;
  readonly ports: PortCycles;
}

/** One fold after the other: load, stream, drain. */
function serialCycles(times: Times, columnFolds: number): number {
  const { array, grid } = times;
  const whole = array.edges === "full";
  const columns = columnFolds * array.columns;
  const across = grid.rowFolds * (whole ? columns : Math.min(columns, grid.across));
  const column = overRows(grid.rowFolds, (row) => loadCycles(times, row) + downCycles(times, row));
  return columnFolds * column + across;
}

/** The last folds may be smaller, and be through before those ahead of them. */
function overlappedCycles(times: Times, columnFolds: number): number {
  const { rowFolds } = times.grid;
  const ends = [columnFolds - 1, columnFolds - 2].flatMap((column) =>
    [rowFolds - 1, rowFolds - 2].map((row) =>
      column < 0 || row < 0
        ? 0
        : column * startOf(times, rowFolds) +
          startOf(times, row) +
          downCycles(times, row) +
          foldColumns(times, column),
    ),
  );
  return loadCycles(times, 0) + Math.max(...ends);
}

/** From the start of a column's first fold to that of a later one of its row folds, or of the next column. */
const startOf = (times: Times, row: number): number =>
  overRows(row, (before) => interval(times, before), times.grid.rowFolds);

/**
 * The sum over the first `count` row folds of `rowFolds`. The first differs from others by its sums, the last ones by their size;
 * those between are alike.
 */
function overRows(count: number, of: (row: number) => number, rowFolds = count): number {
  const [last, alike] = [rowFolds - 1, Math.min(count, rowFolds - 2) - 1];
  let sum = count > 0 ? of(0) : 0;
  if (alike > 0) sum += alike * of(1);
  if (last > 1 && count >= last) sum += of(last - 1);
  if (last > 0 && count > last) sum += of(last);
  return sum;
}

/**
 * From the start of an overlapped fold to that of the next. Operands have to be through; and either the next stationary operand has
 * to be in place, or the column's bus has to be through with the results.
 */
function interval(times: Times, row: number): number {
  const { array, grid, ports } = times;
  const other =
    array.stationary === "outputs"
      ? foldRows(times, row) * ports.result
      : loadCycles(times, row + 1 < grid.rowFolds ? row + 1 : 0);
  return Math.max(grid.steps * stepOf(times, row), other);
}

const loadCycles = (times: Times, row: number): number =>
  times.array.stationary === "outputs" ? 0 : foldRows(times, row) * times.ports.load;

/** From a fold's first operand to the last result of its first column in the buffer, less one; each column is a cycle behind the last. */
function downCycles(times: Times, row: number): number {
  const { array, grid, ports } = times;
  const rows = foldRows(times, row);
  const streamed = (grid.steps - 1) * stepOf(times, row);
  return (
    streamed + (array.stationary === "outputs" ? rows * ports.result : rows + leaveCycles(times, row) - 1) - 1
  );
}

/** A step of a stationary operand makes a row of results. */
const stepOf = (times: Times, row: number): number =>
  times.array.stationary === "outputs"
    ? times.ports.step
    : Math.max(times.ports.step, leaveCycles(times, row));

/** Row folds behind the first add to what is there. */
const leaveCycles = ({ ports }: Times, row: number): number => (row === 0 ? ports.result : ports.sum);

const foldRows = ({ array, grid }: Times, row: number): number =>
  array.edges === "full" ? array.rows : Math.min(array.rows, grid.down - row * array.rows);

const foldColumns = ({ array, grid }: Times, column: number): number =>
  array.edges === "full" ? array.columns : Math.min(array.columns, grid.across - column * array.columns);
