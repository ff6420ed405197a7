/** Transformers by the few numbers that decide their cost; the readers of configuration files fill these. */

/** What decides the cost of one layer, whichever family it belongs to. */
export interface LayerModel {
  readonly embedding: number;
  readonly heads: number;
  /** Fewer than `heads` when several query heads share one key and value head. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  readonly activation: Activation;
  /** A third matrix whose product multiplies the activation's result (SwiGLU, GeGLU). */
  readonly gated: boolean;
  readonly norm: "layernorm" | "rmsnorm";
  /** Where attention and feed-forward have their norm: before, behind the residual, or before and behind without the residual. */
  readonly normPlacement: "before" | "after" | "both";
  /** A norm of each head's queries and keys. */
  readonly queryKeyNorm: boolean;
  readonly bias: Biases;
  /** What tells positions apart inside attention: nothing, a turn of queries and keys, or numbers added to the scores. */
  readonly attentionPosition: "none" | "rotary" | "added";
  /** Feed-forward matrices of which each token uses some. */
  readonly experts?: { readonly count: number; readonly active: number };
}

export type Activation = "gelu" | "relu" | "silu";

/** Which matrices have a trained bias. */
export interface Biases {
  readonly query: boolean;
  readonly key: boolean;
  readonly value: boolean;
  readonly projection: boolean;
  readonly feedForward: boolean;
}

/** What the families of decoders have in common. */
export interface DecoderModel extends LayerModel {
  readonly kind: "decoder";
  readonly family: string;
  readonly layers: number;
  readonly vocabulary: number;
  /** The longest sequence that the position table (or the training) covers. */
  readonly positions: number;
  /** Rows of a trained position table; 0: it has none. */
  readonly positionTable: number;
  /** Width of the token table; a matrix widens its vectors to `embedding` where that differs, and another narrows them back. */
  readonly tokenWidth: number;
  /** A norm behind the token table. */
  readonly embeddingNorm: boolean;
  /** A norm before the head. */
  readonly finalNorm: boolean;
  /** Layers attend to the latest `positions` only, but for those listed, counted from 0. */
  readonly window?: { readonly positions: number; readonly unlimited: readonly number[] };
  /** The head reads the token embedding's table. */
  readonly tiedHead: boolean;
}

/** An encoder whose result each decoder layer attends to. */
export interface EncoderDecoderModel {
  readonly kind: "encoder-decoder";
  readonly family: string;
  readonly layer: LayerModel;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly encoderFeedForward: number;
  readonly vocabulary: number;
  /** The longest sequences of the encoder and of the decoder. */
  readonly encoderPositions: number;
  readonly positions: number;
  /** How the encoder's input becomes vectors: a token table shared with the decoder, or two convolutions over a spectrum. */
  readonly input:
    | { readonly kind: "tokens" }
    | { readonly kind: "spectrum"; readonly bins: number; readonly kernel: number; readonly stride: number };
  /** Trained position tables added to the embeddings; else `relativeBuckets` numbers for each head, added to the scores. */
  readonly positionTables: boolean;
  readonly relativeBuckets: number;
  readonly tiedHead: boolean;
}

/** An encoder over the patches of one image, with a class's word before them. */
export interface PatchModel {
  readonly kind: "patches";
  readonly family: string;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly activation: Activation;
  /** Rows and columns of the image and of a patch. */
  readonly image: number;
  readonly patch: number;
  readonly channels: number;
  readonly classes: number;
  /** Biases on query, key and value; the other matrices have theirs. */
  readonly queryKeyValueBias: boolean;
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
