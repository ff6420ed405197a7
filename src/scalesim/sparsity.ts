/** Layer-wise N:M weights as version 3 has them: the kept places take the place of the inner dimension. */
import type { SparsityConfig } from "./config.ts";
import type { Product, Sparsity } from "./layer.ts";

/** In words of 32 bits. */
export interface SparseStorage {
  readonly denseWords: number;
  /** Weights and metadata. */
  readonly storedWords: number;
  readonly metadataWords: number;
}

/** Inner positions that remain: N of every whole M, and what is left of the last block up to N. */
export const keptDepth = (depth: number, { n, m }: Sparsity): number =>
  Math.floor(depth / m) * n + Math.min(n, depth % m);

export function sparseStorage(
  { n: filters, k }: Product,
  sparsity: Sparsity,
  representation: SparsityConfig["representation"],
): SparseStorage {
  const kept = keptDepth(k, sparsity) * filters;
  const metadataWords =
    representation === "csr"
      ? kept + k + 1
      : representation === "csc"
        ? kept + filters + 1
        : (kept * Math.log2(sparsity.m)) / 32;
  return { denseWords: k * filters, storedWords: kept + metadataWords, metadataWords };
}
