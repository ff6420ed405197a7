/**
 * The turns of a product: one tile of every operand each, in the order of its loops, and which loads stand before which turn.
 * Models: double-buffered loads one turn ahead; the tile that stays for several turns is followed by the next one in equal parts
 *   beside those turns.
 * Ignores: loads farther ahead than the next tile of an operand.
 * Source: loop blocking with two buffers for each operand.
 */
import { type Buffering, cutInto, type Products, type Tiling, tilesAlong } from "../arch/systolic-tile.ts";

export interface Turn {
  readonly tile: Products;
  /** First and last inner tile of its results. */
  readonly first: boolean;
  readonly last: boolean;
  readonly weights: OperandTurn;
  readonly inputs: OperandTurn;
}

export interface OperandTurn {
  /** A tile that was not there at the turn before. */
  readonly fresh: boolean;
  /** Bytes of the next tile (of this turn's own, with single buffers) whose load is issued before this turn. */
  readonly load: number;
  /** They are the first of that tile. */
  readonly begins: boolean;
}

export interface Turns {
  readonly turns: readonly Turn[];
  /** Bytes that are loaded before the first turn. */
  readonly weights: number;
  readonly inputs: number;
  /** Turns of an innermost loop, inner loops in the one around it, and so on. */
  readonly lengths: readonly number[];
}

export interface TileBytes {
  /** Of the tile, and of what comes with its first inner tile: biases and the like. 0 for what lies on chip. */
  readonly weights: (tile: Products, first: boolean) => number;
  readonly inputs: (tile: Products) => number;
}

export function turnsOf(whole: Products, tiling: Tiling, bytes: TileBytes, buffering: Buffering): Turns {
  const { tile, outer } = tiling;
  const counts = tilesAlong(whole, tiling);
  const sizes = {
    count: along(whole.count, tile.count),
    rows: along(whole.rows, tile.rows),
    inner: along(whole.inner, tile.inner),
    columns: along(whole.columns, tile.columns),
  };
  const [outside, inside] =
    outer === "rows" ? (["rows", "columns"] as const) : (["columns", "rows"] as const);
  const places: Place[] = [];
  for (const [product, count] of sizes.count.entries())
    for (const [i, one] of sizes[outside].entries())
      for (const [j, other] of sizes[inside].entries())
        for (const [k, inner] of sizes.inner.entries()) {
          const [row, column] = outer === "rows" ? [i, j] : [j, i];
          const [rows, columns] = outer === "rows" ? [one, other] : [other, one];
          places.push({
            tile: { count, rows, inner, columns },
            first: k === 0,
            last: k === sizes.inner.length - 1,
            weights: (product * counts.columns + column) * counts.inner + k,
            inputs: (product * counts.rows + row) * counts.inner + k,
          });
        }
  const weights = loadsOf(places, "weights", ({ tile, first }) => bytes.weights(tile, first), buffering);
  const inputs = loadsOf(places, "inputs", ({ tile }) => bytes.inputs(tile), buffering);
  return {
    turns: places.map(({ tile, first, last }, turn) => ({
      tile,
      first,
      last,
      weights: weights.turns[turn] ?? none,
      inputs: inputs.turns[turn] ?? none,
    })),
    weights: weights.ahead,
    inputs: inputs.ahead,
    lengths: [counts.inner, counts[inside], counts[outside]],
  };
}

interface Place {
  readonly tile: Products;
  readonly first: boolean;
  readonly last: boolean;
  /** Which tile of each operand it needs. */
  readonly weights: number;
  readonly inputs: number;
}

const none: OperandTurn = { fresh: false, load: 0, begins: false };

const along = (size: number, tile: number): readonly number[] =>
  cutInto(size, tile).flatMap(({ size, times }) => Array.from({ length: times }, () => size));

function loadsOf(
  places: readonly Place[],
  operand: "weights" | "inputs",
  bytesOf: (place: Place) => number,
  buffering: Buffering,
): { readonly turns: readonly OperandTurn[]; readonly ahead: number } {
  const starts = places.flatMap((place, turn) =>
    turn === 0 || places[turn - 1]?.[operand] !== place[operand] ? [turn] : [],
  );
  const [head] = places;
  const turns: OperandTurn[] = [];
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? places.length;
    const [own, next] = [places[start], places[end]];
    const bytes = buffering === 2 ? (next === undefined ? 0 : bytesOf(next)) : 0;
    const part = Math.ceil(bytes / (end - start));
    for (let turn = start; turn < end; turn += 1) {
      const fresh = turn === start;
      // With single buffers a tile is loaded when the one before it has been used, just before its own turn.
      const load =
        buffering === 2
          ? Math.max(0, Math.min(part, bytes - (turn - start) * part))
          : fresh && turn > 0 && own !== undefined
            ? bytesOf(own)
            : 0;
      turns.push({ fresh, load, begins: fresh });
    }
  }
  return { turns, ahead: head === undefined ? 0 : bytesOf(head) };
}
