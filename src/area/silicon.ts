/** What operators, registers and memories take of silicon at one node, and how that shrinks to others. */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { area, atLeastZero, fraction, width } from "../schema/field.ts";
import { fitted, origin, sourced } from "../schema/sourced.ts";

/** Number formats of arithmetic: those of operands, and the sums of integers. */
const formats = [...precisionNames, "int32"] as const;
export type Arithmetic = (typeof formats)[number];

const macro = z.strictObject({ bits: width, area, ...origin }).check(fitted);

export const siliconSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  node: z.string().describe("at which the areas stand: 45 nm"),
  operators: z
    .partialRecord(z.enum(formats), z.strictObject({ multiply: area.optional(), add: area.optional() }))
    .describe("by number format; sums of integers are int32"),
  register: area.describe("of one bit"),
  density: fraction.describe("share of placed logic that is cells: the rest is wires, clock and filler"),
  macros: z
    .array(macro)
    .min(2)
    .describe(
      "memories with one port, smallest first: in between on a log-log line, larger ones of several of the largest, smaller ones of registers",
    ),
  nodes: z
    .array(
      z.strictObject({
        node: z.string(),
        logic: atLeastZero.describe("area of logic, relative to the table's node"),
        sram: atLeastZero.describe("area of memory, relative to the table's node"),
      }),
    )
    .min(1),
});

export type SiliconTable = z.output<typeof siliconSchema>;

export const siliconFields = z.strictObject({
  table: z.string().describe("a table of configs/silicon"),
  node: sourced(z.string(), 'a node of that table like "28 nm"').describe("the process that it is made in"),
});

export type SiliconFields = z.output<typeof siliconFields>;

/** With the table that it names, and the row of its node. */
export interface Silicon {
  readonly of: SiliconTable;
  readonly at: SiliconTable["nodes"][number];
}
