/**
 * Runs the outer loops of a program by what is known of them (loop-memo.ts). An iteration is not executed again in a state in which it was
 * executed before; where a state comes back, with the same amounts, the rounds between are taken at once. In the end the frontier is right,
 * and the state that later tasks see; counters are not.
 */
import { at, item } from "./cells.ts";
import type { Loop, Part } from "./compile.ts";
import { newSearch, type Search, skipEqualDecisions, startSearch } from "./equal-decisions.ts";
import { grow, type Machine, nextChange, runParts } from "./loop.ts";
import {
  type Body,
  bodyOf,
  forget,
  isFull,
  type LoopMemo,
  type Move,
  movesAt,
  numberOf,
} from "./loop-memo.ts";
import { baseOf, relate, settle } from "./relative-state.ts";
import { step } from "./step.ts";

/** Loops of fewer iterations are executed: as for fast-forward, to know them again costs as much. */
const fewest = 3;

/** @param depth loops around the parts, each of one iteration */
export function recallParts(machine: Machine, memo: LoopMemo, parts: readonly Part[], depth = 0): void {
  for (const part of parts) {
    if (part.kind === "run") step(machine.compiled, machine.state, part.from, part.to);
    else if (part.footprint.units.length === 0) continue;
    else if (part.times === 1) {
      grow(machine, part, 0);
      recallParts(machine, memo, part.parts, depth + 1);
    } else {
      const body =
        part.times < fewest ? undefined : bodyOf(memo, machine.compiled, machine.state, part, depth);
      if (body === undefined) runParts(machine, [part]);
      else recallLoop(machine, memo, part, body);
    }
  }
}

/** A loop on its way. */
interface Course {
  readonly machine: Machine;
  readonly memo: LoopMemo;
  readonly loop: Loop;
  readonly body: Body;
  done: number;
  /** The number of the relative state, and the time that it counts from. */
  number: number;
  base: number;
  /** The engine's state is this one, and not an earlier one. */
  present: boolean;
  /** When all is done that the program has done so far. */
  frontier: number;
  readonly search: Search;
  /** Iterations executed one after the other. */
  executed: number;
}

/**
 * So many iterations are executed one after the other before a rule is looked for by which they go on: what the rule skips is not known to
 * the next program.
 */
const patience = 32;

function recallLoop(machine: Machine, memo: LoopMemo, loop: Loop, body: Body): void {
  const { cells } = machine.state;
  const { frontier } = machine.compiled.layout;
  const course: Course = {
    machine,
    memo,
    loop,
    body,
    done: 0,
    number: 0,
    base: 0,
    present: true,
    frontier: at(cells, frontier),
    search: newSearch(),
    executed: 0,
  };
  look(course);
  while (course.done < loop.times) {
    grow(machine, loop, course.done);
    goOnUntil(course, nextChange(machine, loop, course.done));
  }
  arrive(course);
  cells[frontier] = course.frontier;
}

/** Iterations with the same amounts, up to `end`; perhaps further. */
function goOnUntil(course: Course, end: number): void {
  const { body, loop, memo } = course;
  const visits = new Map<number, { readonly done: number; readonly base: number }>();
  let moves = movesAt(body, course.machine.state, loop);
  while (course.done < end) {
    const before = visits.get(course.number);
    if (before !== undefined) {
      const period = course.done - before.done;
      // The last round is gone through: it is the one that moves the frontier.
      const rounds = Math.floor((end - course.done) / period) - 1;
      if (rounds > 0) {
        course.done += rounds * period;
        course.base += rounds * (course.base - before.base);
        course.present = false;
        memo.recalled += rounds * period;
      }
      visits.clear();
    }
    visits.set(course.number, { done: course.done, base: course.base });
    const known = moves.get(course.number);
    if (known === undefined && isFull(body)) {
      arrive(course);
      forget(memo, body);
      look(course);
      visits.clear();
      moves = movesAt(body, course.machine.state, loop);
    }
    const move = known ?? executed(course);
    if (known === undefined) moves.set(course.number, move);
    else {
      course.present = false;
      course.executed = 0;
      memo.recalled++;
    }
    course.frontier = Math.max(course.frontier, course.base + move.latest);
    course.base += move.advance;
    course.number = move.to;
    course.done++;
    if (known === undefined && skips(course)) return;
  }
}

/** Executes an iteration. */
function executed(course: Course): Move {
  const { machine, memo, loop, body, base } = course;
  const { compiled, state } = machine;
  const { frontier } = compiled.layout;
  arrive(course);
  state.cells[frontier] = 0;
  runParts(machine, loop.parts);
  course.executed++;
  memo.executed++;
  relate(compiled, state, loop.footprint, memo.seen);
  return {
    to: numberOf(memo, body, memo.seen),
    advance: baseOf(state, loop.footprint) - base,
    latest: at(state.cells, frontier) - base,
  };
}

/** Whether a rule was found by which the loop goes on, and has gone on. */
function skips(course: Course): boolean {
  const { machine, loop, search, done } = course;
  const { compiled, state } = machine;
  const { frontier } = compiled.layout;
  if (course.executed === 1) {
    startSearch(search, loop);
    search.due += done - 1 + patience;
  }
  if (done < search.due) return false;
  state.cells[frontier] = course.frontier;
  const bounds = { left: loop.times - done, quietUntil: Number.POSITIVE_INFINITY };
  const skipped = skipEqualDecisions(compiled, state, loop, search, done, bounds);
  if (skipped === 0) return false;
  course.done += skipped;
  course.frontier = at(state.cells, frontier);
  look(course);
  return true;
}

/** Takes the engine's state for the course's. */
function look(course: Course): void {
  const { machine, memo, loop, body } = course;
  relate(machine.compiled, machine.state, loop.footprint, memo.seen);
  course.number = numberOf(memo, body, memo.seen);
  course.base = baseOf(machine.state, loop.footprint);
  course.present = true;
}

/** Makes the engine's state the course's. */
function arrive(course: Course): void {
  const { machine, loop, body, number, base, present } = course;
  if (present) return;
  settle(machine.compiled, machine.state, loop.footprint, item(body.states, number), base);
  course.present = true;
}
