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
 * Cycles from the first operand to the last result of the first column folds; row folds run within each column fold.
 * @param cyclesPerStep more than one where operands come more slowly than the array takes them
 */
export function systolicCycles(
  array: SystolicShape,
  grid: FoldGrid,
  columnFolds = grid.columnFolds,
  cyclesPerStep = 1,
): number {
  const times = { array, grid, cyclesPerStep };
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
  cyclesPerStep = 1,
): number {
  const times = { array, grid, cyclesPerStep };
  return array.folds === "serial" ? serialCycles(times, columnFolds) : columnFolds * columnInterval(times);
}

interface Times {
  readonly array: SystolicShape;
  readonly grid: FoldGrid;
  readonly cyclesPerStep: number;
}

/** One fold after the other: load, stream, drain. */
function serialCycles({ array, grid, cyclesPerStep }: Times, columnFolds: number): number {
  const whole = array.edges === "full";
  const columns = columnFolds * array.columns;
  const rows = columnFolds * (whole ? grid.rowFolds * array.rows : grid.down);
  const loads = array.stationary === "outputs" ? 0 : rows;
  const drains = rows + grid.rowFolds * (whole ? columns : Math.min(columns, grid.across));
  return loads + columnFolds * grid.rowFolds * (streamCycles(grid, cyclesPerStep) - 2) + drains;
}

/** The last folds may be smaller, and be through before those ahead of them. */
function overlappedCycles(times: Times, columnFolds: number): number {
  const { array, grid, cyclesPerStep } = times;
  const load = array.stationary === "outputs" ? 0 : foldRows(times, 0);
  const ends = [columnFolds - 1, columnFolds - 2].flatMap((column) =>
    [grid.rowFolds - 1, grid.rowFolds - 2].map((row) =>
      column < 0 || row < 0
        ? 0
        : startOf(times, column, row) + foldRows(times, row) + foldColumns(times, column),
    ),
  );
  return load + Math.max(...ends) + streamCycles(grid, cyclesPerStep) - 2;
}

const streamCycles = ({ steps }: FoldGrid, cyclesPerStep: number): number => (steps - 1) * cyclesPerStep + 1;

/** From the start of the first overlapped fold to that of this one. */
function startOf(times: Times, column: number, row: number): number {
  const first = interval(times, 0);
  const before = column * columnInterval(times);
  // Outputs: the folds before have to be through with their buses. Else: this fold's operand has to be in place.
  if (times.array.stationary === "outputs") return before + row * first;
  return before + (row === 0 ? 0 : (row - 1) * first + interval(times, row));
}

const columnInterval = (times: Times): number =>
  (times.grid.rowFolds - 1) * interval(times, 0) + interval(times, times.grid.rowFolds - 1);

/** Either the stationary operand has to be in place, or the column's bus has to be through with the results. */
const interval = (times: Times, row: number): number =>
  Math.max(times.grid.steps * times.cyclesPerStep, foldRows(times, row));

const foldRows = ({ array, grid }: Times, row: number): number =>
  array.edges === "full" ? array.rows : Math.min(array.rows, grid.down - row * array.rows);

const foldColumns = ({ array, grid }: Times, column: number): number =>
  array.edges === "full" ? array.columns : Math.min(array.columns, grid.across - column * array.columns);
