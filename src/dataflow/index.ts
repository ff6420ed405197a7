/** The dataflows. Adding one is its file and a line in the list and in the schema. */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import type { OpProof } from "../mapping/proof.ts";
import type { Program } from "../program.ts";
import type { Workload } from "../workload/graph.ts";
import type { Dataflow, Misfit } from "./dataflow.ts";
import { dfx } from "./dfx.ts";
import { fabnet } from "./fabnet.ts";
import { macBaseline } from "./mac-baseline.ts";
import { mapped } from "./mapped.ts";
import { sideBySide } from "./side-by-side.ts";
import { sta } from "./sta.ts";
import { systolicDataflow } from "./systolic.ts";
import { isProduct } from "./systolic-window.ts";

export const dataflows = [dfx, fabnet, macBaseline, mapped, sta, systolicDataflow] as const;

/** A dataflow with its options filled in. */
export interface BoundDataflow {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly check: (hardware: Hardware, workload: Workload) => readonly Misfit[];
  /** @throws Error when `check` has anything to say. */
  readonly lower: (hardware: Hardware, workload: Workload) => Program;
  /** What the machine would get wrong though it runs. */
  readonly warnings: (hardware: Hardware, workload: Workload) => readonly string[];
  /** How good the mappings of its ops are; empty for dataflows that choose none. */
  readonly mappings: (hardware: Hardware, workload: Workload) => readonly OpProof[];
}

/** Reads the `dataflow` of a machine's YAML. */
export const dataflowSchema = z.discriminatedUnion("name", [
  bound(dfx),
  bound(fabnet),
  bound(macBaseline),
  bound(mapped),
  bound(sta),
  bound(systolicDataflow),
]);

function bound<Name extends string, Fields extends z.ZodObject>({
  name,
  fields,
  decodes,
  check,
  lower,
  warnings,
  mappings,
}: Dataflow<Name, Fields>) {
  return fields.transform((options): BoundDataflow => {
    const misfitsOf = rememberingLast((hardware, workload) => [
      ...(decodes === true ? [] : encodedMisfits(name, workload)),
      ...check(hardware, options, workload),
    ]);
    return {
      name,
      options: { ...options },
      check: misfitsOf,
      lower: (hardware, workload) => {
        const [misfit] = misfitsOf(hardware, workload);
        if (misfit !== undefined)
          throw new Error(`${name} cannot run ${workload.name} on ${hardware.name}: ${misfit.what}`);
        return sideBySide(hardware, lower(hardware, options, workload));
      },
      warnings: (hardware, workload) => warnings?.(hardware, options, workload) ?? [],
      mappings: (hardware, workload) => mappings?.(hardware, options, workload) ?? [],
    };
  });
}

/** Whoever lowers a workload has just checked it. */
function rememberingLast(check: BoundDataflow["check"]): BoundDataflow["check"] {
  let last: { hardware: Hardware; workload: Workload; misfits: readonly Misfit[] } | undefined;
  return (hardware, workload) => {
    if (last?.hardware !== hardware || last.workload !== workload)
      last = { hardware, workload, misfits: check(hardware, workload) };
    return last.misfits;
  };
}

/** A dataflow that would read encoded weights as dense ones must not run them. */
function encodedMisfits(dataflow: string, workload: Workload): readonly Misfit[] {
  // Asked of each design of a sweep: nothing is made of what is dense.
  for (const { blocks } of workload.phases)
    for (const block of blocks)
      for (const op of block.ops)
        if (isProduct(op) && op.encoding !== undefined)
          return [
            {
              what: `${dataflow} reads dense weights only`,
              arithmetic: `${block.name}.${op.name} is encoded`,
            },
          ];
  return [];
}
