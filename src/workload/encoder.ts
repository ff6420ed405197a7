/**
 * Encoder transformers: from a model's configuration to the op graph of one inference. Blocks mix tokens by attention
 * (BERT, the ABfly blocks of FABNet) or by a Fourier transform over hidden size and sequence (FNet, the FBfly blocks), with
 * dense or butterfly layers. Embedding and head stay with the host and are not part of the graph.
 */
import type { Block, Inference, Phase } from "./graph.ts";
import { norm, rowwise } from "./make-op.ts";
import type { EncoderBlock, EncoderModel } from "./model.ts";
import type { Op, OpShape } from "./op.ts";

/** @returns none for a graph, which brings its own */
export function encoderPhases({ model, batch, sequence }: Inference): readonly Phase[] {
  if (model.kind === "graph") return [];
  const blocks = model.blocks.map(
    (block): Block => ({
      name: block.mixing,
      times: block.layers,
      ops: [...mixing(model, block, batch, sequence), ...feedForward(model, block, batch * sequence)],
    }),
  );
  return [{ name: "inference", steps: 1, tokensPerStep: sequence, past: 0, blocks }];
}

function mixing(model: EncoderModel, block: EncoderBlock, batch: number, sequence: number): readonly Op[] {
  const tokens = batch * sequence;
  const ops = block.mixing === "fourier" ? fourier : attention;
  const last = block.mixing === "fourier" ? "fourierHidden" : "projection";
  return [
    ...ops(model, block, batch, sequence),
    rowwise("mixingResidual", "residual", ["input", last], 1, tokens, model.hidden),
    norm({ norm: "layernorm" }, "mixingNorm", "mixingResidual", tokens, model.hidden),
  ];
}

/** The real part of the transform over both dimensions; hidden size last, so that rows leave as the norm takes them. */
function fourier(model: EncoderModel, _: EncoderBlock, batch: number, sequence: number): readonly Op[] {
  const { hidden } = model;
  return [
    {
      name: "fourierSequence",
      inputs: ["input"],
      kind: "fft",
      rows: batch * hidden,
      length: sequence,
      input: "real",
      output: "complex",
    },
    {
      name: "fourierHidden",
      inputs: ["fourierSequence"],
      kind: "fft",
      rows: batch * sequence,
      length: hidden,
      input: "complex",
      output: "real",
    },
  ];
}

function attention(model: EncoderModel, block: EncoderBlock, batch: number, sequence: number): readonly Op[] {
  const { hidden, heads } = model;
  const headSize = hidden / heads;
  const project = (name: string, input: string): Op =>
    linear(model, block, name, input, batch * sequence, hidden, hidden);
  const products = {
    kind: "matmul",
    count: batch * heads,
    rows: sequence,
    right: "activations",
    bias: false,
  } as const;
  return [
    project("query", "input"),
    project("key", "input"),
    project("value", "input"),
    { name: "scores", inputs: ["query", "key"], ...products, inner: headSize, columns: sequence },
    rowwise("softmax", "softmax", ["scores"], batch * heads, sequence, sequence),
    { name: "context", inputs: ["softmax", "value"], ...products, inner: sequence, columns: headSize },
    project("projection", "context"),
  ];
}

function feedForward(model: EncoderModel, block: EncoderBlock, tokens: number): readonly Op[] {
  const { hidden, feedForward: wide } = model;
  return [
    linear(model, block, "expand", "mixingNorm", tokens, hidden, wide),
    rowwise("activation", model.activation, ["expand"], 1, tokens, wide),
    linear(model, block, "contract", "activation", tokens, wide, hidden),
    rowwise("feedForwardResidual", "residual", ["mixingNorm", "contract"], 1, tokens, hidden),
    norm({ norm: "layernorm" }, "feedForwardNorm", "feedForwardResidual", tokens, hidden),
  ];
}

function linear(
  { bias }: EncoderModel,
  { linear: kind }: EncoderBlock,
  name: string,
  input: string,
  rows: number,
  inner: number,
  columns: number,
): Op {
  const shape: OpShape =
    kind === "butterfly"
      ? { kind: "butterflyLinear", rows, inner, columns, bias }
      : { kind: "matmul", count: 1, rows, inner, columns, right: "parameters", bias };
  return { name, inputs: [input], ...shape };
}
