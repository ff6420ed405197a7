/** An experiment's YAML: runs of workloads on machines, and the published numbers to hold them against. */
import { z } from "zod";
import { duration, fraction } from "../schema/field.ts";
import { sourced } from "../schema/sourced.ts";
import { searchFields } from "./search.ts";
import { sweepFields } from "./sweep.ts";

const value = z.union([z.string(), z.number(), z.boolean()]);

const setting = {
  hardware: z.string().optional().describe("a machine of configs/hardware, or the path of one"),
  workload: z.string().optional().describe("a workload of configs/workloads, or the path of one"),
  set: z
    .record(z.string(), value)
    .optional()
    .describe("values to change, by path: hardware.units.hbm.channels, workload.inputTokens"),
};

/** Published results of a run, each best with its origin. */
const references = z.strictObject({
  latency: duration.optional().describe("of the whole run"),
  tokensPerSecond: sourced(z.number().gt(0), "a positive number")
    .optional()
    .describe("output tokens over latency"),
});

const run = z.strictObject({
  name: z.string(),
  ...setting,
  at: z
    .record(z.string().regex(/^[a-z][A-Za-z]*$/), z.number())
    .optional()
    .describe("where the run stands in a figure, the unit in the name: gigabytesPerSecond"),
  against: z.string().optional().describe("another run of this experiment to compare with, by name"),
  because: z.string().optional().describe("what makes the difference to that run, for people"),
  references: references.optional(),
});

export const experimentSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    source: z.string().describe("the figure or table that it reproduces"),
    ...setting,
    curve: z
      .strictObject({
        along: z
          .string()
          .describe("the key of the runs' `at` that grows along a curve; the other keys tell curves apart"),
        flat: fraction.describe(
          "a curve is saturated where each step on saves less, for what it adds, than this share of the whole curve's average",
        ),
      })
      .optional()
      .describe("the runs are points of curves: where does more no longer help?"),
    runs: z.array(run).min(1).optional().describe("each takes what it does not say from above"),
    sweep: sweepFields.optional().describe("a space of designs around what stands above: papillon sweep"),
    search: searchFields.optional().describe("how papillon search looks through the sweep's space"),
  })
  .refine(({ runs, sweep }) => runs !== undefined || sweep !== undefined, {
    path: ["runs"],
    error: "runs, or a sweep",
  });

export type ExperimentFields = z.output<typeof experimentSchema>;
export type RunFields = z.output<typeof run>;
