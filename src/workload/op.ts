/**
 * One operation of a network, with the sizes that decide its cost. Sizes may differ from one step of a phase to the next
 * (a decoder attends to one more position with each token), so they are extents.
 */
import type { Channelwise, Convolution, Pooling } from "./convolution.ts";
import type { Encoding } from "./encoding.ts";

export type Op = OpShape & {
  /** Unique in its block, e.g. "query". */
  readonly name: string;
  /** The ops whose results it reads; "input" is what the block is given; see `Block`. */
  readonly inputs: readonly string[];
};

/** A size at step i of its phase: base + i * perStep. */
export type Extent = number | { readonly base: number; readonly perStep: number };

export type OpShape =
  | MatMul
  | Convolution
  | Pooling
  | Channelwise
  | Fft
  | ButterflyLinear
  | Rowwise
  | Reduction
  | Movement
  | Embedding
  | CacheAccess
  | Collective;

/** `count` independent products: [rows x inner] x [inner x columns]. */
export interface MatMul {
  readonly kind: "matmul";
  readonly count: number;
  readonly rows: Extent;
  readonly inner: Extent;
  readonly columns: Extent;
  /** The right operand: trained parameters, or the result of the second input; without one, a cache that an earlier phase filled. */
  readonly right: "parameters" | "activations";
  /** A trained bias for each column. */
  readonly bias: boolean;
  /** How its parameters are stored; absent: dense, in the workload's precision. Only kept weights are useful MACs. */
  readonly encoding?: Encoding;
  /** Reads parameters that belong to another op (a head tied to the embedding): they are read, and not counted twice. */
  readonly tiedTo?: string;
  /**
   * Row r may use only the first (columns or inner) - rows + r + 1 positions, for scores (columns) and context (inner).
   * Useful MACs are counted; a machine may spend more.
   */
  readonly causal?: "columns" | "inner";
  /** A causal row may use only so many of the latest of its positions. Useful MACs are counted; a machine may spend more. */
  readonly window?: number;
  /** `count` of `of` trained matrices take part, and `routed` rows in all pass through them, at most `rows` through each. */
  readonly experts?: { readonly of: number; readonly routed: number };
}

/** A Fourier transform of each row, padded to the next power of two. */
export interface Fft {
  readonly kind: "fft";
  readonly rows: Extent;
  readonly length: number;
  readonly input: "real" | "complex";
  readonly output: "real" | "complex";
}

/** [rows x inner] by a matrix that is a product of log2 sparse factors; see butterfly.ts for its padded size. */
export interface ButterflyLinear {
  readonly kind: "butterflyLinear";
  readonly rows: Extent;
  readonly inner: number;
  readonly columns: number;
  /** A trained bias for each column. */
  readonly bias: boolean;
}

/** Works on each row by itself: [count * rows x width]. */
export interface Rowwise {
  readonly kind:
    | "softmax"
    | "layernorm"
    | "rmsnorm"
    | "rotary"
    | "gelu"
    | "relu"
    | "silu"
    | "residual"
    | "elementwise"
    | "argmax"
    | "concat"
    | "split";
  readonly count: number;
  readonly rows: Extent;
  readonly width: Extent;
  /** Trained parameters per element of the width: 2 for a layernorm, 1 for an rmsnorm. */
  readonly parametersPerElement: number;
  /** What an elementwise op computes, where its name does not tell: "tanh", "where". */
  readonly operation?: string;
}

/** One result for each row: [count * rows x width] to [count * rows]. */
export interface Reduction {
  readonly kind: "reduction";
  /** "mean", "sum", "max" .. */
  readonly operation: string;
  readonly count: number;
  readonly rows: Extent;
  readonly width: Extent;
}

/** Brings elements to other places (a transpose, a slice, padding, a gather) or repeats them; computes nothing. */
export interface Movement {
  readonly kind: "movement";
  /** "transpose", "slice", "pad", "gather" .. */
  readonly operation: string;
  /** Elements read; those of the result where a part is taken. */
  readonly inputElements: number;
  /** Elements written. */
  readonly elements: number;
}

/** Looks up one of `entries` vectors for each row, and adds those of `tables` tables (token and position). */
export interface Embedding {
  readonly kind: "embedding";
  readonly rows: Extent;
  readonly width: number;
  readonly entries: readonly number[];
  /** Reads a table that belongs to another op. */
  readonly tiedTo?: string;
}

/** Reads or appends rows of a key or value cache. */
export interface CacheAccess {
  readonly kind: "cacheRead" | "cacheWrite";
  readonly rows: Extent;
  readonly width: number;
  readonly cache: "key" | "value";
}

/** An exchange among the devices that a split network needs; absent from the network itself, added by a dataflow. */
export interface Collective {
  readonly kind: "allGather" | "allReduce" | "reduceScatter";
  readonly rows: Extent;
  readonly width: number;
}

export const at = (extent: Extent, step: number): number =>
  typeof extent === "number" ? extent : extent.base + step * extent.perStep;

/** Whether any of its sizes differs from step to step. */
export const isGrowing = (op: Op): boolean =>
  Object.values(op).some((value) => typeof value === "object" && "perStep" in value && value.perStep !== 0);
