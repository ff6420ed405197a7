/**
 * Where numbers come from. Wherever a physical number stands, a config may give the plain value (`width: 512 bit`) or
 * the value with its origin: `{ value: 0.57, source: "..", sure: assumed }`.
 */
import { z } from "zod";

/**
 * read: stands in the named source; recalled: known, the source was not at hand; assumed: a guess with a reason;
 * calibrated: fitted so that the rows in `fittedOn` come out.
 */
export const sure = z.enum(["read", "recalled", "assumed", "calibrated"]);
export type Sure = z.output<typeof sure>;

export type Sourced<T> =
  | T
  | {
      readonly value: T;
      readonly source: string;
      readonly sure: Sure;
      readonly fittedOn?: readonly string[] | undefined;
    };

/** A schema that also takes the value with its origin; reading gives the plain value. `expected` completes "expected ..". */
export function sourced<Output, Input>(
  inner: z.ZodType<Output, Input>,
  expected: string,
): z.ZodType<Output, Sourced<Input>> {
  const withOrigin = z.strictObject({ value: inner, ...origin }).superRefine(checkFit);
  return z.union([inner, withOrigin.transform(({ value }) => value)], { error: expected });
}

/** The fields of an origin, for mappings that give it for all the values they hold. */
export const origin = {
  source: z
    .string()
    .min(1)
    .describe("Where the number stands: document, table, page; or why it was assumed."),
  sure: sure.describe("read in the source, recalled, assumed, or calibrated on the rows in fittedOn."),
  fittedOn: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("The reference rows that a calibrated number was fitted on."),
};

/** A check for mappings with the fields of `origin`: `fittedOn` goes with `calibrated`, and with nothing else. */
export function checkFit(given: Origin, context: z.core.$RefinementCtx): void {
  if ((given.sure === "calibrated") === (given.fittedOn !== undefined)) return;
  const message =
    given.sure === "calibrated"
      ? "the reference rows that a calibrated number was fitted on"
      : `no fittedOn for a number that is ${given.sure}, only for a calibrated one`;
  context.addIssue({ code: "custom", path: ["fittedOn"], message });
}

interface Origin {
  readonly sure: Sure;
  readonly fittedOn?: readonly string[] | undefined;
}
