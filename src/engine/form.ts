/** Whether two programs have the same form: the same tasks on the same units in the same loops, whatever their amounts. */
import type { Dependency, Program } from "../program.ts";
import type { Place, Scan, Scope, Straight } from "./scan.ts";

/** A program that was compiled before. */
interface Form {
  readonly program: Program;
  readonly places: readonly Place[];
  readonly phases: readonly (readonly Part[])[];
}

type Part =
  | Straight
  | { readonly kind: "loop"; readonly from: number; readonly to: number; readonly parts: readonly Part[] };

export function sameForm(program: Program, { places, scopes }: Scan, like: Form): boolean {
  return (
    places.length === like.places.length &&
    scopes.length === like.phases.length &&
    sameMachine(program, like.program) &&
    scopes.every((parts, index) => sameParts(parts, like.phases[index] ?? [])) &&
    places.every(({ task, live }, index) => {
      const other = like.places[index];
      return (
        other !== undefined &&
        live === other.live &&
        task.id === other.task.id &&
        task.unit === other.task.unit &&
        task.after.length === other.task.after.length &&
        task.after.every((dependency, edge) => sameDependency(dependency, other.task.after[edge]))
      );
    })
  );
}

const sameMachine = (a: Program, b: Program): boolean =>
  a.units.length === b.units.length &&
  a.servers.length === b.servers.length &&
  a.units.every(({ name, sequencer, depth, server }, index) => {
    const other = b.units[index];
    return (
      name === other?.name &&
      sequencer === other.sequencer &&
      depth === other.depth &&
      server === other.server
    );
  }) &&
  a.servers.every(({ name }, index) => name === b.servers[index]?.name);

const sameParts = (parts: readonly (Straight | Scope)[], others: readonly Part[]): boolean =>
  parts.length === others.length &&
  parts.every((part, index) => {
    const other = others[index];
    if (part.kind !== other?.kind || part.from !== other.from || part.to !== other.to) return false;
    return part.kind === "run" || other.kind === "run" || sameParts(part.parts, other.parts);
  });

function sameDependency(a: Dependency, b: Dependency | undefined): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  if (a.task !== b?.task) return false;
  return "age" in a ? "age" in b && a.age === b.age : "back" in b && a.back === b.back;
}
