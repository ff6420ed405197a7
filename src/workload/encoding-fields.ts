/** How a workload's YAML says in which encoding weights are stored: for all matrices, for some by name, for some layers. */
import { z } from "zod";
import { count, fraction, wholeNumber } from "../schema/field.ts";
import type { Encoding } from "./encoding.ts";

const values = {
  bits: count.describe("of a stored value"),
  scale: z
    .strictObject({ bits: count.describe("of a scale"), group: count.describe("values that share it") })
    .exactOptional()
    .describe("scales of quantised values"),
};

const density = fraction.describe("share that is kept");

const simple = [
  z.strictObject({ kind: z.literal("dense"), ...values }),
  z
    .strictObject({
      kind: z.literal("nm"),
      n: z
        .union([count, z.array(count).min(1)])
        .describe("weights kept of every m along the inner dimension; a list gives each output its own"),
      m: count,
      metadata: z.enum(["bitmap", "index", "none"]).describe("how the kept positions are stored"),
      ...values,
    })
    .refine(({ n, m }) => [n].flat().every((each) => each <= m), { path: ["n"], error: "at most m" }),
  z.strictObject({
    kind: z.enum(["csr", "csc"]),
    density,
    indexBits: count.exactOptional().describe("where it is not the fewest that do"),
    pointerBits: count.exactOptional().describe("where it is not the fewest that do"),
    ...values,
  }),
  z.strictObject({
    kind: z.literal("ellpack"),
    density,
    slots: count.describe("weights that each output has room for"),
    indexBits: count.exactOptional().describe("where it is not the fewest that do"),
    ...values,
  }),
  z.strictObject({
    kind: z.literal("pattern"),
    size: count.describe("weights of a run along the inner dimension"),
    kept: count.describe("of each run"),
    patterns: count.describe("masks in the table"),
    ...values,
  }),
  z.strictObject({
    kind: z.literal("block"),
    inner: count.describe("weights of a block along the inner dimension"),
    columns: count.describe("columns of a block"),
    density,
    metadata: z.enum(["bitmap", "index"]).describe("how the kept blocks are stored"),
    ...values,
  }),
] as const;

const mixed = z.strictObject({
  kind: z.literal("mixed"),
  parts: z
    .array(
      z.strictObject({
        share: fraction.describe("of the columns; the last part takes what is left"),
        encoding: z.discriminatedUnion("kind", simple),
      }),
    )
    .min(1),
});

export const encodingFields: z.ZodType<Encoding> = z.discriminatedUnion("kind", [...simple, mixed]);

const matrices = z
  .record(z.string(), encodingFields)
  .describe("by the op's name in its block: query, key, value, projection, expand, contract");

export const weightFields = z.strictObject({
  all: encodingFields.optional().describe("every weight matrix that nothing below names"),
  matrices: matrices.optional(),
  layers: z
    .array(
      z.strictObject({
        block: z.string().describe("attention, decoder .."),
        first: wholeNumber.describe("layer of the block, counted from 0"),
        last: wholeNumber.describe("layer of the block; may be the first"),
        matrices,
      }),
    )
    .optional()
    .describe("layers that differ; a later entry overrides an earlier one"),
});

export type WeightFields = z.output<typeof weightFields>;
