/**
 * How good the mappings of a run are, op by op.
 * Models: the same mappings as the run; of an op that grows from step to step the widest gap, and the steps of all its searches.
 * Ignores: what is no product.
 * Source: src/mapping.
 */
import type { MappingProof, OpProof } from "../mapping/proof.ts";
import type { Precision } from "../precision.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import { isGrowing } from "../workload/op.ts";
import { type MappedMachine, type MappedOptions, mappingOf } from "./mapped-choice.ts";
import { isNest, type NestOp, nestOf } from "./mapped-op.ts";

export function mappingProofs(
  machine: MappedMachine,
  options: MappedOptions,
  workload: Workload,
): readonly OpProof[] {
  return opsOf(workload).flatMap(({ name, op, phase }): OpProof[] => {
    if (!isNest(op)) return [];
    const steps = isGrowing(op) ? phase.steps : 1;
    const proofs = Array.from({ length: steps }, (_, step) =>
      proofOf(machine, options, name, op, step, workload.precision),
    );
    return [{ phase: phase.name, op: name, mapping: proofs.reduce(widest) }];
  });
}

function proofOf(
  machine: MappedMachine,
  options: MappedOptions,
  name: string,
  op: NestOp,
  step: number,
  precision: Precision,
): MappingProof {
  const chosen = mappingOf(machine, options, name, nestOf(op, step, precision, machine.array));
  if ("misfits" in chosen) throw new Error(`${name}: ${chosen.misfits[0]?.what}`);
  const { searched } = chosen;
  return searched === undefined
    ? { by: "hand" }
    : { by: "search", objective: options.objective, ...searched };
}

function widest(a: MappingProof, b: MappingProof): MappingProof {
  if (a.by === "hand" || b.by === "hand") return a;
  return { ...a, gap: Math.max(a.gap, b.gap), steps: a.steps + b.steps };
}
