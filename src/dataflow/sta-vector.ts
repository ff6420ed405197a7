/**
 * Row-wise ops as chains of vector instructions over a whole tensor, or over a tile of its columns.
 * Models: one instruction at a time, each over all elements.
 * Ignores: fusion of instructions.
 * Source: the usual formulas; GELU as x * sigmoid(1.702 x).
 */
import { type VectorWork, vector } from "../arch/vector.ts";
import type { Dependency, Task } from "../program.ts";
import { times } from "../quantity.ts";
import type { Op, Rowwise } from "../workload/op.ts";
import { deviceTask } from "./pattern.ts";
import type { System } from "./sta-system.ts";

type Chain = VectorWork["chain"];
/** Softmax has a module of its own. */
type Kind = Exclude<Rowwise["kind"], "softmax">;
type Operation = Chain[number]["operation"];

/** One instruction chain on `rows` rows of `width` elements each. */
export function vectorTask(
  system: System,
  name: string,
  kind: Kind,
  { rows, width }: { readonly rows: number; readonly width: number },
  after: readonly Dependency[],
): Task {
  const chain = chainOf(kind, rows, width);
  const bytes = rows * width * system.bytesPerElement;
  return deviceTask(0, {
    unit: "vector",
    op: name,
    after,
    cost: vector.cost(system.vector, { chain }),
    issue: times(chain.length, system.issue),
    also: { "activations.readBytes": bytes, "activations.writeBytes": bytes },
  });
}

/** Work element by element, which can follow a product tile by tile. */
export function followsTiles(op: Op): op is Op & Rowwise & { readonly kind: Kind } {
  switch (op.kind) {
    case "gelu":
    case "relu":
    case "silu":
    case "residual":
    case "elementwise":
    case "argmax":
      return true;
    default:
      return false;
  }
}

function chainOf(kind: Kind, rows: number, width: number): Chain {
  const elements = rows * width;
  const each = (...operations: readonly Operation[]): Chain =>
    operations.map((operation) => ({ operation, elements }));
  switch (kind) {
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
