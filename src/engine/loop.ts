/** Walks the tree of loops, and fast-forwards those that repeat themselves. */
import { growing } from "./amount.ts";
import { item } from "./cells.ts";
import type { Compiled, Loop, Part } from "./compile.ts";
import { lateness, noReference, type Reference, remember, skip, skippable } from "./equal-state.ts";
import type { Observer } from "./observer.ts";
import { earliest } from "./picture.ts";
import type { State } from "./state.ts";
import { step, type Watch } from "./step.ts";

export interface Machine {
  readonly compiled: Compiled;
  readonly state: State;
  readonly fastForward: boolean;
  readonly observer?: Observer;
  readonly watch?: Watch;
  /** What the loops remember, by loop; one that is entered again uses the same memory. */
  readonly references: Map<Loop, Reference>;
}

export function runParts(machine: Machine, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.kind === "run") step(machine.compiled, machine.state, part.from, part.to, machine.watch);
    else if (part.footprint.units.length > 0) runLoop(machine, part);
  }
}

function runLoop(machine: Machine, loop: Loop): void {
  if (!machine.fastForward || loop.times < 3) {
    for (let iteration = 0; iteration < loop.times; iteration++) runIteration(machine, loop, iteration);
    return;
  }
  const { compiled, state } = machine;
  const reference = referenceOf(machine, loop);
  let remembered = 0;
  let window = 1;
  let done = 0;
  while (done < loop.times) {
    runIteration(machine, loop, done++);
    if (loop.growing.length > 0 || done === loop.times) continue;
    const delta = remembered > 0 ? lateness(compiled, state, loop, reference) : undefined;
    if (delta !== undefined) {
      const period = done - remembered;
      const wanted = Math.floor((loop.times - done) / period);
      const periods = skippable(compiled, state, loop, reference, delta, wanted, quietUntil(machine, loop));
      skip(compiled, state, loop, reference, delta, periods);
      done += periods * period;
      if (periods > 0) {
        remembered = 0;
        window = 1;
      }
    }
    if (remembered === 0 || done === remembered + window) {
      window = remembered === 0 ? 1 : window * 2;
      remember(compiled, state, loop, reference);
      remembered = done;
    }
  }
}

function runIteration(machine: Machine, loop: Loop, iteration: number): void {
  for (const place of loop.growing) {
    const { occupancy } = item(machine.compiled.places, place).task;
    if (typeof occupancy !== "number") machine.state.occupancy[place] = growing(occupancy, iteration);
  }
  runParts(machine, loop.parts);
}

/** What is done at or after it may not be skipped, since an observer wants to see it. */
function quietUntil({ observer, state }: Machine, { footprint }: Loop): number {
  if (observer === undefined || earliest(state, footprint) > observer.to) return Number.POSITIVE_INFINITY;
  return observer.from;
}

function referenceOf({ references }: Machine, loop: Loop): Reference {
  const known = references.get(loop);
  if (known !== undefined) return known;
  const fresh = noReference();
  references.set(loop, fresh);
  return fresh;
}
