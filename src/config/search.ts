/** The `search` of an experiment's YAML: how the space of its `sweep` is looked through where it is too large for all of it. */
import { z } from "zod";
import { methods } from "./search-method.ts";

export const searchFields = z.strictObject({
  method: z
    .enum(methods)
    .optional()
    .describe(
      "nsga2 (default): the front; annealing: one design; enumerate: all, less what is proven to be no better",
    ),
  points: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("designs to look at, at most (default: a twentieth of the space, all for enumerate)"),
  seed: z.number().int().optional().describe("the same seed finds the same designs (default: 1)"),
  weights: z
    .array(z.number().gt(0))
    .optional()
    .describe("annealing: what each objective counts for, those to minimize first (default: all 1)"),
  refine: z
    .strictObject({
      hardware: z.string().describe("the same machine as a finer model, such as dfx-u280-banked"),
      derive: z
        .record(z.string(), z.string())
        .optional()
        .describe("parameters that the finer model takes from others: 256 MiB * hbm.channels"),
      points: z.number().int().min(1).optional().describe("designs to look at, at most (default: all found)"),
    })
    .optional()
    .describe("what was found again on a finer model, less what a bound proves to be no better"),
});

export type SearchFields = z.output<typeof searchFields>;
