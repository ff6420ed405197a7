/** What a dataflow is: whether a machine can run a workload, and the program by which it does. */
import type { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import type { Program } from "../program.ts";
import type { Workload } from "../workload/graph.ts";

export interface Dataflow<Name extends string, Fields extends z.ZodObject> {
  readonly name: Name;
  /** One line for `papillon list dataflows`. */
  readonly summary: string;
  /** Its options in a machine's YAML, always with `name`. */
  readonly fields: Fields;
  /** Why the machine cannot run the workload; empty when it can. */
  readonly check: (hardware: Hardware, options: z.output<Fields>, workload: Workload) => readonly Misfit[];
  /** @throws Error when `check` has anything to say. */
  readonly lower: (hardware: Hardware, options: z.output<Fields>, workload: Workload) => Program;
}

/** One reason why a design does not fit, with the arithmetic that shows it. */
export interface Misfit {
  readonly what: string;
  readonly arithmetic: string;
}
