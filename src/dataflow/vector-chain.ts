/**
 * Row-wise ops as chains of vector instructions.
 * Models: one instruction at a time, each over all elements of its operand.
 * Ignores: fusion of instructions.
 * Source: the usual formulas; GELU as x * sigmoid(1.702 x).
 */
import type { VectorWork } from "../arch/vector.ts";
import type { Channelwise } from "../workload/convolution.ts";
import type { Rowwise } from "../workload/op.ts";

export type Chain = VectorWork["chain"];
export type ChainKind = Rowwise["kind"] | Channelwise["kind"] | "reduction";

type Operation = Chain[number]["operation"];

/** On `rows` rows of `width` elements each. */
export function chainOf(kind: ChainKind, rows: number, width: number): Chain {
  const elements = rows * width;
  const each = (...operations: readonly Operation[]): Chain =>
    operations.map((operation) => ({ operation, elements }));
  switch (kind) {
    case "softmax":
      // Maximum, difference, exponential, sum, its reciprocal for each row, scaling.
      return [
        ...each("reduce", "add", "exponential", "reduce"),
        { operation: "reciprocal", elements: rows },
        ...each("multiply"),
      ];
    case "batchnorm":
      // Mean, variance, scale and shift are constants by then: one scale and one shift for each channel.
      return each("multiply", "add");
    case "sigmoid":
      return each("exponential", "add", "reciprocal");
    case "reduction":
      return each("reduce");
    case "layernorm":
      // Mean, difference, square, variance, its root for each row, normalisation, scale, shift.
      return [
        ...each("reduce", "add", "multiply", "reduce"),
        { operation: "reciprocalSquareRoot", elements: rows },
        ...each("multiply", "multiply", "add"),
      ];
    case "rmsnorm":
      // Square, its mean and root for each row, normalisation, scale.
      return [
        ...each("multiply", "reduce"),
        { operation: "reciprocalSquareRoot", elements: rows },
        ...each("multiply", "multiply"),
      ];
    case "rotary":
      // Pairs turned by an angle: each element by its cosine, its neighbour by the sine, added.
      return each("multiply", "multiply", "add");
    case "gelu":
      // x * sigmoid(1.702 x): the usual approximation in hardware.
      return each("multiply", "exponential", "add", "reciprocal", "multiply");
    case "silu":
      return each("exponential", "add", "reciprocal", "multiply");
    case "relu":
    case "residual":
      return each("add");
    case "elementwise":
      return each("multiply");
    case "argmax":
      return each("reduce");
    case "concat":
    case "split":
      return each("move");
  }
}
