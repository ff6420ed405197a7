/**
 * How each op of a workload is mapped on a machine, to be shown.
 * Models: the same mappings as a run of the machine.
 * Ignores: ops that are no products; of a decode all steps but the last.
 * Source: src/mapping.
 */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import type { OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { bypassed } from "../mapping/choice.ts";
import type { Objective } from "../mapping/objective.ts";
import type { Problem } from "../mapping/problem.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import type { BoundDataflow } from "./index.ts";
import { mapped } from "./mapped.ts";
import { type Chosen, mappingOf } from "./mapped-choice.ts";
import { isNest, nestOf } from "./mapped-op.ts";

export interface MappedOp extends Chosen {
  readonly name: string;
  readonly problem: Problem;
  /** Without the operands that the mapping keeps out of memories. */
  readonly hierarchy: OperandHierarchy;
  /** Cycles of the multipliers for each product. */
  readonly passes: number;
  readonly objective: Objective;
}

/**
 * Of a machine that its dataflow's `check` lets run.
 * @throws Error for a machine with another dataflow
 */
export function mappedOps(
  { units, sequencer }: Hardware,
  { name, options }: BoundDataflow,
  workload: Workload,
): readonly MappedOp[] {
  const read = mapped.fields.safeParse(options);
  const { array, vector } = units;
  if (!read.success || !isKind(array, "mac-array") || !isKind(vector, "vector"))
    throw new Error(`dataflow ${name} maps no loop nests`);
  const machine = { array: array.spec, vector: vector.spec, issue: sequencer.issue };
  const { precision } = workload;
  return opsOf(workload).flatMap((each): MappedOp[] => {
    const { op } = each;
    if (!isNest(op)) return [];
    const problem = nestOf(op, each.phase.steps - 1, precision, array.spec);
    const chosen = mappingOf(machine, read.data, each.name, problem);
    if ("misfits" in chosen) throw new Error(`${each.name}: ${chosen.misfits[0]?.what}`);
    const hierarchy = bypassed(array.spec.hierarchy, chosen.mapping.bypass);
    const passes = array.spec.passes[precision] ?? 1;
    return [{ ...chosen, name: each.name, problem, hierarchy, passes, objective: read.data.objective }];
  });
}
