/**
 * Cuts a weight matrix into tiles of columns that fit half of the weight buffer.
 * Models: whole strips of the engine's lanes; bytes and kept weights that add up to the matrix's.
 * Ignores: alignment in memory.
 * Source: the encodings of workload/encoding.ts.
 */

import type { NmPattern } from "../arch/nm-sparse.ts";
import { bitsOf, type Precision } from "../precision.ts";
import { type Encoding, encoded, type Matrix, partsOf, storageBits } from "../workload/encoding.ts";
import { at, type MatMul } from "../workload/op.ts";
import type { System } from "./sta-system.ts";

export interface Tile {
  readonly columns: number;
  readonly bytes: number;
  /** Weights that take part. */
  readonly kept: number;
  readonly pattern?: NmPattern;
}

/** Bytes and kept weights add up to those of the whole matrix. */
export function tilesOf(
  { weights, matrix, tileColumns }: System,
  op: MatMul,
  precision: Precision,
): readonly Tile[] {
  const whole = { inner: at(op.inner, 0), columns: at(op.columns, 0) };
  const encoding = op.encoding ?? { kind: "dense", bits: bitsOf(precision) };
  const biasBits = op.bias ? bitsOf(precision) : 0;
  const parts = encoding.kind === "mixed" ? partsOf(encoding, whole) : ([[encoding, whole]] as const);
  const once = parts.flatMap(([part, of]) => {
    const wide = widestStrip(part, of, matrix.lanes, biasBits);
    const fit = Math.min(Math.floor(weights.capacity / 2 / wide), Math.floor(tileColumns / matrix.lanes));
    return cut(part, of, Math.min(of.columns, Math.max(1, fit) * matrix.lanes), biasBits);
  });
  return Array.from({ length: op.count }, () => once).flat();
}

/** Bytes of the widest matrix strip that the engine takes at a time: what half of the buffer has to hold. */
export function stripBytes({ matrix }: System, op: MatMul, precision: Precision): number {
  const whole = { inner: at(op.inner, 0), columns: at(op.columns, 0) };
  const encoding = op.encoding ?? { kind: "dense", bits: bitsOf(precision) };
  const parts = encoding.kind === "mixed" ? partsOf(encoding, whole) : ([[encoding, whole]] as const);
  const biasBits = op.bias ? bitsOf(precision) : 0;
  return Math.max(...parts.map(([part, of]) => widestStrip(part, of, matrix.lanes, biasBits)));
}

/** Of an encoding with an N for each output, as if all kept the most. */
function widestStrip(encoding: Encoding, matrix: Matrix, lanes: number, biasBits: number): number {
  const fullest = encoding.kind === "nm" ? { ...encoding, n: Math.max(...[encoding.n].flat()) } : encoding;
  const bits = storageBits(encoded(fullest, matrix)) / matrix.columns + biasBits;
  return Math.ceil((Math.min(lanes, matrix.columns) * bits) / 8);
}

function cut(encoding: Encoding, matrix: Matrix, width: number, biasBits: number): readonly Tile[] {
  const stored = encoded(encoding, matrix);
  const bits = storageBits(stored) + matrix.columns * biasBits;
  const upTo = (column: number) => ({
    bytes: Math.ceil((bits * column) / matrix.columns / 8),
    kept: Math.round((stored.kept * column) / matrix.columns),
  });
  return Array.from({ length: Math.ceil(matrix.columns / width) }, (_, index): Tile => {
    const first = index * width;
    const columns = Math.min(width, matrix.columns - first);
    const [before, after] = [upTo(first), upTo(first + columns)];
    const pattern = patternOf(encoding, first);
    return {
      columns,
      bytes: after.bytes - before.bytes,
      kept: after.kept - before.kept,
      ...(pattern === undefined ? {} : { pattern }),
    };
  });
}

/** What the engine can skip: N:M. Other encodings are expanded and multiplied as dense weights. */
function patternOf(encoding: Encoding, first: number): NmPattern | undefined {
  if (encoding.kind !== "nm") return undefined;
  const { n, m } = encoding;
  if (typeof n === "number") return { n, m };
  const start = first % n.length;
  return { n: [...n.slice(start), ...n.slice(0, start)], m };
}
