/** The `sweep` of an experiment's YAML: which values of which parameters, and what makes one design better than another. */
import { z } from "zod";
import { rangeFields, type SweptValue } from "./range.ts";

const value: z.ZodType<SweptValue, SweptValue> = z.union([z.string(), z.number(), z.boolean()]);

const values = z
  .record(z.string(), z.union([z.array(value).min(1), rangeFields]))
  .describe("values by path: a list, or a range");

export const sweepFields = z.strictObject({
  product: values.optional().describe("every value with every other"),
  zip: z
    .array(values)
    .optional()
    .describe("parameters that go together: the first values of all, the second of all .."),
  derive: z
    .record(z.string(), z.string())
    .optional()
    .describe("parameters that follow from others: 1024 / matrix.width"),
  where: z
    .array(z.string())
    .optional()
    .describe("conditions that a design meets to be looked at: matrix.width * matrix.lanes <= 1024"),
  minimize: z.array(z.string()).optional().describe("fields of the report, or expressions of them"),
  maximize: z.array(z.string()).optional().describe("fields of the report, or expressions of them"),
  limits: z
    .array(z.string())
    .optional()
    .describe("conditions on results that a design meets to be chosen: averagePowerWatts <= 75"),
});

export type SweepFields = z.output<typeof sweepFields>;
