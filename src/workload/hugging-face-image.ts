/** Readers of families that take images. */
import { z } from "zod";
import { activation, count } from "./hugging-face-field.ts";
import type { PatchModel } from "./model.ts";

/** ViT: https://huggingface.co/google/vit-base-patch16-224/blob/main/config.json; classes are the entries of id2label, two without one. */
export const vit = z
  .looseObject({
    model_type: z.literal("vit"),
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    hidden_act: activation.default("gelu"),
    image_size: count.default(224),
    patch_size: count.default(16),
    num_channels: count.default(3),
    qkv_bias: z.boolean().default(true),
    num_labels: count.optional(),
    id2label: z.record(z.string(), z.string()).optional(),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ["num_attention_heads"],
    error: "a divisor of hidden_size",
  })
  .refine(({ image_size, patch_size }) => image_size % patch_size === 0, {
    path: ["patch_size"],
    error: "a divisor of image_size",
  })
  .transform(
    (config): PatchModel => ({
      kind: "patches",
      family: config.model_type,
      layers: config.num_hidden_layers,
      hidden: config.hidden_size,
      heads: config.num_attention_heads,
      feedForward: config.intermediate_size,
      activation: config.hidden_act,
      image: config.image_size,
      patch: config.patch_size,
      channels: config.num_channels,
      classes: config.num_labels ?? (config.id2label === undefined ? 2 : Object.keys(config.id2label).length),
      queryKeyValueBias: config.qkv_bias,
    }),
  );
