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
  readonly hash: number;
  /** What a state's number stands for. */
  states: Float64Array[];
  /** Numbers of states by their hash. */
  readonly numbers: Map<number, number[]>;
  /** By amounts that have grown. */
  readonly moves: Map<string, Map<number, Move>>;
  /** Values in all states. */
  size: number;
}

export interface LoopMemo {
  /** By the hash of their amounts, those used last at the end. Of two with one hash the later one is kept. */
  readonly bodies: Map<number, Body>;
  /** Values in all of them. */
  size: number;
  /** Of each form, by place and by what stands there. */
  readonly shapes: WeakMap<
    Wiring,
    { readonly byPlace: Map<string, number>; readonly byText: Map<string, number> }
  >;
  /** Where amounts and states are gathered before it is known whether they are new. */
  amounts: Float64Array;
  readonly seen: RelativeState;
  /** So many programs were run. */
  programs: number;
  /** By the hash of the amounts of a body: which program had it first. */
  readonly met: Map<number, number>;
  /** Iterations taken from memory, one by one or many at a time, and iterations executed, since the begin. */
  recalled: number;
  executed: number;
}

/** Values of states that are kept: 8 MB. */
const most = 1_000_000;
const mostMet = 10_000;
/** A body that is found in ever new states starts anew. */
const mostOfBody = 250_000;

export const loopMemo = (): LoopMemo => ({
  bodies: new Map(),
  size: 0,
  shapes: new WeakMap(),
  amounts: new Float64Array(256),
  seen: { values: new Float64Array(256), length: 0 },
  programs: 0,
  met: new Map(),
  recalled: 0,
  executed: 0,
});

/**
 * The body of a loop that is about to run; undefined where no program before had it: most that are met once are never met again.
 * @param depth loops around it
 */
export function bodyOf(
  memo: LoopMemo,
  compiled: Compiled,
  state: State,
  loop: Loop,
  depth: number,
): Body | undefined {
  const length = gather(memo, compiled, state, loop, depth);
  const { wiring } = compiled;
  const hash = hashOf(memo.amounts, length);
  const found = memo.bodies.get(hash);
  if (found === undefined && !isMetAgain(memo, hash)) return;
  if (found !== undefined) drop(memo, found);
  const known =
    found?.wiring === wiring && sameValues(found.amounts, memo.amounts, length) ? found : undefined;
  const body = known ?? {
    wiring,
    amounts: memo.amounts.slice(0, length),
    hash,
    states: [],
    numbers: new Map(),
    moves: new Map(),
    size: 0,
  };
  for (const oldest of memo.bodies.values()) {
    if (memo.size + sizeOf(body) <= most) break;
    drop(memo, oldest);
  }
  memo.bodies.set(hash, body);
  memo.size += sizeOf(body);
  return body;
}

function isMetAgain({ met, programs }: LoopMemo, hash: number): boolean {
  const first = met.get(hash);
  if (first !== undefined) return first !== programs;
  if (met.size >= mostMet) met.clear();
  met.set(hash, programs);
  return false;
}

const sizeOf = ({ amounts, size }: Body): number => amounts.length + size;

function drop(memo: LoopMemo, body: Body): void {
  memo.bodies.delete(body.hash);
  memo.size -= sizeOf(body);
}

/** The number of a relative state. */
export function numberOf(memo: LoopMemo, body: Body, { values, length }: RelativeState): number {
  const hash = hashOf(values, length);
  const alike = body.numbers.get(hash);
  const known = alike?.find((number) => sameValues(item(body.states, number), values, length));
  if (known !== undefined) return known;
  const number = body.states.push(values.slice(0, length)) - 1;
  body.size += length;
  memo.size += length;
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

export function forget(memo: LoopMemo, body: Body): void {
  memo.size -= body.size;
  body.states = [];
  body.numbers.clear();
  body.moves.clear();
  body.size = 0;
}

/** Stands for an amount that grows with the loop itself. Amounts are no less than 0. */
const ofTheLoop = -1;
const ofAnInnerLoop = -2;
/** No place has more values. */
const valuesOfPlace = 8;

/**
 * All that an iteration depends on but the state and what grows with the loop: which tasks in which loops, how often, how long.
 * @returns how many values
 */
function gather(memo: LoopMemo, compiled: Compiled, { occupancy }: State, loop: Loop, depth: number): number {
  const { from, to, growing } = loop;
  const times: number[] = [];
  timesIn(loop.parts, times);
  const most = 1 + times.length + valuesOfPlace * (to - from);
  if (most > memo.amounts.length) memo.amounts = new Float64Array(2 * most);
  const { amounts } = memo;
  let next = 0;
  amounts[next++] = shapeOf(memo, compiled, loop, depth);
  for (const each of times) amounts[next++] = each;
  let grows = 0;
  for (let index = from; index < to; index++) {
    const { task, loops } = item(compiled.places, index);
    amounts[next++] = task.latency;
    const amount = task.occupancy;
    if (growing[grows] === index) {
      grows++;
      amounts[next++] = ofTheLoop;
      continue;
    }
    const own =
      typeof amount === "number" || amount.step === 0
        ? -1
        : loops.findIndex(({ name }) => name === amount.loop);
    // What grows with a loop around this one stands.
    if (typeof amount === "number" || own < depth) amounts[next++] = at(occupancy, index);
    else {
      amounts[next++] = ofAnInnerLoop;
      amounts[next++] = own - depth;
      amounts[next++] = amount.base;
      amounts[next++] = amount.step;
      amounts[next++] = amount.per;
      amounts[next++] = amount.every ?? 1;
      amounts[next++] = amount.offset ?? 0;
    }
  }
  return next;
}

function timesIn(parts: readonly Part[], times: number[]): void {
  for (const part of parts) {
    if (part.kind === "run") continue;
    times.push(part.times);
    timesIn(part.parts, times);
  }
}

/** One number for all loops of a form with the same tasks in the same loops, wherever they stand. */
function shapeOf(memo: LoopMemo, { wiring }: Compiled, loop: Loop, depth: number): number {
  const known = memo.shapes.get(wiring) ?? {
    byPlace: new Map<string, number>(),
    byText: new Map<string, number>(),
  };
  memo.shapes.set(wiring, known);
  const place = `${loop.from} ${loop.to} ${depth}`;
  const found = known.byPlace.get(place);
  if (found !== undefined) return found;
  const places = wiring.places.slice(loop.from, loop.to);
  const text = JSON.stringify([boundsIn(loop.parts, loop.from), places]);
  const shape = known.byText.get(text) ?? known.byText.size;
  known.byText.set(text, shape);
  known.byPlace.set(place, shape);
  return shape;
}

type Bounds = readonly (readonly [number, number, Bounds?])[];

const boundsIn = (parts: readonly Part[], from: number): Bounds =>
  parts.map((part) =>
    part.kind === "run"
      ? [part.from - from, part.to - from]
      : [part.from - from, part.to - from, boundsIn(part.parts, from)],
  );

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
