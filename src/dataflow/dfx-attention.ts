/**
 * Attention of one DFX head: scores, softmax and context over the keys and values of the cache.
 * Models: a fixed, masked window; keys and values streamed as weights are, in whole tiles; softmax on the vector unit.
 * Ignores: what the instructions themselves ignore.
 * Source: Hong et al., DFX, MICRO 2022.
 */
import { tilesOf } from "../arch/mac-tree.ts";
import type { Item } from "../program.ts";
import type { System } from "./dfx-fit.ts";
import { chain, product, softmax } from "./dfx-instruction.ts";
import { taskName } from "./pattern.ts";

/** Positions that attention sees: `first` at the first iteration of the loop, one more at each next. */
export interface Context {
  readonly loop: string;
  readonly first: number;
}

/**
 * Masked scores, softmax and context of one head. Keys and values stream from the cache as weights do, in whole tiles of as
 * many positions as a lane has inputs.
 */
export function head(
  { card, model, window }: System,
  device: number,
  { loop, first }: Context,
): readonly Item[] {
  const { headSize } = model;
  const row = headSize * card.bytesPerElement;
  const every = card.matrix.width;
  const tile = every * row;
  const rest = { loop, base: tile - row, step: tile, per: 1, every, offset: first - 1 };
  const onCache = (
    op: string,
    inner: number,
    columns: number,
    stored: string,
    after: string,
    passes: ("tree" | "scalar")[],
  ) =>
    product(card, device, {
      op,
      walk: "cache",
      bytes: { first: row, rest, useful: rest },
      tiles: tilesOf(card.matrix, inner, columns),
      columns,
      macs: { loop, base: first * headSize, step: headSize, per: 1 },
      biasBytes: 0,
      stored: [taskName(device, stored)],
      after: [taskName(device, after)],
      passes,
    });
  return [
    ...onCache("decoder.scores", headSize, window, "decoder.keyStore", "decoder.query", ["tree", "scalar"]),
    chain(card, device, "decoder.softmax", softmax(window), [taskName(device, "decoder.scores")]),
    ...onCache("decoder.context", window, headSize, "decoder.valueStore", "decoder.softmax", ["tree"]),
  ];
}
