/**
 * Decoder-only transformers: from the few numbers of a model's configuration to the op graph of generating text.
 * Parameters are counted as the published checkpoints hold them.
 */
import type { Block, Generation, Phase } from "./graph.ts";
import { attentionOps, feedForwardOps } from "./layer.ts";
import { dense, norm, rowwise } from "./make-op.ts";
import type { DecoderModel } from "./model.ts";
import type { Extent, MatMul, Op } from "./op.ts";

/** The blocks of one pass over `rows` new tokens per sequence when `context` positions exist after it. */
export function decoderBlocks(
  model: DecoderModel,
  batch: number,
  rows: number,
  context: Extent,
): readonly Block[] {
  return [
    { name: "embedding", times: 1, ops: embedding(model, batch * rows) },
    ...layerRuns(model).map(
      ({ name, times, limited }): Block => ({
        name,
        times,
        ops: decoderLayer(model, batch, rows, context, limited ? model.window?.positions : undefined),
      }),
    ),
    { name: "head", times: 1, ops: head(model, batch * rows) },
  ];
}

/** Prefill reads all input tokens in one step; decode passes each output token through, one a step. */
export function decoderPhases({
  model,
  batch,
  inputTokens,
  outputTokens,
}: DecoderGeneration): readonly Phase[] {
  const prefill: Phase = {
    name: "prefill",
    steps: 1,
    tokensPerStep: inputTokens,
    past: 0,
    blocks: decoderBlocks(model, batch, inputTokens, inputTokens),
  };
  const decode = stretches(model, inputTokens, outputTokens).map(
    ({ past, steps }): Phase => ({
      name: "decode",
      steps,
      tokensPerStep: 1,
      past,
      blocks: decoderBlocks(model, batch, 1, { base: past + 1, perStep: 1 }),
    }),
  );
  return [prefill, ...decode];
}

interface DecoderGeneration extends Generation {
  readonly model: DecoderModel;
}

/** Steps of decode while the window of a layer still fills, and those after: the context of a layer grows or stays. */
function stretches(
  { window }: DecoderModel,
  inputTokens: number,
  outputTokens: number,
): readonly { readonly past: number; readonly steps: number }[] {
  const filling = Math.min(Math.max((window?.positions ?? Infinity) - inputTokens, 0), outputTokens);
  return [
    { past: inputTokens, steps: filling },
    { past: inputTokens + filling, steps: outputTokens - filling },
  ].filter(({ steps }) => steps > 0);
}

/** Layers in a row that are alike. */
function layerRuns({ layers, window }: DecoderModel) {
  const runs: { first: number; times: number; readonly limited: boolean }[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const limited = window !== undefined && !window.unlimited.includes(layer);
    const run = runs.at(-1);
    if (run?.limited === limited) run.times += 1;
    else runs.push({ first: layer, times: 1, limited });
  }
  return runs.map(({ first, times, limited }) => {
    const range = times === 1 ? `${first}` : `${first}-${first + times - 1}`;
    return { name: runs.length === 1 ? "decoder" : `decoder[${range}]`, times, limited };
  });
}

function embedding(model: DecoderModel, rows: number): readonly Op[] {
  const { tokenWidth, embedding: width, vocabulary, positionTable, embeddingNorm } = model;
  const narrow = tokenWidth !== width;
  const table = (name: string, size: number, entries: readonly number[]): Op => ({
    name,
    inputs: ["input"],
    kind: "embedding",
    rows,
    width: size,
    entries,
  });
  // Where the tables have different widths they are read apart, and the token's vector is widened before the sum.
  const tables =
    positionTable === 0
      ? [table("lookup", tokenWidth, [vocabulary])]
      : narrow
        ? [table("lookup", tokenWidth, [vocabulary]), table("position", width, [positionTable])]
        : [table("lookup", width, [vocabulary, positionTable])];
  return [
    ...tables,
    ...(narrow ? [dense("widen", "lookup", rows, tokenWidth, width, false)] : []),
    ...(narrow && positionTable > 0
      ? [rowwise("sum", "residual", ["widen", "position"], 1, rows, width)]
      : []),
    ...(embeddingNorm ? [norm(model, "embeddingNorm", "lookup", rows, width)] : []),
  ];
}

function decoderLayer(
  model: DecoderModel,
  batch: number,
  rows: number,
  context: Extent,
  window: number | undefined,
): readonly Op[] {
  const pass = { batch, rows, causal: true };
  const attention = attentionOps(model, { ...pass, ...seen(rows, context, window) }, "input");
  const attended = attention.at(-1)?.name ?? "input";
  return [...attention, ...feedForwardOps(model, batch * rows, attended)];
}

/** A layer with a window keeps the latest positions only. A phase either ends before the window is full or begins after. */
function seen(rows: number, context: Extent, window: number | undefined) {
  if (window === undefined) return { context };
  const first = typeof context === "number" ? context : context.base;
  if (first <= window) return { context };
  return rows === 1 ? { context: window } : { context, window };
}

function head(model: DecoderModel, rows: number): readonly Op[] {
  const { embedding: width, tokenWidth, vocabulary, finalNorm, tiedHead } = model;
  const narrow = tokenWidth !== width;
  const from = finalNorm ? "norm" : "input";
  const logits: Op & MatMul = {
    ...dense("logits", narrow ? "narrow" : from, rows, tokenWidth, vocabulary, false),
    ...(tiedHead ? { tiedTo: "embedding.lookup" } : {}),
  };
  return [
    ...(finalNorm ? [norm(model, "norm", "input", rows, width)] : []),
    ...(narrow ? [dense("narrow", from, rows, width, tokenWidth, false)] : []),
    logits,
    rowwise("argmax", "argmax", ["logits"], 1, rows, vocabulary),
  ];
}
