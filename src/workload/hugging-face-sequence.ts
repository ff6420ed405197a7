/** Readers of encoder-decoder families. */
import { z } from "zod";
import { activation, biases, count } from "./hugging-face-field.ts";
import type { EncoderDecoderModel } from "./model.ts";

/**
 * T5 and its versions 1.1 and Flan: https://huggingface.co/google-t5/t5-small/blob/main/config.json. Any length is allowed, since
 * positions are distances in buckets; `n_positions` says what it was trained for.
 */
export const t5 = z
  .looseObject({
    model_type: z.literal("t5"),
    d_model: count,
    d_kv: count,
    d_ff: count,
    num_heads: count,
    num_layers: count,
    num_decoder_layers: count.nullish(),
    vocab_size: count,
    n_positions: count.default(512),
    relative_attention_num_buckets: count.default(32),
    feed_forward_proj: z.enum(["relu", "gated-gelu", "gated-silu"]).default("relu"),
    tie_word_embeddings: z.boolean().default(true),
  })
  .transform(
    (config): EncoderDecoderModel => ({
      kind: "encoder-decoder",
      family: config.model_type,
      layer: {
        embedding: config.d_model,
        heads: config.num_heads,
        keyValueHeads: config.num_heads,
        headSize: config.d_kv,
        feedForward: config.d_ff,
        activation: feedForward[config.feed_forward_proj].activation,
        gated: feedForward[config.feed_forward_proj].gated,
        norm: "rmsnorm",
        normPlacement: "before",
        queryKeyNorm: false,
        bias: biases(false),
        attentionPosition: "added",
      },
      encoderLayers: config.num_layers,
      decoderLayers: config.num_decoder_layers ?? config.num_layers,
      encoderFeedForward: config.d_ff,
      vocabulary: config.vocab_size,
      encoderPositions: config.n_positions,
      positions: config.n_positions,
      input: { kind: "tokens" },
      positionTables: false,
      relativeBuckets: config.relative_attention_num_buckets,
      tiedHead: config.tie_word_embeddings,
    }),
  );

const feedForward = {
  relu: { activation: "relu", gated: false },
  "gated-gelu": { activation: "gelu", gated: true },
  "gated-silu": { activation: "silu", gated: true },
} as const;

/** Whisper: https://huggingface.co/openai/whisper-tiny/blob/main/config.json; two convolutions of 3, the second with a stride of 2, make vectors of a spectrum. */
export const whisper = z
  .looseObject({
    model_type: z.literal("whisper"),
    d_model: count,
    encoder_layers: count,
    decoder_layers: count,
    encoder_attention_heads: count,
    decoder_attention_heads: count,
    encoder_ffn_dim: count,
    decoder_ffn_dim: count,
    num_mel_bins: count,
    vocab_size: count,
    max_source_positions: count,
    max_target_positions: count,
    activation_function: activation.default("gelu"),
  })
  .refine((config) => config.encoder_attention_heads === config.decoder_attention_heads, {
    path: ["decoder_attention_heads"],
    error: "as many as encoder_attention_heads",
  })
  .refine((config) => config.d_model % config.decoder_attention_heads === 0, {
    path: ["decoder_attention_heads"],
    error: "a divisor of d_model",
  })
  .transform(
    (config): EncoderDecoderModel => ({
      kind: "encoder-decoder",
      family: config.model_type,
      layer: {
        embedding: config.d_model,
        heads: config.decoder_attention_heads,
        keyValueHeads: config.decoder_attention_heads,
        headSize: config.d_model / config.decoder_attention_heads,
        feedForward: config.decoder_ffn_dim,
        activation: config.activation_function,
        gated: false,
        norm: "layernorm",
        normPlacement: "before",
        queryKeyNorm: false,
        bias: { ...biases(true), key: false },
        attentionPosition: "none",
      },
      encoderLayers: config.encoder_layers,
      decoderLayers: config.decoder_layers,
      encoderFeedForward: config.encoder_ffn_dim,
      vocabulary: config.vocab_size,
      encoderPositions: config.max_source_positions,
      positions: config.max_target_positions,
      input: { kind: "spectrum", bins: config.num_mel_bins, kernel: 3, stride: 2 },
      positionTables: true,
      relativeBuckets: 0,
      tiedHead: true,
    }),
  );
