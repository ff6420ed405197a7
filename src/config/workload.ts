/** A workload's YAML: a model (a Hugging Face config.json, by path or in place) and how much text it reads and writes. */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { count, wholeNumber } from "../schema/field.ts";
import { decoderPhases } from "../workload/decoder.ts";
import type { Workload } from "../workload/graph.ts";
import { huggingFaceModel } from "../workload/hugging-face.ts";

export const workloadFields = z.strictObject({
  name: z.string(),
  source: z.string().describe("where the model is published"),
  model: huggingFaceModel.describe("a Hugging Face config.json: its path, or its content"),
  precision: z.enum(precisionNames).describe("of weights, activations and caches"),
  batch: count.describe("sequences at a time"),
  inputTokens: count.describe("tokens of each prompt"),
  outputTokens: wholeNumber.describe("tokens generated for each sequence"),
});

/** The keys of a workload's YAML whose value may be the path of a file. */
export const workloadIncludes = ["model"] as const;

export function resolveWorkload(fields: z.output<typeof workloadFields>): Workload {
  const { name, source, model, precision, batch, inputTokens, outputTokens } = fields;
  const generation = { batch, inputTokens, outputTokens };
  return { name, source, precision, model, generation, phases: decoderPhases(model, generation) };
}
