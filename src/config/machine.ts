/** A machine's YAML: the hardware and the dataflow that runs on it. */
import type { z } from "zod";
import { type Hardware, hardwareFields, resolveHardware } from "../arch/hardware.ts";
import { type BoundDataflow, dataflowSchema } from "../dataflow/index.ts";

export interface Machine {
  readonly hardware: Hardware;
  readonly dataflow: BoundDataflow;
}

export const machineSchema = hardwareFields.extend({
  dataflow: dataflowSchema.describe("the schedule by which workloads run on the machine, and its options"),
});

export const resolveMachine = ({ dataflow, ...hardware }: z.output<typeof machineSchema>): Machine => ({
  hardware: resolveHardware(hardware),
  dataflow,
});
