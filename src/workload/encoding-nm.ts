/** N:M sparsity: of every M consecutive weights along the inner dimension, N are kept. */
import { bitsOfValues, type Encoded, indexBits, type Matrix, type Values } from "./stored.ts";

export interface Nm extends Values {
  readonly kind: "nm";
  /** Layer-wise: one N. Row-wise: one for each output, that is for each column; a shorter list starts over. */
  readonly n: number | readonly number[];
  readonly m: number;
  /** One bit for each position, or one index for each kept weight. None leaves it out of the count. */
  readonly metadata: "bitmap" | "index" | "none";
}

export function encodedNm(encoding: Nm, { inner, columns }: Matrix): Encoded {
  const kept = keptWeights(encoding, { inner, columns });
  const metadata = metadataOf(encoding, inner * columns, kept, columns);
  return {
    kept,
    valueBits: bitsOfValues(kept, encoding),
    metadataBits: metadata.bits,
    decodeSteps: metadata.steps,
  };
}

/** Kept weights of one column; the last, shorter group keeps at most what it has. */
export const keptInColumn = (inner: number, n: number, m: number): number =>
  Math.floor(inner / m) * n + Math.min(n, inner % m);

function keptWeights({ n, m }: Nm, { inner, columns }: Matrix): number {
  if (typeof n === "number") return columns * keptInColumn(inner, n, m);
  // Each entry of the list serves every n.length-th column.
  const times = (index: number): number => Math.ceil(Math.max(0, columns - index) / n.length);
  return n.reduce((sum, each, index) => sum + times(index) * keptInColumn(inner, each, m), 0);
}

function metadataOf({ n, m, metadata }: Nm, positions: number, kept: number, columns: number) {
  switch (metadata) {
    case "bitmap":
      return { bits: positions, steps: positions };
    case "index": {
      // A row-wise matrix also says how many each output keeps; a bitmap shows it.
      const lengths = typeof n === "number" ? 0 : columns * indexBits(m + 1);
      return { bits: kept * indexBits(m) + lengths, steps: kept };
    }
    case "none":
      return { bits: 0, steps: 0 };
  }
}
