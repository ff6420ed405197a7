/**
 * Decoder-only transformers: from the few numbers of a model's configuration to the op graph of generating text.
 * Parameters are counted as the published checkpoints hold them.
 */
import type { Block, Generation, Phase } from "./graph.ts";
import type { DecoderModel } from "./model.ts";
import type { Extent, MatMul, Op, Rowwise } from "./op.ts";

/** The blocks of one pass over `rows` new tokens per sequence when `context` positions exist after it. */
export function decoderBlocks(
  model: DecoderModel,
  batch: number,
  rows: number,
  context: Extent,
): readonly Block[] {
  return [
    { name: "embedding", times: 1, ops: [embedding(model, batch * rows)] },
    { name: "decoder", times: model.layers, ops: decoderLayer(model, batch, rows, context) },
    { name: "head", times: 1, ops: head(model, batch * rows) },
  ];
}

/** Prefill reads all input tokens in one step; decode passes each output token through, one a step. */
export function decoderPhases({ model, batch, inputTokens, outputTokens }: Generation): readonly Phase[] {
  const prefill: Phase = {
    name: "prefill",
    steps: 1,
    tokensPerStep: inputTokens,
    past: 0,
    blocks: decoderBlocks(model, batch, inputTokens, inputTokens),
  };
  const decode: Phase = {
    name: "decode",
    steps: outputTokens,
    tokensPerStep: 1,
    past: inputTokens,
    blocks: decoderBlocks(model, batch, 1, { base: inputTokens + 1, perStep: 1 }),
  };
  return outputTokens > 0 ? [prefill, decode] : [prefill];
}

function embedding(model: DecoderModel, rows: number): Op {
  const entries = [model.vocabulary, model.positions];
  return { name: "lookup", inputs: ["input"], kind: "embedding", rows, width: model.embedding, entries };
}

function decoderLayer(model: DecoderModel, batch: number, rows: number, context: Extent): readonly Op[] {
  const { embedding: width, heads, headSize, keyValueHeads, feedForward } = model;
  const tokens = batch * rows;
  const cacheWidth = keyValueHeads * headSize;
  const attention = {
    kind: "matmul",
    count: batch * heads,
    rows,
    right: "activations",
    bias: false,
  } as const;
  return [
    norm("attentionNorm", "input", tokens, width),
    dense(model, "query", "attentionNorm", tokens, width, heads * headSize),
    dense(model, "key", "attentionNorm", tokens, width, cacheWidth),
    dense(model, "value", "attentionNorm", tokens, width, cacheWidth),
    { name: "keyStore", inputs: ["key"], kind: "cacheWrite", rows: tokens, width: cacheWidth, cache: "key" },
    {
      name: "valueStore",
      inputs: ["value"],
      kind: "cacheWrite",
      rows: tokens,
      width: cacheWidth,
      cache: "value",
    },
    {
      name: "scores",
      inputs: ["query", "keyStore"],
      ...attention,
      inner: headSize,
      columns: context,
      causal: "columns",
    },
    rowwise("softmax", "softmax", ["scores"], batch * heads, rows, context),
    {
      name: "context",
      inputs: ["softmax", "valueStore"],
      ...attention,
      inner: context,
      columns: headSize,
      causal: "inner",
    },
    dense(model, "projection", "context", tokens, heads * headSize, width),
    rowwise("attentionResidual", "residual", ["input", "projection"], 1, tokens, width),
    norm("feedForwardNorm", "attentionResidual", tokens, width),
    dense(model, "expand", "feedForwardNorm", tokens, width, feedForward),
    rowwise("activation", model.activation, ["expand"], 1, tokens, feedForward),
    dense(model, "contract", "activation", tokens, feedForward, width),
    rowwise("feedForwardResidual", "residual", ["attentionResidual", "contract"], 1, tokens, width),
  ];
}

function head(model: DecoderModel, rows: number): readonly Op[] {
  const logits: Op & MatMul = {
    ...dense(model, "logits", "norm", rows, model.embedding, model.vocabulary),
    bias: false,
    ...(model.tiedHead ? { tiedTo: "embedding.lookup" } : {}),
  };
  return [
    norm("norm", "input", rows, model.embedding),
    logits,
    rowwise("argmax", "argmax", ["logits"], 1, rows, model.vocabulary),
  ];
}

function dense(
  model: DecoderModel,
  name: string,
  input: string,
  rows: Extent,
  inner: number,
  columns: number,
): Op & MatMul {
  return {
    name,
    inputs: [input],
    kind: "matmul",
    count: 1,
    rows,
    inner,
    columns,
    right: "parameters",
    bias: model.bias,
  };
}

function norm(name: string, input: string, rows: Extent, width: number): Op & Rowwise {
  return { ...rowwise(name, "layernorm", [input], 1, rows, width), parametersPerElement: 2 };
}

function rowwise(
  name: string,
  kind: Rowwise["kind"],
  inputs: readonly string[],
  count: number,
  rows: Extent,
  width: Extent,
): Op & Rowwise {
  return { name, inputs, kind, count, rows, width, parametersPerElement: 0 };
}
