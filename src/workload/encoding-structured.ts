/** Weights kept in blocks, or in one of a few patterns. */
import { bitsOfValues, type Encoded, indexBits, type Matrix, type Values } from "./stored.ts";

/** Each run of `size` weights along the inner dimension keeps `kept` of them, by one of `patterns` masks in a table. */
export interface Pattern extends Values {
  readonly kind: "pattern";
  readonly size: number;
  readonly kept: number;
  readonly patterns: number;
}

/** Blocks of inner x columns weights are kept or dropped whole; those at the edges are stored in full. */
export interface Block extends Values {
  readonly kind: "block";
  readonly inner: number;
  readonly columns: number;
  /** Share of the blocks that are kept. */
  readonly density: number;
  /** One bit for each block, or block-compressed rows: an index for each kept block and a pointer for each row of blocks. */
  readonly metadata: "bitmap" | "index";
}

export function encodedPattern(encoding: Pattern, { inner, columns }: Matrix): Encoded {
  const { size, patterns } = encoding;
  const runs = columns * Math.ceil(inner / size);
  const kept = columns * (Math.floor(inner / size) * encoding.kept + Math.min(encoding.kept, inner % size));
  return {
    kept,
    valueBits: bitsOfValues(kept, encoding),
    metadataBits: runs * indexBits(patterns) + patterns * size,
    decodeSteps: runs,
  };
}

export function encodedBlock(encoding: Block, { inner, columns }: Matrix): Encoded {
  const rows = Math.ceil(inner / encoding.inner);
  const across = Math.ceil(columns / encoding.columns);
  const blocks = Math.round(encoding.density * rows * across);
  const stored = blocks * encoding.inner * encoding.columns;
  const bitmap = encoding.metadata === "bitmap";
  const compressed = blocks * indexBits(across) + (rows + 1) * indexBits(blocks + 1);
  return {
    kept: Math.min(stored, inner * columns),
    valueBits: bitsOfValues(stored, encoding),
    metadataBits: bitmap ? rows * across : compressed,
    decodeSteps: bitmap ? rows * across : blocks + rows + 1,
  };
}
