/**
 * Everything but products, on the vector unit beside a mapped array: chains of instructions over the elements.
 * Models: one instruction at a time, each over all elements; moves and look-ups as one pass.
 * Ignores: fusion of instructions, and the traffic of operands to the vector unit's registers.
 * Source: the usual formulas; GELU as x * sigmoid(1.702 x).
 */
import type { VectorWork } from "../arch/vector.ts";
import { outputElements } from "../workload/count.ts";
import { at, type Op } from "../workload/op.ts";
import type { NestOp } from "./mapped-op.ts";

type Chain = VectorWork["chain"];
type Operation = Chain[number]["operation"];

export function vectorChain(op: Exclude<Op, NestOp>, step: number): Chain {
  const elements = outputElements(op, step);
  const each = (...operations: readonly Operation[]): Chain =>
    operations.map((operation) => ({ operation, elements }));
  switch (op.kind) {
    case "softmax":
      // The largest of the row, difference, exponential, sum, one reciprocal for each row, product.
      return [
        ...each("reduce", "add", "exponential", "reduce"),
        { operation: "reciprocal", elements: op.count * at(op.rows, step) },
        ...each("multiply"),
      ];
    case "layernorm":
      // Mean, difference, square, variance, its root for each row, normalisation, scale, shift.
      return [
        ...each("reduce", "add", "multiply", "reduce"),
        { operation: "reciprocalSquareRoot", elements: op.count * at(op.rows, step) },
        ...each("multiply", "multiply", "add"),
      ];
    case "rmsnorm":
      return [
        ...each("multiply", "reduce"),
        { operation: "reciprocalSquareRoot", elements: op.count * at(op.rows, step) },
        ...each("multiply", "multiply"),
      ];
    case "rotary":
      return each("multiply", "multiply", "add");
    case "batchnorm":
      return each("multiply", "add");
    case "gelu":
      return each("multiply", "exponential", "add", "reciprocal", "multiply");
    case "silu":
      return each("exponential", "add", "reciprocal", "multiply");
    case "sigmoid":
      return each("exponential", "add", "reciprocal");
    case "relu":
    case "residual":
      return each("add");
    case "elementwise":
      return each("multiply");
    case "argmax":
      return each("reduce");
    case "reduction":
      return [{ operation: "reduce", elements: op.count * at(op.rows, step) * at(op.width, step) }];
    case "pooling":
      return [
        { operation: "reduce", elements: elements * op.kernel[0] * op.kernel[1] * (op.depth?.kernel ?? 1) },
      ];
    case "embedding":
      return [{ operation: "add", elements: elements * op.entries.length }];
    default:
      return each("move");
  }
}
