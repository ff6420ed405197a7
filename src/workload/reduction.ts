/**
 * How much less a sparse encoder computes and keeps than a dense one, counted from the ops of both.
 * Two ways to count, since the one by which the FABNet paper compares is not an exact one.
 */
import { butterflyMacs, pointsOf } from "./butterfly.ts";
import { macsOf, parametersOf } from "./count.ts";
import { opsOf, type Workload } from "./graph.ts";
import { at, type ButterflyLinear, type Op } from "./op.ts";

/**
 * exact: every product that the network asks for, on padded vectors, and every trained number.
 * published: as the authors of FABNet (MICRO 2022) count for their figure 17. Products alike, but a butterfly layer has as many
 * butterflies as the feed-forward width fills, also where it is the narrower side. Numbers: the blocks of a stage, and butterflies
 * side by side, share their factors (4 N a layer; arXiv 1903.05895, page 6); twiddle factors are kept (2 N); norms and biases
 * are left out.
 */
export type Accounting = "exact" | "published";

export interface Effort {
  /** Multiplications of one pass; a complex one is four. */
  readonly operations: number;
  /** Numbers to keep. */
  readonly size: number;
}

export function effortOf(workload: Workload, accounting: Accounting): Effort {
  const of = accounting === "exact" ? exact : published;
  const all = opsOf(workload).map(({ op, block }) => ({ times: block.times, ...of(op) }));
  return {
    operations: all.reduce((sum, { times, operations }) => sum + times * operations, 0),
    size: all.reduce((sum, { times, size }) => sum + times * size, 0),
  };
}

/** How many times less: `dense` over `sparse`, in both measures. */
export function reductionOf(dense: Workload, sparse: Workload, accounting: Accounting): Effort {
  const [more, less] = [effortOf(dense, accounting), effortOf(sparse, accounting)];
  return { operations: more.operations / less.operations, size: more.size / less.size };
}

const exact = (op: Op): Effort => ({ operations: macsOf(op), size: parametersOf(op) });

function published(op: Op): Effort {
  if (op.kind === "fft") return { operations: macsOf(op), size: 2 * pointsOf(op.length) };
  if (op.kind === "butterflyLinear") return publishedButterfly(op);
  if (op.kind === "matmul") return { operations: macsOf(op), size: parametersOf({ ...op, bias: false }) };
  return { operations: 0, size: 0 };
}

function publishedButterfly(op: Op & ButterflyLinear): Effort {
  const points = pointsOf(op.inner);
  // The layer that leads into the feed-forward width is counted by its results, the one that leads out of it by its operands.
  const butterflies = op.name === "expand" ? pointsOf(op.columns) / points : 1;
  return { operations: at(op.rows, 0) * butterflies * butterflyMacs(points), size: 4 * points };
}
