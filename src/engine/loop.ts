/** Walks the tree of loops, and fast-forwards those that repeat themselves. */
import { changesAfter, growing } from "./amount.ts";
import { item } from "./cells.ts";
import type { Compiled, Loop, Part } from "./compile.ts";
import { newSearch, type Search, skipEqualDecisions, startSearch } from "./equal-decisions.ts";
import { noReference, type Reference, remember, skipEqualStates } from "./equal-state.ts";
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
  readonly memories: Map<Loop, Memory>;
}

interface Memory {
  readonly reference: Reference;
  readonly search: Search;
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
  const { reference, search } = memoryOf(machine, loop);
  const grows = loop.growing.length > 0;
  startSearch(search, loop);
  let remembered = 0;
  let window = 1;
  // Rule 1 is about a body that stays the same: up to the next iteration in which some amount is another one.
  let changes = grows ? 0 : loop.times;
  for (let done = 0; done < loop.times; ) {
    if (done >= changes) {
      changes = nextChange(machine, loop, done);
      remembered = 0;
    }
    runIteration(machine, loop, done++);
    const quiet = quietUntil(machine, loop);
    let skipped = 0;
    if (remembered > 0) {
      const left = (grows ? Math.min(changes, search.due) : loop.times) - done;
      const bounds = { left, quietUntil: quiet };
      skipped = skipEqualStates(compiled, state, loop, reference, done - remembered, bounds);
    }
    if (skipped === 0 && done >= search.due) {
      const bounds = { left: loop.times - done, quietUntil: quiet };
      skipped = skipEqualDecisions(compiled, state, loop, search, done, bounds);
    }
    done += skipped;
    // Brent's search: a new reference after a skip and after 1, 2, 4, 8 .. iterations more.
    const anew = remembered === 0 || skipped > 0;
    if (done + 1 < changes && (anew || done === remembered + window)) {
      window = anew ? 1 : window * 2;
      remember(compiled, state, loop, reference);
      remembered = done;
    }
  }
}

/** The first iteration after `iteration` in which an amount that grows with the loop is another one; at most the loop's end. */
export function nextChange({ compiled }: Machine, loop: Loop, iteration: number): number {
  return loop.growing.reduce((first, place) => {
    const { occupancy } = item(compiled.places, place).task;
    return typeof occupancy === "number" ? first : Math.min(first, changesAfter(occupancy, iteration));
  }, loop.times);
}

function runIteration(machine: Machine, loop: Loop, iteration: number): void {
  grow(machine, loop, iteration);
  runParts(machine, loop.parts);
}

/** Makes what grows with the loop as large as it is in this iteration. */
export function grow({ compiled, state }: Machine, { growing: places }: Loop, iteration: number): void {
  for (const place of places) {
    const { occupancy } = item(compiled.places, place).task;
    if (typeof occupancy !== "number") state.occupancy[place] = growing(occupancy, iteration);
  }
}

/** What is done at or after it may not be skipped, since an observer wants to see it. */
function quietUntil({ observer, state }: Machine, { footprint }: Loop): number {
  if (observer === undefined || earliest(state, footprint) > observer.to) return Number.POSITIVE_INFINITY;
  return observer.from;
}

function memoryOf({ memories }: Machine, loop: Loop): Memory {
  const known = memories.get(loop);
  if (known !== undefined) return known;
  const fresh = { reference: noReference(), search: newSearch() };
  memories.set(loop, fresh);
  return fresh;
}
