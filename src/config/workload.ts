/** A workload's YAML: a model (a Hugging Face config.json, by path or in place) and how much text passes through it, a network for images that is built in, or a list of layers. */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { count, wholeNumber } from "../schema/field.ts";
import { type Choose, isWeights, withEncodings } from "../workload/assign.ts";
import { decoderPhases } from "../workload/decoder.ts";
import { encoderPhases } from "../workload/encoder.ts";
import { encoderDecoderPhases } from "../workload/encoder-decoder.ts";
import { type WeightFields, weightFields } from "../workload/encoding-fields.ts";
import type { Phase, Workload } from "../workload/graph.ts";
import { huggingFaceModel } from "../workload/hugging-face.ts";
import { patchOps } from "../workload/vision/vit.ts";
import { imageFields, imagePhases, imageProblems, onePhase } from "./image-network.ts";
import { layerFields, layerPhases, layerProblems } from "./layer-list.ts";

export const workloadFields = z
  .strictObject({
    name: z.string(),
    source: z.string().describe("where the model is published"),
    model: huggingFaceModel
      .meta({
        description: "a Hugging Face config.json: its path, or its content",
        includable: true,
      })
      .optional(),
    ...imageFields,
    ...layerFields,
    precision: z.enum(precisionNames).describe("of weights, activations and caches"),
    batch: count.describe("sequences or images at a time"),
    inputTokens: count.optional().describe("decoders: tokens of each prompt"),
    outputTokens: wholeNumber.optional().describe("decoders: tokens generated for each sequence"),
    sequence: count.optional().describe("encoders: tokens of each sequence"),
    weights: weightFields
      .optional()
      .describe("how weight matrices are stored; those not named are dense, in the precision"),
  })
  .superRefine((fields, context) => {
    // Of a model with mistakes there are only the raw fields.
    if (context.issues.some(({ path }) => path?.[0] === "model")) return;
    const problems = fields.layers === undefined ? imageProblems(fields) : layerProblems(fields);
    for (const { path, expected } of problems) context.addIssue({ code: "custom", path, message: expected });
    if (problems.length > 0) return;
    for (const { path, expected } of strangers(fields))
      context.addIssue({ code: "custom", path: ["weights", ...path], message: expected });
    if (fields.model === undefined) return;
    const { kind, family } = fields.model;
    const needed = lengths[kind];
    const foreign = (["inputTokens", "outputTokens", "sequence"] as const).filter(
      (key) => !needed.some((other) => other === key),
    );
    for (const key of needed)
      if (fields[key] === undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `a number of tokens: ${family} is ${whatIs[kind]}`,
        });
    for (const key of foreign)
      if (fields[key] !== undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message: `nothing: ${family} is ${whatIs[kind]}`,
        });
  });

/** What a workload says of how much passes through each kind of model. */
const lengths = {
  decoder: ["inputTokens", "outputTokens"],
  "encoder-decoder": ["inputTokens", "outputTokens"],
  encoder: ["sequence"],
  patches: [],
} as const;

const whatIs = {
  decoder: "a decoder",
  "encoder-decoder": "an encoder-decoder",
  encoder: "an encoder",
  patches: "a network for images",
} as const;

/** The places of a workload's YAML whose value may be the path of a file. */
export const workloadIncludes = { model: "file" } as const;

/** @throws Error when the fields are not those that `workloadFields` gives */
export function resolveWorkload(fields: z.output<typeof workloadFields>): Workload {
  const { name, source, precision, weights, notes } = fields;
  const task = taskOf(fields);
  const phases = phasesIn(fields);
  return {
    ...{ name, source, precision, task },
    phases: weights === undefined ? phases : withEncodings(phases, choice(weights)),
    ...(notes === undefined ? {} : { notes }),
  };
}

type Fields = z.output<typeof workloadFields>;

function phasesIn(fields: TaskFields & Pick<Fields, "image" | "batchnorm" | "layers">): readonly Phase[] {
  const { model, batch } = fields;
  if (fields.layers !== undefined) return layerPhases(fields);
  if (model === undefined) return imagePhases(fields);
  return model.kind === "patches" ? onePhase(patchOps(model, batch)) : phasesOf(taskOf(fields));
}

function taskOf({
  model,
  batch,
  inputTokens = 0,
  outputTokens = 0,
  sequence = 0,
  network,
}: TaskFields): Workload["task"] {
  if (model === undefined)
    return { kind: "inference", model: { kind: "graph", family: network ?? "layers" }, batch, sequence: 1 };
  if (model.kind === "patches")
    return { kind: "inference", model: { kind: "graph", family: model.family }, batch, sequence: 1 };
  if (model.kind === "encoder") return { kind: "inference", model, batch, sequence };
  return { kind: "generation", model, batch, inputTokens, outputTokens };
}

type TaskFields = Pick<Fields, "model" | "network" | "batch" | "inputTokens" | "outputTokens" | "sequence">;

function phasesOf(task: Workload["task"]): readonly Phase[] {
  if (task.kind === "inference") return encoderPhases(task);
  const { model } = task;
  return model.kind === "decoder"
    ? decoderPhases({ ...task, model })
    : encoderDecoderPhases({ ...task, model });
}

const choice =
  ({ all, matrices = {}, layers = [] }: WeightFields): Choose =>
  (block, op, layer) =>
    layers.findLast(
      (each) => each.block === block && each.first <= layer && layer <= each.last && op in each.matrices,
    )?.matrices[op] ??
    matrices[op] ??
    all;

/** Names of matrices, blocks and layers that the model does not have. */
function strangers(fields: TaskFields & Pick<Fields, "weights" | "image" | "batchnorm">) {
  if (fields.weights === undefined) return [];
  const { matrices = {}, layers = [] } = fields.weights;
  const blocks = phasesIn(fields)[0]?.blocks ?? [];
  const named = (of: typeof blocks): string[] => [
    ...new Set(of.flatMap(({ ops }) => ops.filter(isWeights).map(({ name }) => name))),
  ];
  const unknown = (path: readonly (string | number)[], given: object, known: readonly string[]) =>
    Object.keys(given)
      .filter((name) => !known.includes(name))
      .map((name) => ({ path: [...path, "matrices", name], expected: `one of ${known.join(", ")}` }));
  return [
    ...unknown([], matrices, named(blocks)),
    ...layers.flatMap((entry, index) => {
      const block = blocks.find(({ name }) => name === entry.block);
      const path = ["layers", index];
      if (block === undefined)
        return [
          { path: [...path, "block"], expected: `one of ${blocks.map(({ name }) => name).join(", ")}` },
        ];
      const last = entry.last < block.times && entry.first <= entry.last;
      return [
        ...(last
          ? []
          : [{ path: [...path, "last"], expected: `a layer from ${entry.first} to ${block.times - 1}` }]),
        ...unknown(path, entry.matrices, named([block])),
      ];
    }),
  ];
}
