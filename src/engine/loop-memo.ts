/**
 * What iterations of loops did to the states that they found, for all programs of one form that an evaluation runs one after the other:
 * an iteration of the same tasks, with the same amounts, from the same relative state, ends in the same one. So the layers of one
 * machine are executed once, however many contexts and lengths ask for them.
 *
 * A body is a loop's tasks with all their amounts but those that grow with it. It has the relative states that it was found in, by number,
 * and what the iteration did from each of them with the amounts that had grown so far. Bodies that were used last are kept, up to a
 * number of values in all their states.
 */
import { at, item } from "./cells.ts";
import type { Compiled, Loop, Part } from "./compile.ts";
import type { RelativeState } from "./relative-state.ts";
import type { State } from "./state.ts";
import type { Wiring } from "./wire.ts";

/** An iteration that was executed once. */
export interface Move {
  /** The relative state after it. */
  readonly to: number;
  /** By how much the loop's first sequencer is later then. */
  readonly advance: number;
  /** When the last of its tasks is done, from the first sequencer's time before it on. */
  readonly latest: number;
}

export interface Body {
  readonly wiring: Wiring;
  readonly amounts: Float64Array;
  /** What a state's number stands for. */
  states: Float64Array[];
  /** Numbers of states by their hash. */
  readonly numbers: Map<number, number[]>;
  /** By amounts that have grown. */
  readonly moves: Map<string, Map<number, Move>>;
  /** Values in all states. */
  size: number;
  /** The program that brought it. */
  readonly since: number;
}

export interface LoopMemo {
  /** Those used last first. */
  bodies: readonly Body[];
  /** Where amounts and states are gathered before it is known whether they are new. */
  amounts: Float64Array;
  readonly seen: RelativeState;
  /** So many programs were run. */
  programs: number;
  /** Iterations taken from memory, one by one or many at a time, and iterations executed, since the begin. */
  recalled: number;
  executed: number;
}

/** Values of states that are kept: 8 MB. */
const most = 1_000_000;
/** A body that is found in ever new states starts anew. */
const mostOfBody = 250_000;

export const loopMemo = (): LoopMemo => ({
  bodies: [],
  amounts: new Float64Array(256),
  seen: { values: new Float64Array(256), length: 0 },
  programs: 0,
  recalled: 0,
  executed: 0,
});

/** The body of a loop that is about to run. @param depth loops around it */
export function bodyOf(memo: LoopMemo, compiled: Compiled, state: State, loop: Loop, depth: number): Body {
  const length = gather(memo, compiled, state, loop, depth);
  const { wiring } = compiled;
  const known = memo.bodies.find(
    (body) => body.wiring === wiring && sameValues(body.amounts, memo.amounts, length),
  );
  const body = known ?? {
    wiring,
    amounts: memo.amounts.slice(0, length),
    states: [],
    numbers: new Map(),
    moves: new Map(),
    size: 0,
    since: memo.programs,
  };
  if (memo.bodies[0] !== body) memo.bodies = keep([body, ...memo.bodies.filter((other) => other !== body)]);
  return body;
}

function keep(bodies: readonly Body[]): readonly Body[] {
  let room = most;
  return bodies.filter(({ size, amounts }, index) => {
    room -= size + amounts.length;
    return index === 0 || room >= 0;
  });
}

/** The number of a relative state. */
export function numberOf(body: Body, { values, length }: RelativeState): number {
  const hash = hashOf(values, length);
  const alike = body.numbers.get(hash);
  const known = alike?.find((number) => sameValues(item(body.states, number), values, length));
  if (known !== undefined) return known;
  const number = body.states.push(values.slice(0, length)) - 1;
  body.size += length;
  if (alike === undefined) body.numbers.set(hash, [number]);
  else alike.push(number);
  return number;
}

/** Iterations by the state that they begin in, for the amounts that have grown at one of them. */
export function movesAt(body: Body, { occupancy }: State, { growing }: Loop): Map<number, Move> {
  let grown = "";
  for (const place of growing) grown += `${at(occupancy, place)} `;
  const known = body.moves.get(grown);
  if (known !== undefined) return known;
  const moves = new Map<number, Move>();
  body.moves.set(grown, moves);
  return moves;
}

export const isFull = ({ size }: Body): boolean => size > mostOfBody;

export function forget(body: Body): void {
  body.states = [];
  body.numbers.clear();
  body.moves.clear();
  body.size = 0;
}

/** Stands for an amount that grows with the loop itself. Amounts are no less than 0. */
const ofTheLoop = -1;
const ofAnInnerLoop = -2;
/** In the place of the times of a loop. */
const straight = -1;

/**
 * All that an iteration depends on but the state and what grows with the loop: which tasks in which loops, how often, how long.
 * @returns how many values
 */
function gather(
  memo: LoopMemo,
  { wiring, places }: Compiled,
  { occupancy }: State,
  loop: Loop,
  depth: number,
): number {
  const { from, to, growing } = loop;
  let next = 0;
  const add = (value: number): void => {
    if (next === memo.amounts.length) {
      const wider = new Float64Array(2 * next);
      wider.set(memo.amounts);
      memo.amounts = wider;
    }
    memo.amounts[next++] = value;
  };
  addParts(loop.parts, from, add);
  let grows = 0;
  for (let index = from; index < to; index++) {
    const { task, loops } = item(places, index);
    const { unit, register, after } = item(wiring.places, index);
    add(unit);
    add(register);
    add(after.length);
    for (const edge of after) {
      add(edge.register);
      add(edge.age);
    }
    add(task.latency);
    const amount = task.occupancy;
    if (growing[grows] === index) {
      grows++;
      add(ofTheLoop);
    } else if (typeof amount === "number" || amount.step === 0) add(at(occupancy, index));
    else {
      const own = loops.findIndex(({ name }) => name === amount.loop);
      const { base, step, per, every = 1, offset = 0 } = amount;
      // What grows with a loop around this one stands.
      if (own < depth) add(at(occupancy, index));
      else for (const value of [ofAnInnerLoop, own - depth, base, step, per, every, offset]) add(value);
    }
  }
  return next;
}

function addParts(parts: readonly Part[], from: number, add: (value: number) => void): void {
  add(parts.length);
  for (const part of parts) {
    add(part.from - from);
    add(part.to - from);
    add(part.kind === "loop" ? part.times : straight);
    if (part.kind === "loop") addParts(part.parts, from, add);
  }
}

function sameValues(known: Float64Array, values: Float64Array, length: number): boolean {
  if (known.length !== length) return false;
  for (let index = 0; index < length; index++) if (at(known, index) !== at(values, index)) return false;
  return true;
}

function hashOf(values: Float64Array, length: number): number {
  let hash = length;
  for (let index = 0; index < length; index++) hash = (Math.imul(hash, 31) + at(values, index)) | 0;
  return hash;
}
