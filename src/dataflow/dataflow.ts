/** What a dataflow is: whether a machine can run a workload, and the program by which it does. */
import type { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import type { OpProof } from "../mapping/proof.ts";
import type { Program } from "../program.ts";
import type { Workload } from "../workload/graph.ts";

export interface Dataflow<Name extends string, Fields extends z.ZodObject> {
  readonly name: Name;
  /** One line for `papillon list dataflows`. */
  readonly summary: string;
  /** It reads encoded weights. Without this a workload that has any does not fit. */
  readonly decodes?: true;
  /** Its options in a machine's YAML, always with `name`. */
  readonly fields: Fields;
  /** Why the machine cannot run the workload; empty when it can. */
  readonly check: (hardware: Hardware, options: z.output<Fields>, workload: Workload) => readonly Misfit[];
  /** @throws Error when `check` has anything to say. */
  readonly lower: (hardware: Hardware, options: z.output<Fields>, workload: Workload) => Program;
  /** What the machine would get wrong though it runs, each with the reason. Called when `check` is silent. */
  readonly warnings?: (
    hardware: Hardware,
    options: z.output<Fields>,
    workload: Workload,
  ) => readonly string[];
  /** How good the mappings are, where the dataflow chooses any. Called when `check` is silent. */
  readonly mappings?: (
    hardware: Hardware,
    options: z.output<Fields>,
    workload: Workload,
  ) => readonly OpProof[];
}

/** One reason why a design does not fit, with the arithmetic that shows it. */
export interface Misfit {
  readonly what: string;
  readonly arithmetic: string;
}
