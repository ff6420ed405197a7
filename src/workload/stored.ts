/** What encodings of weights have in common: how a value is written, and what a matrix takes. */

/** How one stored value is written: a number of `bits`, and for quantised ones a scale shared by `group` values. */
export interface Values {
  readonly bits: number;
  readonly scale?: { readonly bits: number; readonly group: number };
}

export interface Matrix {
  readonly inner: number;
  readonly columns: number;
}

export interface Encoded {
  /** Weights that take part in a product. */
  readonly kept: number;
  /** Values with their padding and their scales. */
  readonly valueBits: number;
  /** Bitmaps, indices, pointers, tables. */
  readonly metadataBits: number;
  /** Bits of a bitmap, indices or pointers that are looked at to place every kept weight once. */
  readonly decodeSteps: number;
}

/** Stored values with one scale for each group of them. */
export const bitsOfValues = (values: number, { bits, scale }: Values): number =>
  values * bits + (scale === undefined ? 0 : Math.ceil(values / scale.group) * scale.bits);

/** Bits of a number from 0 to `choices` - 1. */
export const indexBits = (choices: number): number => Math.ceil(Math.log2(choices));
