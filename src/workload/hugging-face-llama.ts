/** Readers of decoders in Llama's line: RMS norms, rotary positions, gated feed-forward, grouped keys and values. */
import { z } from "zod";
import { activation, biases, count } from "./hugging-face-field.ts";
import type { DecoderModel } from "./model.ts";

/** Keys that all of these families write alike. */
const shared = {
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count,
  max_position_embeddings: count,
};
const act = { hidden_act: activation.default("silu") };
const tied = (otherwise: boolean) => ({ tie_word_embeddings: z.boolean().default(otherwise) });

type Shared = {
  readonly [key in
    | "hidden_size"
    | "intermediate_size"
    | "num_hidden_layers"
    | "num_attention_heads"
    | "vocab_size"
    | "max_position_embeddings"]: number;
} & {
  readonly model_type: string;
  readonly num_key_value_heads?: number | null | undefined;
  readonly head_dim?: number | null | undefined;
  readonly tie_word_embeddings: boolean;
};

/** Of one family what differs from `modelOf`. */
type Rest = Partial<DecoderModel> & Pick<DecoderModel, "activation">;

function modelOf(config: Shared, rest: Rest): DecoderModel {
  const heads = config.num_attention_heads;
  return {
    kind: "decoder",
    family: config.model_type,
    layers: config.num_hidden_layers,
    embedding: config.hidden_size,
    heads,
    keyValueHeads: config.num_key_value_heads ?? heads,
    headSize: config.head_dim ?? config.hidden_size / heads,
    feedForward: config.intermediate_size,
    vocabulary: config.vocab_size,
    positions: config.max_position_embeddings,
    positionTable: 0,
    tokenWidth: config.hidden_size,
    gated: true,
    norm: "rmsnorm",
    normPlacement: "before",
    queryKeyNorm: false,
    bias: biases(false),
    attentionPosition: "rotary",
    embeddingNorm: false,
    finalNorm: true,
    tiedHead: config.tie_word_embeddings,
    ...rest,
  };
}

/** Heads that divide the width, unless their size is given; groups that divide the heads. */
const whole = [
  z.refine<Pick<Shared, "hidden_size" | "num_attention_heads" | "head_dim">>(
    (config) => config.head_dim != null || config.hidden_size % config.num_attention_heads === 0,
    { path: ["num_attention_heads"], error: "a divisor of hidden_size, or a head_dim" },
  ),
  z.refine<Pick<Shared, "num_key_value_heads" | "num_attention_heads">>(
    (config) => config.num_attention_heads % (config.num_key_value_heads ?? 1) === 0,
    { path: ["num_key_value_heads"], error: "a divisor of num_attention_heads" },
  ),
] as const;

/** Llama 1 to 3: https://huggingface.co/meta-llama/Llama-2-7b-hf/blob/main/config.json */
export const llama = z
  .looseObject({
    model_type: z.literal("llama"),
    ...shared,
    ...act,
    ...tied(false),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
  })
  .check(...whole)
  .transform((config) =>
    modelOf(config, {
      activation: config.hidden_act,
      bias: { ...biases(config.attention_bias), feedForward: config.mlp_bias },
    }),
  );

const slidingWindow = { sliding_window: count.nullish() };

/** Every layer's window, or none. */
const windowed = (positions: number | null | undefined): Pick<DecoderModel, "window"> =>
  positions == null ? {} : { window: { positions, unlimited: [] } };

/** Mistral: https://huggingface.co/mistralai/Mistral-7B-v0.1/blob/main/config.json */
export const mistral = z
  .looseObject({ model_type: z.literal("mistral"), ...shared, ...act, ...slidingWindow, ...tied(false) })
  .check(...whole)
  .transform((config) =>
    modelOf(config, { activation: config.hidden_act, ...windowed(config.sliding_window) }),
  );

