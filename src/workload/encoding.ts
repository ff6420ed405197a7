/**
 * How trained weights lie in memory, and what that costs: bits, the weights that are kept, and the work to place them again.
 * A matrix is inner x columns; a product runs along the inner dimension. Counts are exact.
 */
import { encodedNm, type Nm } from "./encoding-nm.ts";
import { type Block, encodedBlock, encodedPattern, type Pattern } from "./encoding-structured.ts";
import { type Compressed, type Ellpack, encodedCompressed, encodedEllpack } from "./encoding-unstructured.ts";
import { bitsOfValues, type Encoded, type Matrix, type Values } from "./stored.ts";

export type { Encoded, Matrix, Values } from "./stored.ts";

export type Encoding = Dense | Nm | Compressed | Ellpack | Pattern | Block | Mixed;

export interface Dense extends Values {
  readonly kind: "dense";
}

/** Parts of the columns in encodings of their own: mixed precision, or outliers kept dense. The last part takes what is left. */
export interface Mixed {
  readonly kind: "mixed";
  readonly parts: readonly { readonly share: number; readonly encoding: Exclude<Encoding, Mixed> }[];
}

export function encoded(encoding: Encoding, matrix: Matrix): Encoded {
  switch (encoding.kind) {
    case "dense": {
      const kept = matrix.inner * matrix.columns;
      return { kept, valueBits: bitsOfValues(kept, encoding), metadataBits: 0, decodeSteps: 0 };
    }
    case "nm":
      return encodedNm(encoding, matrix);
    case "csr":
    case "csc":
      return encodedCompressed(encoding, matrix);
    case "ellpack":
      return encodedEllpack(encoding, matrix);
    case "pattern":
      return encodedPattern(encoding, matrix);
    case "block":
      return encodedBlock(encoding, matrix);
    case "mixed":
      return partsOf(encoding, matrix)
        .map((part) => encoded(...part))
        .reduce(sum, nothing);
  }
}

export const storageBits = ({ valueBits, metadataBits }: Encoded): number => valueBits + metadataBits;

/** Whole bytes that reading the matrix once moves. */
export const storageBytes = (stored: Encoded): number => Math.ceil(storageBits(stored) / 8);

/** Multiply-accumulates of `rows` activation rows with the kept weights. */
export const keptMacs = ({ kept }: Encoded, rows: number): number => rows * kept;

/** Share of the dense matrix's storage that is saved; `reference` is the bits of a dense weight. */
export const compression = (stored: Encoded, { inner, columns }: Matrix, reference: number): number =>
  1 - storageBits(stored) / (inner * columns * reference);

/** The parts of a mixed encoding with the columns that each covers. */
export function partsOf(
  { parts }: Mixed,
  { inner, columns }: Matrix,
): readonly (readonly [Exclude<Encoding, Mixed>, Matrix])[] {
  let left = columns;
  return parts.map(({ share, encoding }, index) => {
    const taken = index === parts.length - 1 ? left : Math.min(left, Math.round(share * columns));
    left -= taken;
    return [encoding, { inner, columns: taken }];
  });
}

const nothing: Encoded = { kept: 0, valueBits: 0, metadataBits: 0, decodeSteps: 0 };

const sum = (a: Encoded, b: Encoded): Encoded => ({
  kept: a.kept + b.kept,
  valueBits: a.valueBits + b.valueBits,
  metadataBits: a.metadataBits + b.metadataBits,
  decodeSteps: a.decodeSteps + b.decodeSteps,
});
