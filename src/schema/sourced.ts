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
  const withOrigin = z.strictObject({ value: inner, ...origin }).check(fitted);
  return z.union([inner, withOrigin.transform(({ value }) => value)], { error: expected });
}

const citation = "where the number comes from, such as a paper and its table";

/** The fields of an origin, also for mappings that give it once for all the values they hold (add the check `fitted`). */
export const origin = {
  source: z
    .string({ error: citation })
    .min(1, { error: citation })
    .describe("Where the number stands: document, table, page; or why it was assumed."),
  sure: sure.describe("read in the source, recalled, assumed, or calibrated on the rows in fittedOn."),
  fittedOn: z
    .array(z.string())
    .min(1)
    .optional()
    .describe("The reference rows that a calibrated number was fitted on."),
};

/** `fittedOn` goes with `calibrated`, and with nothing else. Checked even where the value itself is wrong, to report all at once. */
export const fitted = z.refine<unknown>(
  (given) => {
    const { success, data } = marks.safeParse(given);
    return !success || (data.sure === "calibrated") === (data.fittedOn !== undefined);
  },
  {
    path: ["fittedOn"],
    when: () => true,
    error: ({ input }) =>
      marks.safeParse(input).data?.fittedOn === undefined
        ? "the reference rows that a calibrated number was fitted on"
        : "fittedOn only beside `sure: calibrated`",
  },
);

const marks = z.object({ sure, fittedOn: z.unknown().optional() });
