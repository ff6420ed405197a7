/** A machine's YAML: the hardware and the dataflow that runs on it. */
import type { z } from "zod";
import type { SustainedMemo } from "../arch/dram/sustained.ts";
import { type Hardware, hardwareFields, resolveHardware } from "../arch/hardware.ts";
import { type Fpga, fpgaFields } from "../area/setup.ts";
import { type Silicon, siliconFields } from "../area/silicon.ts";
import { type BoundDataflow, dataflowSchema } from "../dataflow/index.ts";

export interface Machine {
  readonly hardware: Hardware;
  readonly dataflow: BoundDataflow;
  /** How it lies on its FPGA, where its YAML names a device. */
  readonly fpga?: Fpga;
  /** What it is made in, where its YAML names a node. */
  readonly silicon?: Silicon;
}

export const machineSchema = hardwareFields.extend({
  dataflow: dataflowSchema.describe("the schedule by which workloads run on the machine, and its options"),
  fpga: fpgaFields.optional().describe("the device of a machine on an FPGA, and how it lies on it"),
  silicon: siliconFields.optional().describe("the node of a machine in silicon, and the table of its areas"),
});

/** The places of a machine's YAML whose value may name another config. */
export const machineIncludes = { "units.*.preset": "memory" } as const;

/** @param memo walks of memories that were simulated before; what is simulated now joins them; @param lies with the tables that the YAML names */
export const resolveMachine = (
  { dataflow, fpga: _, silicon: __, ...hardware }: z.output<typeof machineSchema>,
  memo: SustainedMemo = new Map(),
  lies: Pick<Machine, "fpga" | "silicon"> = {},
): Machine => ({ hardware: resolveHardware(hardware, memo), dataflow, ...lies });
