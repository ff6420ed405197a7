/**
 * Counting along anti-diagonals. A systolic array asks for a block of `steps` x `lanes` words askew: lane l is l cycles late,
 * so that cycle t touches the cells with step + lane = t, the lanes in ascending order.
 */

/** Cells with step + lane < cycle. */
export const cellsBefore = (cycle: number, steps: number, lanes: number): number =>
  triangle(cycle, lanes) - triangle(cycle - steps, lanes);

/** The cycle of the cell with this index in the order of asking. */
export function cycleOfCell(index: number, steps: number, lanes: number): number {
  let low = 0;
  let high = steps + lanes - 2;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (cellsBefore(middle + 1, steps, lanes) > index) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sum over the lanes of max(0, height - lane). */
function triangle(height: number, lanes: number): number {
  if (height <= 0) return 0;
  return height >= lanes ? lanes * height - (lanes * (lanes - 1)) / 2 : (height * (height + 1)) / 2;
}
