/** Runs a Program: one pass in program order, exact. The semantics and the proofs are in docs/engine.md. */
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";
import { at } from "./cells.ts";
import { type Compiled, compile } from "./compile.ts";
import { type Machine, runParts } from "./loop.ts";
import type { LoopMemo } from "./loop-memo.ts";
import { type Observer, watching } from "./observer.ts";
import { recallParts } from "./recall.ts";
import { initial, type State } from "./state.ts";
import type { Watch } from "./step.ts";
import { tally } from "./tally.ts";
import { follow } from "./trail.ts";

export interface RunOptions {
  /** Skip what repeats; default true. The result is the same, only slower without. */
  readonly fastForward?: boolean;
  readonly observer?: Observer;
}

/** What only the engine's own files ask for. */
interface ExecuteOptions extends RunOptions {
  /** Keep how every time came about, in `State.trail`. */
  readonly trailed?: boolean;
  /** Take iterations that others have executed from here. Counters are not kept then. */
  readonly memo?: LoopMemo;
}

/** @throws Error when the program is not well formed, or when the run passes 2^53 ticks. */
export function run(program: Program, options: RunOptions = {}): Stats {
  const compiled = compile(program);
  const { state, marks } = execute(compiled, options);
  return tally(compiled, state, marks);
}

/** The state at the end, and the frontier after each item of the program's body. */
export function execute(
  compiled: Compiled,
  { fastForward = true, observer, trailed = false, memo }: ExecuteOptions = {},
): { state: State; marks: number[] } {
  const state = initial(compiled, trailed);
  const watch = watchOf(compiled, state, observer);
  const machine: Machine = {
    compiled,
    state,
    fastForward,
    memories: new Map(),
    ...(observer === undefined ? {} : { observer }),
    ...(watch === undefined ? {} : { watch }),
  };
  const marks = compiled.phases.map((parts) => {
    if (memo === undefined) runParts(machine, parts);
    else recallParts(machine, memo, parts);
    return at(state.cells, compiled.layout.frontier);
  });
  return { state, marks };
}

function watchOf(compiled: Compiled, { trail }: State, observer: Observer | undefined): Watch | undefined {
  const shown = observer && watching(compiled, observer);
  if (trail === undefined) return shown;
  return (executed) => {
    follow(compiled, trail, { ...executed, occupancy: executed.end - executed.start - executed.contention });
    shown?.(executed);
  };
}
