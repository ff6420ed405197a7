/** A technology table: what one action costs. Each ships as a preset of its own with its source; two are never blended. */
import { z } from "zod";
import { type Precision, precisionNames } from "../precision.ts";
import { type Joules, joules } from "../quantity.ts";
import { capacity, energy, energyPerBit } from "../schema/field.ts";

export const energyTableSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  node: z.string().describe("technology node"),
  operations: z
    .partialRecord(z.enum(precisionNames), z.strictObject({ multiply: energy, add: energy }))
    .describe("one operation of each number format"),
  sram: z
    .array(z.strictObject({ capacity, energy }))
    .min(1)
    .describe("one 64-bit access, by capacity, smallest first; between the knots on a log-log line"),
  dram: z
    .partialRecord(z.enum(["hbm", "ddr"]), energyPerBit)
    .describe("reading or writing, device and interface"),
});

export type EnergyTable = z.output<typeof energyTableSchema>;

/** A multiplication and an addition; undefined where the table has not the number format. */
export function macEnergy({ operations }: EnergyTable, precision: Precision): Joules | undefined {
  const operation = operations[precision];
  return operation === undefined ? undefined : joules(operation.multiply + operation.add);
}

/** One byte to or from an SRAM: log-log in capacity between the knots and along the outer ones beyond, linear in width. */
export function sramEnergyPerByte({ sram }: EnergyTable, size: number): Joules {
  const bytesPerAccess = 8;
  const above = sram.findIndex((knot) => knot.capacity >= size);
  const upper = above === -1 ? sram.length - 1 : Math.max(above, Math.min(1, sram.length - 1));
  const [low, high] = [sram[Math.max(0, upper - 1)], sram[upper]];
  if (low === undefined || high === undefined) throw new RangeError("an energy table needs a knot for SRAM");
  if (low.capacity === high.capacity) return joules(high.energy / bytesPerAccess);
  const position = Math.log(size / low.capacity) / Math.log(high.capacity / low.capacity);
  return joules((low.energy * (high.energy / low.energy) ** position) / bytesPerAccess);
}
