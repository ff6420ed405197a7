/**
 * A product in tiles that fit operand and result buffers beside an array, and what is fetched again because the whole does not fit.
 * Models: tiles of `count` products at a time, [rows x inner] x [inner x columns]; sums stay in the result buffer until they are
 *   complete (inner tiles are the innermost loop); a tile that the next turn needs as well stays in its buffer.
 * Ignores: tiles that stay longer than to the next turn.
 * Source: loop blocking of a matrix product; proved against a walk through the loops that remembers what the buffers hold.
 */
import type { MatrixShape } from "./systolic-time.ts";

/** `count` products of one shape. */
export interface Products extends MatrixShape {
  readonly count: number;
}

export interface Tiling {
  /** The largest tile. */
  readonly tile: Products;
  /** The outer of the two loops over results: of their rows, or of their columns. */
  readonly outer: "rows" | "columns";
}

/** How many tiles there are along each size. */
export const tilesAlong = (whole: Products, { tile }: Tiling): Products => ({
  count: Math.ceil(whole.count / tile.count),
  rows: Math.ceil(whole.rows / tile.rows),
  inner: Math.ceil(whole.inner / tile.inner),
  columns: Math.ceil(whole.columns / tile.columns),
});

/** How often each element of an operand is fetched, where every tile of it is as large as its share. */
export interface Fetches {
  readonly inputs: number;
  readonly weights: number;
}

/**
 * The operand along the outer loop stays while the inner loop goes by, unless it comes in several inner tiles; the other is fetched
 * anew in each turn of the outer loop, unless it is a single tile.
 */
export function fetchesOf(whole: Products, tiling: Tiling): Fetches {
  const { rows, inner, columns } = tilesAlong(whole, tiling);
  const stays = inner === 1;
  return tiling.outer === "columns"
    ? { weights: stays ? 1 : rows, inputs: stays && rows === 1 ? 1 : columns }
    : { inputs: stays ? 1 : columns, weights: stays && columns === 1 ? 1 : rows };
}

/** Bytes of the buffers that hold a tile; those that do not limit it are infinite. */
export interface TileBuffers {
  readonly inputs: number;
  readonly weights: number;
  readonly results: number;
  /** Of one element of the left operand, of the storage of one of the right, and of one sum. */
  readonly elementBytes: number;
  readonly weightBytes: number;
  readonly sumBytes: number;
}

/** Tiles that a buffer must hold at a time: two where the next one is fetched while this one is worked on. */
export type Buffering = 1 | 2;

/** Why a tile does not fit; empty where it does. @param inputElements elements of the tile's input, where that is no plain matrix */
export function tileOverflows(
  { count, rows, inner, columns }: Products,
  buffers: TileBuffers,
  buffering: Buffering,
  inputElements = count * rows * inner,
): readonly { readonly buffer: "inputs" | "weights" | "results"; readonly bytes: number }[] {
  const needs = {
    inputs: buffering * inputElements * buffers.elementBytes,
    weights: buffering * count * inner * columns * buffers.weightBytes,
    results: buffering * count * rows * columns * buffers.sumBytes,
  };
  return (["inputs", "weights", "results"] as const).flatMap((buffer) =>
    needs[buffer] <= buffers[buffer] ? [] : [{ buffer, bytes: needs[buffer] }],
  );
}

/** One size cut into tiles: the whole ones, and the rest. */
export const cutInto = (
  size: number,
  tile: number,
): readonly { readonly size: number; readonly times: number }[] => {
  const [whole, rest] = [Math.floor(size / tile), size % tile];
  return [
    ...(whole > 0 ? [{ size: tile, times: whole }] : []),
    ...(rest > 0 ? [{ size: rest, times: 1 }] : []),
  ];
};
