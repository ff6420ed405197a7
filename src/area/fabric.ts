/** What operators, memories and control take in an FPGA's fabric, and what they draw; one table for a family of devices. */
import { z } from "zod";
import { type Precision, precisionNames } from "../precision.ts";
import { atLeastZero, count, energy, width } from "../schema/field.ts";
import { fitted, origin } from "../schema/sourced.ts";

const cost = z
  .strictObject({
    lut: atLeastZero,
    ff: atLeastZero,
    dsp: atLeastZero.optional(),
    bram: atLeastZero.optional(),
    ...origin,
  })
  .check(fitted);

const block = z.strictObject({
  part: z.union([z.literal(1), z.literal(0.5)]).describe("of a block as the data sheet counts them"),
  shapes: z.array(z.strictObject({ depth: count, width })).min(1),
  ...origin,
});

/** How floating-point adders are built: of logic alone, with one DSP slice, or with two. */
export const adderStyles = ["logic", "medium", "full"] as const;
export type AdderStyle = (typeof adderStyles)[number];

export const unaryOperators = ["compare", "exponential", "reciprocal", "reciprocalSquareRoot"] as const;

const operators = z.strictObject({
  multiply: cost,
  add: z.partialRecord(z.enum(adderStyles), cost).describe("by style; integers have logic only"),
  multiplyAdd: cost
    .optional()
    .describe("where one slice multiplies and accumulates; else a multiplier and an adder"),
  compare: cost.optional(),
  exponential: cost.optional(),
  reciprocal: cost.optional(),
  reciprocalSquareRoot: cost.optional(),
});

export const fabricSchema = z.strictObject({
  name: z.string(),
  source: z.string(),
  block: block.describe("block RAM, by the shapes of one port"),
  ultra: block.optional().describe("UltraRAM"),
  operators: z.partialRecord(z.enum(precisionNames), operators),
  control: z.strictObject({
    portBit: cost.describe("interface to an HBM port, for each bit a cycle"),
    ddrChannel: cost.describe("controller of a DDR channel"),
    treeMultiplier: cost.describe("operand registers and wiring of one multiplier of a MAC tree"),
    processingElement: cost.describe("operand registers of one element of an array"),
    butterflyUnit: cost.describe("crossbars, indices, serial registers and norm, for each butterfly unit"),
    dmaElement: cost.describe("for each element a cycle"),
    ring: cost.describe("a serial link to another card"),
    vectorLane: cost.describe("register ports and operand selection of a lane"),
  }),
  power: z
    .strictObject({
      clocking: energy.describe("for each flip-flop and cycle"),
      logic: energy.describe("logic and signals, for each LUT and busy cycle"),
      dsp: energy.describe("for each slice and busy cycle"),
      bram: energy.describe("for each block and busy cycle"),
      uram: energy.describe("for each block and busy cycle"),
      hbmBit: energy.describe("for each bit of HBM ports and busy cycle"),
    })
    .optional(),
});

export type Fabric = z.output<typeof fabricSchema>;
export type Operators = NonNullable<Fabric["operators"][Precision]>;
