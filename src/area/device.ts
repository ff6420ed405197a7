/** An FPGA, as its data sheet has it. */
import { z } from "zod";
import { atLeastZero, power } from "../schema/field.ts";
import { fitted, origin } from "../schema/sourced.ts";

const amounts = {
  lut: atLeastZero.describe("look-up tables of six inputs; of Intel devices two an ALM"),
  ff: atLeastZero.describe("flip-flops"),
  dsp: atLeastZero.describe("DSP slices or blocks"),
  bram: atLeastZero.describe("block RAMs: 36 Kbit of AMD's, M20K of Intel's"),
  uram: atLeastZero.describe("UltraRAMs of 288 Kbit"),
};

export const deviceSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  part: z.string().describe("the FPGA on the card or board"),
  fabric: z
    .string()
    .optional()
    .describe("a table of configs/fabric; absent where there is none: capacities only"),
  capacity: z.strictObject({ ...amounts, ...origin }).check(fitted),
  shell: z
    .strictObject({ ...amounts, ...origin })
    .check(fitted)
    .optional()
    .describe("what the card's platform takes, in machines with a link to a host"),
  price: z
    .strictObject({ dollars: atLeastZero, ...origin })
    .check(fitted)
    .optional()
    .describe("of the card or board, in US dollars"),
  staticPower: power.optional().describe("of the powered device, without activity"),
});

export type Device = z.output<typeof deviceSchema>;
