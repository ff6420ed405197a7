/**
 * Fast-forward, rule 1: equal relative state.
 *
 * An iteration of a loop uses only differences of times (maxima, sums with constants, filling of gaps), so a state that is
 * `delta` later gives the same iteration `delta` later. If the state after iteration k + p is the state after iteration k,
 * `delta` later, then p iterations add `delta` for ever, and the counters, which are sums of differences, grow by the same
 * amounts. Nothing else matters: a register that the loop reads and does not write is constant, and every task that waits
 * for it has run before the reference, so its unit's freeAt is not before it any more. It can neither move a start nor be
 * what a unit stalls for.
 *
 * The frontier is the exception, because others may have moved it far ahead. If it stood still over the period it takes
 * no part as long as the loop does not reach it; that bounds the jump.
 *
 * Search: Brent's. One reference, replaced after 1, 2, 4, 8 .. iterations, finds any period with one comparison per
 * iteration, which nearly always ends at the first entry.
 */
import { trim } from "./busy.ts";
import { at, indexAt, item, numberAt } from "./cells.ts";
import type { Compiled, Loop } from "./compile.ts";
import { blank, frontierEntry, latestDone, type Picture, shift, take } from "./picture.ts";
import type { State } from "./state.ts";
import { jump, type Marks, mark } from "./trail.ts";

/** What keeps a jump short: the iterations left, and a time at or after which an observer wants to see what is done. */
export interface Bounds {
  readonly left: number;
  readonly quietUntil: number;
}

export interface Reference {
  readonly picture: Picture;
  /** The counters of the loop's places at that time. */
  counters: Float64Array;
  /** Of a run with a trail. */
  marks?: Marks;
}

export const noReference = (): Reference => ({ picture: blank(), counters: new Float64Array(0) });

export function remember(compiled: Compiled, state: State, loop: Loop, reference: Reference): void {
  take(compiled, state, loop.footprint, reference.picture);
  const counters = state.counters.subarray(...counterRange(compiled, loop));
  if (reference.counters.length !== counters.length) reference.counters = new Float64Array(counters.length);
  reference.counters.set(counters);
  if (state.trail !== undefined) reference.marks = mark(compiled, state.trail, state.heads, loop.footprint);
}

/** Called `period` iterations after the reference. @returns how many iterations it skipped */
export function skipEqualStates(
  compiled: Compiled,
  state: State,
  loop: Loop,
  reference: Reference,
  period: number,
  { left, quietUntil }: Bounds,
): number {
  if (left < period) return 0;
  const delta = lateness(compiled, state, loop, reference);
  if (delta === undefined) return 0;
  const wanted = Math.floor(left / period);
  const periods = skippable(compiled, state, loop, reference, delta, wanted, quietUntil);
  if (periods > 0) skip(compiled, state, loop, reference, delta, periods);
  return periods * period;
}

/** By how much the state is later than the reference; undefined when it differs in more than that. */
function lateness(
  { layout }: Compiled,
  state: State,
  { footprint }: Loop,
  { picture: { values, length } }: Reference,
): number | undefined {
  const { cells, heads } = state;
  const { sequencers, written, units, servers } = footprint;
  let next = frontierEntry;
  const moved = at(cells, layout.frontier) - at(values, next++);
  const delta = at(cells, numberAt(sequencers, 0)) - at(values, next);
  if (moved !== delta && moved !== 0) return undefined;
  for (const cell of sequencers) if (at(cells, cell) - at(values, next++) !== delta) return undefined;
  for (const cell of written) if (at(cells, cell) - at(values, next++) !== delta) return undefined;
  for (let index = 0; index < units.length; index++) {
    const unit = numberAt(units, index);
    const floor = at(cells, numberAt(footprint.unitSequencer, index));
    const first = indexAt(layout.ring, unit);
    const depth = indexAt(layout.depth, unit);
    let entry = indexAt(heads, unit);
    for (let left = depth; left > 0; left--) {
      if (Math.max(floor, at(cells, first + entry)) - at(values, next++) !== delta) return undefined;
      entry = entry + 1 === depth ? 0 : entry + 1;
    }
  }
  for (let index = 0; index < servers.length; index++) {
    const busy = item(state.servers, numberAt(servers, index));
    trim(busy, at(cells, numberAt(footprint.serverSequencer, index)));
    if (busy.count !== at(values, next++)) return undefined;
    for (let interval = 0; interval < busy.count; interval++) {
      if (at(busy.from, interval) - at(values, next++) !== delta) return undefined;
      if (at(busy.to, interval) - at(values, next++) !== delta) return undefined;
    }
  }
  return next === length ? delta : undefined;
}

/**
 * How many periods of length `delta` may be skipped, at most `wanted`, so that the frontier is not reached when it stood
 * still, and no task done at or after `quietUntil` is among them.
 */
function skippable(
  { layout }: Compiled,
  state: State,
  loop: Loop,
  { picture }: Reference,
  delta: number,
  wanted: number,
  quietUntil: number,
): number {
  const done = latestDone(state, loop);
  const frontier = at(state.cells, layout.frontier);
  if (delta === 0) return done < quietUntil ? wanted : 0;
  const stood = frontier === at(picture.values, frontierEntry);
  const toFrontier = stood ? Math.floor((frontier - done) / delta) : wanted;
  const toWindow = Math.ceil((quietUntil - done) / delta) - 1;
  return Math.max(0, Math.min(wanted, toFrontier, toWindow));
}

/** Skips `periods` periods of length `delta`, each like the one since the reference. */
function skip(
  compiled: Compiled,
  state: State,
  loop: Loop,
  reference: Reference,
  delta: number,
  periods: number,
): void {
  const { layout } = compiled;
  const frontier = at(state.cells, layout.frontier);
  const stood = frontier === at(reference.picture.values, frontierEntry);
  const counters = state.counters.subarray(...counterRange(compiled, loop));
  for (let index = 0; index < counters.length; index++) {
    const now = at(counters, index);
    counters[index] = now + periods * (now - at(reference.counters, index));
  }
  const later = periods * delta;
  shift(compiled, state, loop.footprint, later);
  if (!stood) state.cells[layout.frontier] = frontier + later;
  if (state.trail !== undefined && reference.marks !== undefined)
    jump(compiled, state.trail, state.heads, reference.marks, periods);
}

/** The counters of a loop's places stand together: from .. to - 1. */
export function counterRange({ layout }: Compiled, { from, to }: Loop): [number, number] {
  return [indexAt(layout.code.counter, from), indexAt(layout.code.counter, to)];
}
