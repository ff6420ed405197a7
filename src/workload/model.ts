/** A decoder-only transformer by the few numbers that decide its cost. */

/** What the families have in common; a reader of a configuration file fills it. */
export interface DecoderModel {
  readonly family: string;
  readonly layers: number;
  readonly embedding: number;
  readonly heads: number;
  /** Fewer than `heads` when several query heads share one key and value head. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  /** The longest sequence that the position table (or the training) covers. */
  readonly positions: number;
  readonly activation: "gelu" | "relu" | "silu";
  /** Biases on the projections and the feed-forward matrices. */
  readonly bias: boolean;
  /** The head reads the token embedding's table. */
  readonly tiedHead: boolean;
}