/** Mixtral: https://huggingface.co/mistralai/Mixtral-8x7B-v0.1/blob/main/config.json */
export const mixtral = z
  .looseObject({
    model_type: z.literal("mixtral"),
    ...shared,
    ...act,
    ...slidingWindow,
    ...tied(false),
    num_local_experts: count,
    num_experts_per_tok: count,
  })
  .check(...whole)
  .refine((config) => config.num_experts_per_tok <= config.num_local_experts, {
    path: ["num_experts_per_tok"],
    error: "at most num_local_experts",
  })
  .transform((config) =>
    modelOf(config, {
      activation: config.hidden_act,
      experts: { count: config.num_local_experts, active: config.num_experts_per_tok },
      ...windowed(config.sliding_window),
    }),
  );

/** Qwen2 and 2.5: https://huggingface.co/Qwen/Qwen2.5-7B/blob/main/config.json; layers from max_window_layers on have the window, if it is used. */
export const qwen2 = z
  .looseObject({
    model_type: z.literal("qwen2"),
    ...shared,
    ...act,
    ...slidingWindow,
    ...tied(false),
    use_sliding_window: z.boolean().default(false),
    max_window_layers: z.int().min(0).optional(),
  })
  .check(...whole)
  .transform((config) => {
    const { use_sliding_window: used, sliding_window: positions, max_window_layers: first = 0 } = config;
    const window = used && positions != null ? { positions, unlimited: range(first) } : undefined;
    return modelOf(config, {
      activation: config.hidden_act,
      bias: { ...biases(false), query: true, key: true, value: true },
      ...(window === undefined ? {} : { window }),
    });
  });

/** Qwen3: https://huggingface.co/Qwen/Qwen3-8B/blob/main/config.json; a norm of each head's queries and keys. */
export const qwen3 = z
  .looseObject({
    model_type: z.literal("qwen3"),
    ...shared,
    ...act,
    ...tied(false),
    attention_bias: z.boolean().default(false),
    use_sliding_window: z.literal(false).default(false),
  })
  .check(...whole)
  .transform((config) =>
    modelOf(config, {
      activation: config.hidden_act,
      queryKeyNorm: true,
      bias: { ...biases(config.attention_bias), feedForward: false },
    }),
  );

/** Gemma: https://huggingface.co/google/gemma-2b/blob/main/config.json; `hidden_act` is there ignored for `hidden_activation`, a GELU. */
export const gemma = z
  .looseObject({
    model_type: z.literal("gemma"),
    ...shared,
    ...tied(true),
    attention_bias: z.boolean().default(false),
  })
  .check(...whole)
  .transform((config) =>
    modelOf(config, { activation: "gelu", bias: { ...biases(config.attention_bias), feedForward: false } }),
  );

const gemmaActivation = { hidden_activation: activation.default("gelu") };

/** Gemma 2: https://huggingface.co/google/gemma-2-2b/blob/main/config.json; norms on both sides, every second layer without the window. */
export const gemma2 = z
  .looseObject({
    model_type: z.literal("gemma2"),
    ...shared,
    ...gemmaActivation,
    ...tied(true),
    sliding_window: count,
  })
  .check(...whole)
  .transform((config) =>
    modelOf(config, {
      activation: config.hidden_activation,
      normPlacement: "both",
      window: {
        positions: config.sliding_window,
        unlimited: range(config.num_hidden_layers).filter((layer) => layer % 2 === 1),
      },
    }),
  );

/** Gemma 3, text: https://huggingface.co/google/gemma-3-1b-pt/blob/main/config.json; one layer of `sliding_window_pattern` without the window. */
export const gemma3 = z
  .looseObject({
    model_type: z.literal("gemma3_text"),
    ...shared,
    ...gemmaActivation,
    ...tied(true),
    sliding_window: count,
    sliding_window_pattern: count.default(6),
  })
  .check(...whole)
  .transform((config) =>
    modelOf(config, {
      activation: config.hidden_activation,
      normPlacement: "both",
      queryKeyNorm: true,
      window: {
        positions: config.sliding_window,
        unlimited: range(config.num_hidden_layers).filter(
          (layer) => (layer + 1) % config.sliding_window_pattern === 0,
        ),
      },
    }),
  );

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
