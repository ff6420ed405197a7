/** A machine's YAML: the hardware and the dataflow that runs on it. */
import type { z } from "zod";
import type { SustainedMemo } from "../arch/dram/sustained.ts";
import { type Hardware, hardwareFields, resolveHardware } from "../arch/hardware.ts";
import { type BoundDataflow, dataflowSchema } from "../dataflow/index.ts";

export interface Machine {
  readonly hardware: Hardware;
  readonly dataflow: BoundDataflow;
}

export const machineSchema = hardwareFields.extend({
  dataflow: dataflowSchema.describe("the schedule by which workloads run on the machine, and its options"),
});

/** The places of a machine's YAML whose value may name another config. */
export const machineIncludes = { "units.*.preset": "memory" } as const;

/** @param memo walks of memories that were simulated before; what is simulated now joins them */
export const resolveMachine = (
  { dataflow, ...hardware }: z.output<typeof machineSchema>,
  memo: SustainedMemo = new Map(),
): Machine => ({
  hardware: resolveHardware(hardware, memo),
  dataflow,
});
