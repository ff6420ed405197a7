/** The part of a workload's YAML that names a network for images: `network: resnet-50`, `image: 224`, `batchnorm: folded`. */
import { z } from "zod";
import { count } from "../schema/field.ts";
import { blocksOf } from "../workload/blocks.ts";
import type { Phase } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";
import { type VisionName, visionNames, visionNetworks } from "../workload/vision/index.ts";

export const imageFields = {
  network: z
    .enum(visionNames)
    .optional()
    .describe("a network for images that is built in, instead of a model"),
  image: count.optional().describe("rows and columns of an image, for a network"),
  batchnorm: z
    .enum(["folded", "separate"])
    .optional()
    .describe("normalisations are part of the convolutions before them, or ops of their own; for a network"),
};

interface ImageFields {
  readonly model?: { readonly family: string } | undefined;
  readonly network?: VisionName | undefined;
  readonly image?: number | undefined;
  readonly batchnorm?: "folded" | "separate" | undefined;
  readonly batch: number;
  readonly sequence?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

interface Expected {
  readonly path: string[];
  readonly expected: string;
}

/** What is missing, or has no place beside a network or a model. */
export function imageProblems(fields: ImageFields): readonly Expected[] {
  const { model, network } = fields;
  const given = (["image", "batchnorm"] as const).filter((key) => fields[key] !== undefined);
  if (network === undefined)
    return [
      ...(model === undefined ? [{ path: ["model"], expected: "a model, a network, or layers" }] : []),
      ...given.map((key) => ({ path: [key], expected: `nothing: ${model?.family ?? "a model"} takes text` })),
    ];
  const foreign = (["model", "sequence", "inputTokens", "outputTokens"] as const).filter(
    (key) => fields[key] !== undefined,
  );
  return [
    ...foreign.map((key) => ({ path: [key], expected: `nothing: ${network} takes images` })),
    ...(fields.image === undefined
      ? [{ path: ["image"], expected: "a whole number above zero like 224: rows and columns of an image" }]
      : sizeProblems(fields)),
    ...(fields.batchnorm === undefined ? [{ path: ["batchnorm"], expected: '"folded" or "separate"' }] : []),
  ];
}

export const imagePhases = (fields: ImageFields): readonly Phase[] => onePhase(opsOf(fields));

/** All ops once, in the blocks that they form. */
export const onePhase = (ops: readonly Op[]): readonly Phase[] => [
  { name: "inference", steps: 1, tokensPerStep: 1, past: 0, blocks: blocksOf(ops) },
];

/** The builders know which images are too small. */
function sizeProblems(fields: ImageFields): readonly Expected[] {
  try {
    opsOf(fields);
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [{ path: ["image"], expected: error.message }];
    throw error;
  }
}

function opsOf({ network, image, batchnorm: normalization = "folded", batch }: ImageFields): readonly Op[] {
  if (network === undefined || image === undefined) throw new Error("a workload has a model or a network");
  return visionNetworks[network]({ batch, normalization, image });
}
