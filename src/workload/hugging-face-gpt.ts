/** Readers of decoders in GPT's line: layer norms, biases, one activation. */
import { z } from "zod";
import { activation, biases, count } from "./hugging-face-field.ts";
import type { DecoderModel } from "./model.ts";

/** What these families have in common; each says the rest. */
const plain = {
  kind: "decoder",
  gated: false,
  norm: "layernorm",
  normPlacement: "before",
  queryKeyNorm: false,
  bias: biases(true),
  attentionPosition: "none",
  embeddingNorm: false,
  finalNorm: true,
} as const satisfies Partial<DecoderModel>;

/** GPT-2: https://huggingface.co/openai-community/gpt2/blob/main/config.json; n_inner is absent or null for 4 * n_embd. */
export const gpt2 = z
  .looseObject({
    model_type: z.literal("gpt2"),
    n_embd: count,
    n_head: count,
    n_layer: count,
    vocab_size: count,
    n_positions: count,
    n_inner: count.nullish(),
    activation_function: activation,
    tie_word_embeddings: z.boolean().optional(),
  })
  .refine(({ n_embd, n_head }) => n_embd % n_head === 0, { path: ["n_head"], error: "a divisor of n_embd" })
  .transform(
    (config): DecoderModel => ({
      ...plain,
      family: config.model_type,
      layers: config.n_layer,
      embedding: config.n_embd,
      heads: config.n_head,
      keyValueHeads: config.n_head,
      headSize: config.n_embd / config.n_head,
      feedForward: config.n_inner ?? 4 * config.n_embd,
      vocabulary: config.vocab_size,
      positions: config.n_positions,
      positionTable: config.n_positions,
      tokenWidth: config.n_embd,
      activation: config.activation_function,
      tiedHead: config.tie_word_embeddings ?? true,
    }),
  );

/**
 * OPT: https://huggingface.co/facebook/opt-125m/blob/main/config.json; its position table has two more rows than positions. Of the
 * sizes one, 350m, has its norms behind and a token table of its own width.
 */
export const opt = z
  .looseObject({
    model_type: z.literal("opt"),
    hidden_size: count,
    ffn_dim: count,
    num_attention_heads: count,
    num_hidden_layers: count,
    vocab_size: count,
    max_position_embeddings: count,
    word_embed_proj_dim: count.optional(),
    do_layer_norm_before: z.boolean().default(true),
    _remove_final_layer_norm: z.boolean().default(false),
    enable_bias: z.boolean().default(true),
    activation_function: activation.default("relu"),
    tie_word_embeddings: z.boolean().default(true),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ["num_attention_heads"],
    error: "a divisor of hidden_size",
  })
  .transform(
    (config): DecoderModel => ({
      ...plain,
      family: config.model_type,
      layers: config.num_hidden_layers,
      embedding: config.hidden_size,
      heads: config.num_attention_heads,
      keyValueHeads: config.num_attention_heads,
      headSize: config.hidden_size / config.num_attention_heads,
      feedForward: config.ffn_dim,
      vocabulary: config.vocab_size,
      positions: config.max_position_embeddings,
      positionTable: config.max_position_embeddings + 2,
      tokenWidth: config.word_embed_proj_dim ?? config.hidden_size,
      bias: biases(config.enable_bias),
      normPlacement: config.do_layer_norm_before ? "before" : "after",
      finalNorm: config.do_layer_norm_before && !config._remove_final_layer_norm,
      activation: config.activation_function,
      tiedHead: config.tie_word_embeddings,
    }),
  );

/** BLOOM: https://huggingface.co/bigscience/bloom-560m/blob/main/config.json; positions are numbers added to the scores. */
export const bloom = z
  .looseObject({
    model_type: z.literal("bloom"),
    hidden_size: count.optional(),
    n_embed: count.optional(),
    n_head: count.optional(),
    num_attention_heads: count.optional(),
    n_layer: count.optional(),
    num_hidden_layers: count.optional(),
    vocab_size: count,
    seq_length: count.default(2048),
    tie_word_embeddings: z.boolean().default(true),
  })
  .transform((config, context): DecoderModel => {
    const width = config.hidden_size ?? config.n_embed;
    const heads = config.n_head ?? config.num_attention_heads;
    const layers = config.n_layer ?? config.num_hidden_layers;
    const missing = (path: string, value: number | undefined): number => {
      if (value !== undefined) return value;
      context.addIssue({ code: "custom", path: [path], message: "a whole number of at least 1" });
      return 1;
    };
    const [embedding, count] = [missing("hidden_size", width), missing("n_head", heads)];
    if (embedding % count !== 0)
      context.addIssue({ code: "custom", path: ["n_head"], message: "a divisor of hidden_size" });
    return {
      ...plain,
      family: config.model_type,
      layers: missing("n_layer", layers),
      embedding,
      heads: count,
      keyValueHeads: count,
      headSize: embedding / count,
      feedForward: 4 * embedding,
      vocabulary: config.vocab_size,
      positions: config.seq_length,
      positionTable: 0,
      tokenWidth: embedding,
      attentionPosition: "added",
      embeddingNorm: true,
      activation: "gelu",
      tiedHead: config.tie_word_embeddings,
    };
  });
