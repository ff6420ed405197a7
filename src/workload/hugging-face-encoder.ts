/** Reads the `config.json` of encoder families into a model. */
import { z } from "zod";
import type { EncoderModel } from "./model.ts";

const count = z.int().min(1);

const shared = {
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  max_position_embeddings: count,
  vocab_size: count,
  hidden_act: z.enum(["gelu", "gelu_new", "relu"]),
};

const activation = (name: "gelu" | "gelu_new" | "relu"): EncoderModel["activation"] =>
  name === "relu" ? "relu" : "gelu";

/** BERT: https://huggingface.co/google-bert/bert-base-uncased/blob/main/config.json */
export const bert = z
  .looseObject({ model_type: z.literal("bert"), ...shared, num_attention_heads: count })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ["num_attention_heads"],
    error: "a divisor of hidden_size",
  })
  .transform(
    (config): EncoderModel => ({
      kind: "encoder",
      family: config.model_type,
      hidden: config.hidden_size,
      feedForward: config.intermediate_size,
      heads: config.num_attention_heads,
      positions: config.max_position_embeddings,
      vocabulary: config.vocab_size,
      activation: activation(config.hidden_act),
      bias: true,
      blocks: [{ mixing: "attention", linear: "dense", layers: config.num_hidden_layers }],
    }),
  );

/** FNet: https://huggingface.co/google/fnet-base/blob/main/config.json */
export const fnet = z.looseObject({ model_type: z.literal("fnet"), ...shared }).transform(
  (config): EncoderModel => ({
    kind: "encoder",
    family: config.model_type,
    hidden: config.hidden_size,
    feedForward: config.intermediate_size,
    heads: 1,
    positions: config.max_position_embeddings,
    vocabulary: config.vocab_size,
    activation: activation(config.hidden_act),
    bias: true,
    blocks: [{ mixing: "fourier", linear: "dense", layers: config.num_hidden_layers }],
  }),
);

/**
 * FABNet (MICRO 2022), in the same form: FBfly blocks, then as many ABfly blocks as `num_attention_layers` says. The layers have
 * no bias, as the machine has no adder for one.
 */
export const fabnet = z
  .looseObject({
    model_type: z.literal("fabnet"),
    ...shared,
    num_attention_layers: z.int().min(0),
    num_attention_heads: count,
  })
  .refine(({ num_hidden_layers, num_attention_layers }) => num_attention_layers <= num_hidden_layers, {
    path: ["num_attention_layers"],
    error: "at most num_hidden_layers",
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ["num_attention_heads"],
    error: "a divisor of hidden_size",
  })
  .transform((config): EncoderModel => {
    const attention = config.num_attention_layers;
    const fourier = config.num_hidden_layers - attention;
    return {
      kind: "encoder",
      family: config.model_type,
      hidden: config.hidden_size,
      feedForward: config.intermediate_size,
      heads: config.num_attention_heads,
      positions: config.max_position_embeddings,
      vocabulary: config.vocab_size,
      activation: activation(config.hidden_act),
      bias: false,
      blocks: [
        ...(fourier > 0 ? [{ mixing: "fourier", linear: "butterfly", layers: fourier } as const] : []),
        ...(attention > 0 ? [{ mixing: "attention", linear: "butterfly", layers: attention } as const] : []),
      ],
    };
  });
