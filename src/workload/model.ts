/** Transformers by the few numbers that decide their cost. */

/** What the families of decoders have in common; a reader of a configuration file fills it. */
export interface DecoderModel {
  readonly kind: "decoder";
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

export interface EncoderModel {
  readonly kind: "encoder";
  readonly family: string;
  readonly hidden: number;
  readonly feedForward: number;
  readonly heads: number;
  /** The longest sequence that the position table covers. */
  readonly positions: number;
  readonly vocabulary: number;
  readonly activation: "gelu" | "relu";
  /** Biases on the linear layers. */
  readonly bias: boolean;
  /** In data order. */
  readonly blocks: readonly EncoderBlock[];
}

/** Layers that mix tokens in one way and have one kind of linear layer. */
export interface EncoderBlock {
  readonly mixing: "attention" | "fourier";
  readonly linear: "dense" | "butterfly";
  readonly layers: number;
}

/** A network given op by op, as an exporter wrote it. */
export interface GraphModel {
  readonly kind: "graph";
  readonly family: string;
}
