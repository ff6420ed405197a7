/**
 * Reads a Hugging Face `config.json` into a model. One entry for each family, by its `model_type`; keys that say nothing about
 * cost (initialisation, tokens, library version) pass unread.
 */
import { z } from "zod";
import { bert, fabnet, fnet } from "./hugging-face-encoder.ts";
import type { DecoderModel } from "./model.ts";

const count = z.int().min(1);

/** GPT-2: https://huggingface.co/openai-community/gpt2/blob/main/config.json; n_inner is absent or null for 4 * n_embd. */
const gpt2 = z
  .looseObject({
    model_type: z.literal("gpt2"),
    n_embd: count,
    n_head: count,
    n_layer: count,
    vocab_size: count,
    n_positions: count,
    n_inner: count.nullish(),
    activation_function: z.enum(["gelu", "gelu_new", "gelu_fast", "relu", "silu"]),
    tie_word_embeddings: z.boolean().optional(),
  })
  .refine(({ n_embd, n_head }) => n_embd % n_head === 0, { path: ["n_head"], error: "a divisor of n_embd" })
  .transform(
    (config): DecoderModel => ({
      kind: "decoder",
      family: config.model_type,
      layers: config.n_layer,
      embedding: config.n_embd,
      heads: config.n_head,
      keyValueHeads: config.n_head,
      headSize: config.n_embd / config.n_head,
      feedForward: config.n_inner ?? 4 * config.n_embd,
      vocabulary: config.vocab_size,
      positions: config.n_positions,
      activation: activations[config.activation_function],
      bias: true,
      tiedHead: config.tie_word_embeddings ?? true,
    }),
  );

/** The approximations of GELU differ in values, not in cost. */
const activations = {
  gelu: "gelu",
  gelu_new: "gelu",
  gelu_fast: "gelu",
  relu: "relu",
  silu: "silu",
} as const;

export const huggingFaceModel = z.discriminatedUnion("model_type", [gpt2, bert, fnet, fabnet]);
