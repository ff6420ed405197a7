/** A small schema with every kind of field, for the tests of this folder. */
import { z } from "zod";
import {
  bandwidth,
  capacity,
  count,
  durationOrCycles,
  energyPerBit,
  fraction,
  frequency,
  wholeNumber,
  width,
} from "../../src/schema/field.ts";

const hbm = z.strictObject({
  kind: z.literal("hbm"),
  bandwidth,
  channels: count,
  width,
  efficiency: fraction.optional(),
  latency: durationOrCycles.describe("From the request to the first word."),
  energy: energyPerBit.optional(),
});

const scratchpad = z.strictObject({
  kind: z.literal("scratchpad"),
  capacity,
  ports: z.array(count).optional(),
});

export const machine = z.strictObject({
  name: z.string(),
  clock: frequency,
  spares: wholeNumber.optional(),
  mode: z.enum(["prefill", "decode"]).optional(),
  trace: z.boolean().optional(),
  units: z.record(z.string(), z.discriminatedUnion("kind", [hbm, scratchpad])),
});
