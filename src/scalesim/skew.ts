/**
 * Counting along anti-diagonals. A systolic array asks for a block of `steps` x `lanes` words askew: lane l is l cycles late,
 * so that cycle t touches the cells with step + lane = t, the lanes in ascending order.
 */

/** Cells with step + lane < cycle. */
export const cellsBefore = (cycle: number, steps: number, lanes: number): number =>
  triangle(cycle, lanes) - triangle(cycle - steps, lanes);

/** The cycle of the cell with this index in the order of asking: the block fills, streams at full width, and drains. */
export function cycleOfCell(index: number, steps: number, lanes: number): number {
  const { width, first, end } = evenCells(steps, lanes);
  if (index < first) return diagonalsUnder(index);
  if (index < end) return width + Math.floor((index - first) / width);
  const left = steps * lanes - 1 - index;
  return steps + lanes - 2 - diagonalsUnder(left);
}

/** The cells [first, end) behind those with which the block fills: from cycle `width` on, each cycle touches `width` of them. */
export function evenCells(steps: number, lanes: number): { width: number; first: number; end: number } {
  const width = Math.min(steps, lanes);
  const first = (width * (width + 1)) / 2;
  return { width, first, end: first + width * (Math.max(steps, lanes) - width) };
}

/** How many whole diagonals of 1, 2, 3 .. cells are in `cells`. */
function diagonalsUnder(cells: number): number {
  let diagonals = Math.floor((Math.sqrt(8 * cells + 1) - 1) / 2);
  while ((diagonals * (diagonals + 1)) / 2 > cells) diagonals -= 1;
  while (((diagonals + 1) * (diagonals + 2)) / 2 <= cells) diagonals += 1;
  return diagonals;
}

/** Sum over the lanes of max(0, height - lane). */
function triangle(height: number, lanes: number): number {
  if (height <= 0) return 0;
  return height >= lanes ? lanes * height - (lanes * (lanes - 1)) / 2 : (height * (height + 1)) / 2;
}
