/**
 * The products that ops are, and what part of an op's input some rows of its result need.
 * Models: convolutions as products of unfolded windows, whose input is fetched once for each tile of output rows, with the rows of
 *   the image that neighbouring tiles share.
 * Ignores: tiles that begin within a line of the image; shared slices of three-dimensional windows.
 * Source: convolution as a matrix product; address generators that unfold windows on their way to the array (TPU v1, Gemmini).
 */
import type { Products } from "../arch/systolic-tile.ts";
import { type Convolution, convolutionProduct, inputElements, outputSize } from "../workload/convolution.ts";
import { at, type MatMul, type Op } from "../workload/op.ts";

export type ProductOp = Op & (MatMul | Convolution);

export const isProduct = (op: Op): op is ProductOp => op.kind === "matmul" || op.kind === "convolution";

export interface Product {
  readonly whole: Products;
  /** Rows of the product's inner size that belong to one channel: inner tiles are whole channels. */
  readonly taps: number;
  /** Rows of the result in one line of an image; tiles are whole lines where they have as many. */
  readonly line: number;
  /** Elements of one channel that so many rows of the result need. */
  readonly needs: (rows: number) => number;
}

export function productOf(op: ProductOp, step: number): Product {
  if (op.kind === "matmul") {
    const whole = {
      count: op.count,
      rows: at(op.rows, step),
      inner: at(op.inner, step),
      columns: at(op.columns, step),
    };
    return { whole, taps: 1, line: 1, needs: (rows) => rows };
  }
  const whole = convolutionProduct(op);
  const channels = op.channels / op.groups;
  const taps = whole.inner / channels;
  if (op.transposed !== undefined || op.depth !== undefined) {
    const perRow = inputElements(op) / op.channels / whole.rows;
    return { whole, taps, line: 1, needs: (rows) => Math.ceil(rows * perRow) };
  }
  const { height, width } = outputSize(op);
  return { whole, taps, line: width, needs: (rows) => imageNeeds(op, height, width, rows) };
}

function imageNeeds(op: Convolution, height: number, width: number, rows: number): number {
  const images = Math.floor(rows / (height * width));
  const left = rows - images * height * width;
  const [lines, ends] = [Math.floor(left / width), left % width];
  const part =
    lines === 0
      ? reach(op, 0, Math.min(1, ends)) * reach(op, 1, ends)
      : reach(op, 0, lines + Math.min(1, ends)) * op.width;
  return images * op.height * op.width + part;
}

/** Rows or columns of the image that so many windows next to each other see; a stride past the window leaves some out. */
function reach(
  { kernel, stride, dilation, height, width }: Convolution,
  axis: 0 | 1,
  windows: number,
): number {
  if (windows === 0) return 0;
  const window = dilation[axis] * (kernel[axis] - 1) + 1;
  const seen = (windows - 1) * Math.min(stride[axis], window) + window;
  return Math.min(axis === 0 ? height : width, seen);
}
