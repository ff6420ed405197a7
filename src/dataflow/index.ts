/** The dataflows. Adding one is its file and a line in the list and in the schema. */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import type { Program } from "../program.ts";
import type { Workload } from "../workload/graph.ts";
import type { Dataflow, Misfit } from "./dataflow.ts";
import { dfx } from "./dfx.ts";

export const dataflows = [dfx] as const;

/** A dataflow with its options filled in. */
export interface BoundDataflow {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly check: (hardware: Hardware, workload: Workload) => readonly Misfit[];
  readonly lower: (hardware: Hardware, workload: Workload) => Program;
}

/** Reads the `dataflow` of a machine's YAML. */
export const dataflowSchema = z.discriminatedUnion("name", [bound(dfx)]);

function bound<Name extends string, Fields extends z.ZodObject>({
  name,
  fields,
  check,
  lower,
}: Dataflow<Name, Fields>) {
  return fields.transform(
    (options): BoundDataflow => ({
      name,
      options: { ...options },
      check: (hardware, workload) => check(hardware, options, workload),
      lower: (hardware, workload) => lower(hardware, options, workload),
    }),
  );
}
