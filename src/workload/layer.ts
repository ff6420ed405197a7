/**
 * The two halves of a transformer layer as ops: attention on a key and value cache, and feed-forward. Decoders, and the two sides
 * of an encoder-decoder, are made of them.
 */
import { expertOps } from "./experts.ts";
import { dense, norm, rowwise } from "./make-op.ts";
import type { LayerModel } from "./model.ts";
import type { Extent, Op } from "./op.ts";

/** What one pass over a layer handles. */
export interface Pass {
  readonly batch: number;
  /** New tokens of each sequence. */
  readonly rows: number;
  /** Positions that exist after them. */
  readonly context: Extent;
  /** Rows see only what came before them, and keys and values are kept for later steps. */
  readonly causal: boolean;
  /** Rows see no more than so many of the latest positions. */
  readonly window?: number;
}

/** Attention of the new tokens to all positions, with its norm and residual; `attended` names its result. */
export function attentionOps(model: LayerModel, pass: Pass, input: string): readonly Op[] {
  const { embedding: width, heads, headSize, keyValueHeads, bias } = model;
  const { batch, rows, causal } = pass;
  const tokens = batch * rows;
  const cacheWidth = keyValueHeads * headSize;
  const before = model.normPlacement !== "after";
  const from = before ? "attentionNorm" : input;
  const query = turned(model, "query", tokens, heads);
  const key = turned(model, "key", tokens, keyValueHeads);
  const store = (name: string, of: string, cache: "key" | "value"): readonly Op[] =>
    causal ? [{ name, inputs: [of], kind: "cacheWrite", rows: tokens, width: cacheWidth, cache }] : [];
  return [
    ...(before ? [norm(model, "attentionNorm", input, tokens, width)] : []),
    dense("query", from, tokens, width, heads * headSize, bias.query),
    dense("key", from, tokens, width, cacheWidth, bias.key),
    dense("value", from, tokens, width, cacheWidth, bias.value),
    ...query.ops,
    ...key.ops,
    ...store("keyStore", key.last, "key"),
    ...store("valueStore", "value", "value"),
    ...mixingOps(model, pass, {
      query: query.last,
      keys: causal ? "keyStore" : key.last,
      values: causal ? "valueStore" : "value",
    }),
    dense("projection", "context", tokens, heads * headSize, width, bias.projection),
    ...joined(model, "attention", input, "projection", tokens),
  ];
}

/** Scores, softmax and the weighted sum of values, of each head. Without names of keys and values they lie in a cache. */
export function mixingOps(
  { heads, headSize, attentionPosition }: LayerModel,
  { batch, rows, context, causal, window }: Pass,
  { query, keys, values, prefix = "" }: MixingInputs,
): readonly Op[] {
  const product = { kind: "matmul", count: batch * heads, rows, right: "activations", bias: false } as const;
  const limit = window === undefined ? {} : { window };
  const name = (part: string): string =>
    prefix === "" ? part : prefix + part[0]?.toUpperCase() + part.slice(1);
  const added = attentionPosition === "added" && prefix === "";
  return [
    {
      name: name("scores"),
      inputs: keys === undefined ? [query] : [query, keys],
      ...product,
      inner: headSize,
      columns: context,
      ...(causal ? { causal: "columns", ...limit } : {}),
    },
    ...(added ? [rowwise("positionScores", "residual", ["scores"], batch * heads, rows, context)] : []),
    rowwise(
      name("softmax"),
      "softmax",
      [added ? "positionScores" : name("scores")],
      batch * heads,
      rows,
      context,
    ),
    {
      name: name("context"),
      inputs: values === undefined ? [name("softmax")] : [name("softmax"), values],
      ...product,
      inner: context,
      columns: headSize,
      ...(causal ? { causal: "inner", ...limit } : {}),
    },
  ];
}

interface MixingInputs {
  readonly query: string;
  readonly keys?: string;
  readonly values?: string;
  /** Begins the names of the ops, "cross" for "crossScores". */
  readonly prefix?: string;
}

/** Feed-forward matrices, or experts, with norm and residual. */
export function feedForwardOps(model: LayerModel, tokens: number, input: string): readonly Op[] {
  const { embedding: width, feedForward: wide, gated, bias } = model;
  const before = model.normPlacement !== "after";
  const from = before ? "feedForwardNorm" : input;
  const matrix = (name: string, of: string, inner: number, columns: number): Op =>
    dense(name, of, tokens, inner, columns, bias.feedForward);
  const network: readonly Op[] =
    model.experts === undefined
      ? [
          ...(gated ? [matrix("gate", from, width, wide)] : []),
          matrix("expand", from, width, wide),
          rowwise("activation", model.activation, [gated ? "gate" : "expand"], 1, tokens, wide),
          ...(gated ? [rowwise("gated", "elementwise", ["activation", "expand"], 1, tokens, wide)] : []),
          matrix("contract", gated ? "gated" : "activation", wide, width),
        ]
      : expertOps(model, model.experts, tokens, from);
  return [
    ...(before ? [norm(model, "feedForwardNorm", input, tokens, width)] : []),
    ...network,
    ...joined(model, "feedForward", input, network.at(-1)?.name ?? from, tokens),
  ];
}

/** The residual, and the norms that stand behind a half. */
export function joined(
  model: LayerModel,
  half: string,
  input: string,
  result: string,
  tokens: number,
): readonly Op[] {
  const { embedding: width, normPlacement } = model;
  const residual = (of: string): Op => rowwise(`${half}Residual`, "residual", [input, of], 1, tokens, width);
  switch (normPlacement) {
    case "before":
      return [residual(result)];
    case "after":
      return [residual(result), norm(model, `${half}Norm`, `${half}Residual`, tokens, width)];
    case "both":
      return [norm(model, `${half}EndNorm`, result, tokens, width), residual(`${half}EndNorm`)];
  }
}

/** What queries or keys go through on their way to the scores. */
function turned(
  { queryKeyNorm, attentionPosition, headSize, norm: kind }: LayerModel,
  of: string,
  tokens: number,
  heads: number,
): { readonly ops: readonly Op[]; readonly last: string } {
  const normed = queryKeyNorm ? `${of}Norm` : of;
  const rotary = attentionPosition === "rotary";
  const ops = [
    ...(queryKeyNorm
      ? [{ ...rowwise(normed, kind, [of], heads, tokens, headSize), parametersPerElement: 1 }]
      : []),
    ...(rotary ? [rowwise(`${of}Rotary`, "rotary", [normed], 1, tokens, heads * headSize)] : []),
  ];
  return { ops, last: rotary ? `${of}Rotary` : normed };
}
