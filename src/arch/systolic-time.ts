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

/** What a fold takes of the array. */
interface Fold {
  readonly rows: number;
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
  const stream = (grid.steps - 1) * cyclesPerStep + 1;
  let start = 0;
  let finish = 0;
  for (let column = 0; column < columnFolds; column += 1)
    for (let row = 0; row < grid.rowFolds; row += 1) {
      const fold = foldAt(array, grid, column, row);
      const load = array.stationary === "outputs" ? 0 : fold.rows;
      if (array.folds === "serial") start = finish + load;
      else if (column === 0 && row === 0) start = load;
      else start += interval(array, grid, previousFold(array, grid, column, row), fold, cyclesPerStep);
      finish = Math.max(finish, start + stream + fold.rows + fold.columns - 2);
    }
  return finish;
}

/** From the start of one overlapped fold to that of the next. */
function interval(
  { stationary }: SystolicShape,
  { steps }: FoldGrid,
  before: Fold,
  fold: Fold,
  cyclesPerStep: number,
): number {
  // Either the next stationary operand has to be in place, or the column's bus has to be through with the results.
  return Math.max(steps * cyclesPerStep, stationary === "outputs" ? before.rows : fold.rows);
}

function foldAt(array: SystolicShape, grid: FoldGrid, column: number, row: number): Fold {
  if (array.edges === "full") return { rows: array.rows, columns: array.columns };
  return {
    rows: Math.min(array.rows, grid.down - row * array.rows),
    columns: Math.min(array.columns, grid.across - column * array.columns),
  };
}

const previousFold = (array: SystolicShape, grid: FoldGrid, column: number, row: number): Fold =>
  row > 0 ? foldAt(array, grid, column, row - 1) : foldAt(array, grid, column - 1, grid.rowFolds - 1);
