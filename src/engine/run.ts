/** Runs a Program: one pass in program order, exact. The semantics and the proofs are in docs/engine.md. */
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";
import { at } from "./cells.ts";
import { compile } from "./compile.ts";
import { type Machine, runParts } from "./loop.ts";
import { type Observer, watching } from "./observer.ts";
import { initial } from "./state.ts";
import { tally } from "./tally.ts";

export interface RunOptions {
  /** Skip what repeats; default true. The result is the same, only slower without. */
  readonly fastForward?: boolean;
  readonly observer?: Observer;
}

/** @throws Error when the program is not well formed, or when the run passes 2^53 ticks. */
export function run(program: Program, { fastForward = true, observer }: RunOptions = {}): Stats {
  const compiled = compile(program);
  const machine: Machine = {
    compiled,
    state: initial(compiled),
    fastForward,
    ...(observer === undefined ? {} : { observer, watch: watching(compiled, observer) }),
  };
  const marks = compiled.phases.map((parts) => {
    runParts(machine, parts);
    return at(machine.state.cells, compiled.layout.frontier);
  });
  return tally(compiled, machine.state, marks);
}
