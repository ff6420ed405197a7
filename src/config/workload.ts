/** A workload's YAML: a model (a Hugging Face config.json, by path or in place) and how much text passes through it. */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { count, wholeNumber } from "../schema/field.ts";
import { decoderPhases } from "../workload/decoder.ts";
import { encoderPhases } from "../workload/encoder.ts";
import type { Workload } from "../workload/graph.ts";
import { huggingFaceModel } from "../workload/hugging-face.ts";

export const workloadFields = z
  .strictObject({
    name: z.string(),
    source: z.string().describe("where the model is published"),
    model: huggingFaceModel.describe("a Hugging Face config.json: its path, or its content"),
    precision: z.enum(precisionNames).describe("of weights, activations and caches"),
    batch: count.describe("sequences at a time"),
    inputTokens: count.optional().describe("decoders: tokens of each prompt"),
    outputTokens: wholeNumber.optional().describe("decoders: tokens generated for each sequence"),
    sequence: count.optional().describe("encoders: tokens of each sequence"),
  })
  .superRefine((fields, context) => {
    const decoder = fields.model.kind === "decoder";
    const needed = decoder ? (["inputTokens", "outputTokens"] as const) : (["sequence"] as const);
    const foreign = decoder ? (["sequence"] as const) : (["inputTokens", "outputTokens"] as const);
    const { kind, family } = fields.model;
    for (const key of needed)
      if (fields[key] === undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `a number of tokens: ${family} is a ${kind}`,
        });
    for (const key of foreign)
      if (fields[key] !== undefined)
        context.addIssue({ code: "custom", path: [key], message: `nothing: ${family} is a ${kind}` });
  });

/** The keys of a workload's YAML whose value may be the path of a file. */
export const workloadIncludes = ["model"] as const;

export function resolveWorkload(fields: z.output<typeof workloadFields>): Workload {
  const { name, source, model, precision, batch, inputTokens = 0, outputTokens = 0, sequence = 0 } = fields;
  if (model.kind === "decoder") {
    const task = { kind: "generation", model, batch, inputTokens, outputTokens } as const;
    return { name, source, precision, task, phases: decoderPhases(task) };
  }
  const task = { kind: "inference", model, batch, sequence } as const;
  return { name, source, precision, task, phases: encoderPhases(task) };
}
