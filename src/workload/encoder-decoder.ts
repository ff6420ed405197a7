/**
 * Encoder-decoder transformers (T5, Whisper): prefill runs the encoder once and keeps the keys and values that each decoder layer
 * takes from its result; decode writes one token a step, from one start token. A prompt for the decoder is not modelled.
 */
import { type Convolution, outputSize } from "./convolution.ts";
import type { Block, Generation, Phase } from "./graph.ts";
import { attentionOps, feedForwardOps, joined, mixingOps } from "./layer.ts";
import { dense, norm, rowwise } from "./make-op.ts";
import type { EncoderDecoderModel } from "./model.ts";
import type { Extent, MatMul, Op } from "./op.ts";

export function encoderDecoderPhases(task: EncoderDecoderGeneration): readonly Phase[] {
  const { inputTokens, outputTokens } = task;
  const prefill: Phase = {
    name: "prefill",
    steps: 1,
    tokensPerStep: inputTokens,
    past: 0,
    blocks: encoderBlocks(task),
  };
  const decode: Phase = {
    name: "decode",
    steps: outputTokens,
    tokensPerStep: 1,
    past: 0,
    blocks: decoderBlocks(task),
  };
  return outputTokens > 0 ? [prefill, decode] : [prefill];
}

interface EncoderDecoderGeneration extends Generation {
  readonly model: EncoderDecoderModel;
}

function encoderBlocks({ model, batch, inputTokens }: EncoderDecoderGeneration): readonly Block[] {
  const layer = { ...model.layer, feedForward: model.encoderFeedForward };
  const tokens = batch * inputTokens;
  const pass = { batch, rows: inputTokens, context: inputTokens, causal: false };
  const attention = attentionOps(layer, pass, "input");
  const { embedding: width, keyValueHeads, headSize, bias } = layer;
  const cached = (of: "key" | "value"): readonly Op[] => [
    // Each layer of the decoder takes the encoder's result, not what the layer before took.
    dense(of, "encoderEnd.norm", tokens, width, keyValueHeads * headSize, bias[of]),
    {
      name: `${of}Store`,
      inputs: [of],
      kind: "cacheWrite",
      rows: tokens,
      width: keyValueHeads * headSize,
      cache: of,
    },
  ];
  const spectrum = model.input.kind === "spectrum";
  return [
    {
      name: spectrum ? "spectrum" : "embedding",
      times: 1,
      ops: [
        ...relativeOps(model, "encoder", inputTokens, inputTokens),
        ...inputOps(model, batch, inputTokens),
      ],
    },
    {
      name: "encoder",
      times: model.encoderLayers,
      ops: [...attention, ...feedForwardOps(layer, tokens, attention.at(-1)?.name ?? "input")],
    },
    { name: "encoderEnd", times: 1, ops: [norm(layer, "norm", "input", tokens, width)] },
    { name: "cross", times: model.decoderLayers, ops: [...cached("key"), ...cached("value")] },
  ];
}

function decoderBlocks({ model, batch, inputTokens }: EncoderDecoderGeneration): readonly Block[] {
  const { layer, vocabulary, positions, positionTables, tiedHead } = model;
  const { embedding: width } = layer;
  const context: Extent = { base: 1, perStep: 1 };
  const attention = attentionOps(layer, { batch, rows: 1, context, causal: true }, "input");
  const cross = crossOps(model, batch, inputTokens, attention.at(-1)?.name ?? "input");
  const logits: Op & MatMul = {
    ...dense("logits", "norm", batch, width, vocabulary, false),
    ...(tiedHead ? { tiedTo: "embedding.lookup" } : {}),
  };
  return [
    {
      name: "embedding",
      times: 1,
      ops: [
        ...relativeOps(model, "decoder", 1, context),
        lookup(batch, width, positionTables ? [vocabulary, positions] : [vocabulary]),
      ],
    },
    {
      name: "decoder",
      times: model.decoderLayers,
      ops: [...attention, ...cross, ...feedForwardOps(layer, batch, cross.at(-1)?.name ?? "input")],
    },
    {
      name: "head",
      times: 1,
      ops: [
        norm(layer, "norm", "input", batch, width),
        logits,
        rowwise("argmax", "argmax", ["logits"], 1, batch, vocabulary),
      ],
    },
  ];
}

/** Attention of one new token to the encoder's result, whose keys and values lie in the cache. */
function crossOps(
  { layer }: EncoderDecoderModel,
  batch: number,
  inputTokens: number,
  input: string,
): readonly Op[] {
  const { embedding: width, heads, headSize, bias, normPlacement } = layer;
  const before = normPlacement !== "after";
  const pass = { batch, rows: 1, context: inputTokens, causal: false };
  return [
    ...(before ? [norm(layer, "crossNorm", input, batch, width)] : []),
    dense("crossQuery", before ? "crossNorm" : input, batch, width, heads * headSize, bias.query),
    ...mixingOps(layer, pass, { query: "crossQuery", prefix: "cross" }),
    dense("crossProjection", "crossContext", batch, heads * headSize, width, bias.projection),
    ...joined(layer, "cross", input, "crossProjection", batch),
  ];
}

/** What turns the encoder's input into vectors. */
function inputOps(model: EncoderDecoderModel, batch: number, inputTokens: number): readonly Op[] {
  const { input, vocabulary, positionTables, encoderPositions } = model;
  const { embedding: width, activation } = model.layer;
  const tokens = batch * inputTokens;
  if (input.kind === "tokens")
    return [lookup(tokens, width, positionTables ? [vocabulary, encoderPositions] : [vocabulary])];
  const windowed = (channels: number, frames: number, stride: number): Convolution => ({
    kind: "convolution",
    batch,
    height: 1,
    width: frames,
    channels,
    filters: width,
    kernel: [1, input.kernel],
    stride: [1, stride],
    padding: [0, (input.kernel - 1) / 2],
    dilation: [1, 1],
    groups: 1,
    bias: true,
  });
  const first = windowed(input.bins, inputTokens * input.stride, 1);
  const second = windowed(width, outputSize(first).width, input.stride);
  return [
    { name: "convolution1", inputs: ["input"], ...first },
    rowwise("activation1", activation, ["convolution1"], 1, batch * outputSize(first).width, width),
    { name: "convolution2", inputs: ["activation1"], ...second },
    rowwise("activation2", activation, ["convolution2"], 1, tokens, width),
    { ...lookup(tokens, width, [encoderPositions]), name: "position" },
    rowwise("sum", "residual", ["activation2", "position"], 1, tokens, width),
  ];
}

const lookup = (rows: Extent, width: number, entries: readonly number[]): Op => ({
  name: "lookup",
  inputs: ["input"],
  kind: "embedding",
  rows,
  width,
  entries,
});

/** A number for each pair of positions and each head, by their distance; all layers of a side share it. */
function relativeOps(
  { relativeBuckets, layer }: EncoderDecoderModel,
  side: "encoder" | "decoder",
  rows: number,
  context: Extent,
): readonly Op[] {
  if (relativeBuckets === 0) return [];
  const pairs: Extent =
    typeof context === "number"
      ? rows * context
      : { base: rows * context.base, perStep: rows * context.perStep };
  return [{ ...lookup(pairs, layer.heads, [relativeBuckets]), name: `${side}Positions` }];
}
