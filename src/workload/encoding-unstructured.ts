/** Weights kept anywhere: compressed rows or columns, and rows padded to one length. */
import { bitsOfValues, type Encoded, indexBits, type Matrix, type Values } from "./stored.ts";

/** csr: an index of the column for each weight and a pointer for each inner position; csc the other way round. */
export interface Compressed extends Values {
  readonly kind: "csr" | "csc";
  /** Share of the weights that are kept. */
  readonly density: number;
  /** Bits of an index and of a pointer, where they are not the fewest that do. */
  readonly indexBits?: number;
  readonly pointerBits?: number;
}

/** Each output (column) has room for `slots` weights, each with the index of its inner position. */
export interface Ellpack extends Values {
  readonly kind: "ellpack";
  readonly density: number;
  /** The most that any output keeps: shorter ones are padded. */
  readonly slots: number;
  readonly indexBits?: number;
}

export function encodedCompressed(encoding: Compressed, { inner, columns }: Matrix): Encoded {
  const kept = Math.round(encoding.density * inner * columns);
  const [lists, choices] = encoding.kind === "csr" ? [inner, columns] : [columns, inner];
  const index = encoding.indexBits ?? indexBits(choices);
  const pointer = encoding.pointerBits ?? indexBits(kept + 1);
  return {
    kept,
    valueBits: bitsOfValues(kept, encoding),
    metadataBits: kept * index + (lists + 1) * pointer,
    decodeSteps: kept + lists + 1,
  };
}

/** @throws RangeError when the slots cannot hold the kept weights */
export function encodedEllpack(encoding: Ellpack, { inner, columns }: Matrix): Encoded {
  const kept = Math.round(encoding.density * inner * columns);
  const stored = encoding.slots * columns;
  if (kept > stored)
    throw new RangeError(`${kept} kept weights do not fit ${columns} x ${encoding.slots} slots`);
  return {
    kept,
    valueBits: bitsOfValues(stored, encoding),
    metadataBits: stored * (encoding.indexBits ?? indexBits(inner)),
    decodeSteps: stored,
  };
}
