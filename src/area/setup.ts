/** How a machine lies on its FPGA: the device, how adders are built, and the memories that its units do not speak of. */
import { z } from "zod";
import { count, width } from "../schema/field.ts";
import { fitted, origin } from "../schema/sourced.ts";
import type { Device } from "./device.ts";
import { adderStyles, type Fabric } from "./fabric.ts";

export const fpgaFields = z.strictObject({
  device: z.string().describe("a device of configs/device; a design that it cannot hold is unfit"),
  adders: z
    .enum(adderStyles)
    .optional()
    .describe("floating-point adders: of logic alone (the default), with one DSP slice, or with two"),
  ultra: z.array(z.string()).optional().describe("units whose memories lie in UltraRAM"),
  memories: z
    .array(
      z.strictObject({ name: z.string(), instances: count, depth: count, width, ...origin }).check(fitted),
    )
    .optional()
    .describe("buffers in block RAM that no unit speaks of"),
});

export type FpgaFields = z.output<typeof fpgaFields>;

/** With the tables that it names. */
export interface Fpga extends FpgaFields {
  readonly of: Device;
  readonly fabric: Fabric;
}
