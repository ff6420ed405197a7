/**
 * Row-wise ops as chains of vector instructions over a whole tensor, or over a tile of its columns.
 * Models: one instruction at a time, each over all elements.
 * Ignores: fusion of instructions.
 * Source: vector-chain.ts.
 */
import { vector } from "../arch/vector.ts";
import type { Dependency, Task } from "../program.ts";
import { times } from "../quantity.ts";
import type { Op, Rowwise } from "../workload/op.ts";
import { deviceTask } from "./pattern.ts";
import type { System } from "./sta-system.ts";
import { chainOf } from "./vector-chain.ts";

/** Softmax has a module of its own. */
type Kind = Exclude<Rowwise["kind"], "softmax">;

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
