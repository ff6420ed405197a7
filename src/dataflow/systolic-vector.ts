/**
 * What the vector unit does for an op on a part of its elements.
 * Models: chains of instructions (vector-chain.ts), windows of a pooling, results that only leave the array.
 * Ignores: sharing between overlapping windows.
 * Source: vector-chain.ts; a maximum or a sum of n elements is n steps.
 */
import { type VectorWork, vector } from "../arch/vector.ts";
import { times } from "../quantity.ts";
import { outputElements } from "../workload/count.ts";
import { at, type Op } from "../workload/op.ts";
import type { System } from "./systolic-system.ts";
import { type Chain, chainOf } from "./vector-chain.ts";

/** Rows and columns of the part, of the matrix that the op works on. */
export interface Part {
  readonly rows: number;
  readonly columns: number;
  /** Of all of it. */
  readonly share: number;
}

export function vectorCost(system: System, chain: Chain) {
  const work: VectorWork = { chain };
  return { cost: vector.cost(system.vector, work), issue: times(chain.length, system.issue) };
}

/** Sums leave the array's result buffer, scaled and rounded on the way. */
export const leaveChain = (elements: number): Chain => [{ operation: "move", elements }];

/** @throws Error for an op that no vector unit runs */
export function opChain(op: Op, step: number, part: Part): Chain {
  switch (op.kind) {
    case "pooling": {
      const outputs = Math.ceil(outputElements(op, step) * part.share);
      const window = op.kernel[0] * op.kernel[1] * (op.depth?.kernel ?? 1);
      const over: Chain = [{ operation: "add", elements: outputs * window }];
      return op.pool === "max" ? over : [...over, { operation: "multiply", elements: outputs }];
    }
    case "reduction":
      return chainOf(
        "reduction",
        1,
        Math.ceil(op.count * at(op.rows, step) * at(op.width, step) * part.share),
      );
    case "movement":
      return leaveChain(Math.ceil(Math.max(op.elements, op.inputElements) * part.share));
    case "embedding": {
      const elements = Math.ceil(outputElements(op, step) * part.share);
      return op.entries.length < 2
        ? leaveChain(elements)
        : op.entries.slice(1).map(() => ({ operation: "add" as const, elements }));
    }
    case "concat":
    case "split":
    case "matmul":
    case "convolution":
    case "fft":
    case "butterflyLinear":
    case "cacheRead":
    case "cacheWrite":
    case "allGather":
    case "allReduce":
    case "reduceScatter":
      throw new Error(`the vector unit has no chain for ${op.name}, which is ${op.kind}`);
    default:
      return chainOf(op.kind, part.rows, part.columns);
  }
}
