/** The program's text: its places in order, the tree of its loops, and whether all amounts are whole numbers. */

import { leastCommonMultiple } from "../amount.ts";
import type { Amount, Growing, Item, Program, Repeat, Task } from "../program.ts";
import { amountProblem, growthPeriod } from "./amount.ts";

/** A place in the program's text where a task stands. */
export interface Place {
  readonly task: Task;
  /** The loops around it, outermost first. */
  readonly loops: readonly Scope[];
  /** False when one of these runs zero times. */
  readonly live: boolean;
}

export interface Scope {
  readonly kind: "loop";
  readonly name: string | undefined;
  readonly times: number;
  readonly from: number;
  readonly to: number;
  readonly parts: readonly (Straight | Scope)[];
  /** Places whose occupancy grows with this loop, and the iterations after which each has grown by a whole number. */
  readonly growing: readonly number[];
  readonly growthPeriod: number;
}

/** Places from .. to - 1, without a loop between. */
export interface Straight {
  readonly kind: "run";
  readonly from: number;
  readonly to: number;
}

/** One list of parts for each item of the program's body. */
export interface Scan {
  readonly places: readonly Place[];
  readonly scopes: readonly (readonly (Straight | Scope)[])[];
}

type Open = { -readonly [K in keyof Scope]: Scope[K] } & { growing: number[] };

export function scan(program: Program): Scan {
  const places: Place[] = [];
  const walk = (items: readonly Item[], loops: readonly Open[]): (Straight | Scope)[] => {
    const parts: (Straight | Scope)[] = [];
    let from = places.length;
    const close = () => {
      if (places.length > from) parts.push({ kind: "run", from, to: places.length });
    };
    for (const item of items) {
      if (item.kind === "task") {
        addPlace(item, loops, places);
      } else {
        close();
        parts.push(open(item, loops));
        from = places.length;
      }
    }
    close();
    return parts;
  };
  const open = (loop: Repeat, loops: readonly Open[]): Scope => {
    checkRepeat(loop, loops);
    const from = places.length;
    const scope: Open = {
      kind: "loop",
      name: loop.name,
      times: loop.times,
      from,
      to: from,
      parts: [],
      growing: [],
      growthPeriod: 1,
    };
    scope.parts = walk(loop.body, [...loops, scope]);
    scope.to = places.length;
    return scope;
  };
  return { scopes: program.body.map((item) => walk([item], [])), places };
}

/** The loop that an amount grows with; undefined for a plain number. */
export function growthLoop(amount: Amount, loops: readonly Scope[]): Scope | undefined {
  return typeof amount === "number" ? undefined : loops.find(({ name }) => name === amount.loop);
}

/** How every message about a task begins. */
export const taskName = ({ id, op, unit }: Task): string => `task "${id}" of op "${op}" on unit "${unit}"`;

function addPlace(task: Task, loops: readonly Open[], places: Place[]): void {
  checkAmount(task, "occupancy", task.occupancy, loops, 0);
  checkAmount(task, "latency", task.latency, loops, 0);
  for (const action in task.counts) checkAmount(task, "count", task.counts[action] ?? 0, loops, 0, action);
  for (const memory in task.holds)
    checkAmount(task, "hold of", task.holds[memory] ?? 0, loops, -Number.MAX_SAFE_INTEGER, memory);
  const { occupancy } = task;
  const grows = growthLoop(occupancy, loops);
  if (typeof occupancy !== "number" && grows !== undefined && occupancy.step !== 0)
    markGrowing(loops, occupancy, places.length);
  places.push({ task, loops, live: loops.every(({ times }) => times > 0) });
}

function markGrowing(loops: readonly Open[], amount: Growing, place: number): void {
  for (const loop of loops.filter(({ name }) => name === amount.loop)) {
    loop.growing.push(place);
    // Past the loop's length any period is as useless as any other; the bound keeps the multiple a safe integer.
    const period = leastCommonMultiple(loop.growthPeriod, growthPeriod(amount));
    loop.growthPeriod = Math.min(period, Math.max(1, loop.times));
  }
}

/** @param of which of the task's counts or holds */
function checkAmount(
  task: Task,
  what: string,
  amount: Amount,
  loops: readonly Scope[],
  least: number,
  of = "",
): void {
  if (typeof amount === "number" && Number.isSafeInteger(amount) && amount >= least) return;
  const name = of === "" ? what : `${what} "${of}"`;
  const loop = growthLoop(amount, loops);
  if (typeof amount !== "number" && loop === undefined)
    throw new Error(`${taskName(task)}: ${name} grows with loop "${amount.loop}", which does not enclose it`);
  // In a loop that never runs no iteration can be wrong.
  const live = loops.every(({ times }) => times > 0);
  const problem = amountProblem(amount, live ? (loop?.times ?? 1) : 0, least);
  if (problem !== undefined)
    throw new Error(
      `${taskName(task)}: ${name} ${problem}, expected a whole number${least < 0 ? "" : " from 0"}`,
    );
}

function checkRepeat({ times, name }: Repeat, loops: readonly Scope[]): void {
  const title = name === undefined ? "a repeat" : `repeat "${name}"`;
  if (!Number.isSafeInteger(times) || times < 0)
    throw new Error(`${title} runs ${times} times, expected a whole number from 0`);
  if (name !== undefined && loops.some((loop) => loop.name === name))
    throw new Error(`${title} stands inside another repeat of this name`);
}
