/** What an op and a block take from what is before them. */
import { inputElements } from "./convolution.ts";
import { outputElements } from "./count.ts";
import type { Block } from "./graph.ts";
import { at, type Op } from "./op.ts";

/** Elements of the operand that an op takes from the op before it. */
export function operandElements(op: Op, step = 0): number {
  switch (op.kind) {
    case "matmul":
      return op.count * at(op.rows, step) * at(op.inner, step);
    case "convolution":
    case "pooling":
      return inputElements(op);
    case "movement":
      return op.inputElements;
    case "reduction":
      return op.count * at(op.rows, step) * at(op.width, step);
    case "embedding":
      return at(op.rows, step);
    case "butterflyLinear":
      return at(op.rows, step) * op.inner;
    case "fft":
      return at(op.rows, step) * op.length * (op.input === "complex" ? 2 : 1);
    default:
      return outputElements(op, step);
  }
}

/** Elements of what the block is given: as many as the op of it that reads most takes. */
export const blockInput = ({ ops }: Block, step = 0): number =>
  Math.max(0, ...ops.filter(({ inputs }) => inputs.includes("input")).map((op) => operandElements(op, step)));
