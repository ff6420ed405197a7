/** Walks the tree of loops. */
import { growing } from "./amount.ts";
import { item } from "./cells.ts";
import type { Compiled, Loop, Part } from "./compile.ts";
import type { Observer } from "./observer.ts";
import type { State } from "./state.ts";
import { step, type Watch } from "./step.ts";

export interface Machine {
  readonly compiled: Compiled;
  readonly state: State;
  readonly fastForward: boolean;
  readonly observer?: Observer;
  readonly watch?: Watch;
}

export function runParts(machine: Machine, parts: readonly Part[]): void {
  for (const part of parts) {
    if (part.kind === "run") step(machine.compiled, machine.state, part.from, part.to, machine.watch);
    else runLoop(machine, part);
  }
}

function runLoop(machine: Machine, loop: Loop): void {
  for (let i = 0; i < loop.times; i++) {
    grow(machine, loop, i);
    runParts(machine, loop.parts);
  }
}

function grow({ compiled: { places }, state }: Machine, loop: Loop, iteration: number): void {
  for (const place of loop.growing) {
    const { occupancy } = item(places, place).task;
    if (typeof occupancy !== "number") state.occupancy[place] = growing(occupancy, iteration);
  }
}
