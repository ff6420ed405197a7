/**
 * A shared server that gives every tick to the open request that is earliest in program order.
 *
 * An older request never sees a younger one, so requests can be placed one after the other, in program order: each takes
 * the free ticks from its start on until its occupancy is met. All that has to be kept is where the ticks are taken:
 * sorted intervals [from, to) with free ticks between them (touching ones are merged), in practice a dozen at most. What
 * lies before the floor, the dispatch time of the server's one sequencer, is forgotten: no later request can start there.
 */
import { at } from "./cells.ts";

export interface Busy {
  from: Float64Array;
  to: Float64Array;
  count: number;
}

export const emptyBusy = (): Busy => ({ from: new Float64Array(16), to: new Float64Array(16), count: 0 });

/**
 * Gives `occupancy` free ticks from `start` on to a request.
 * @param floor no later request starts before it; not after `start`
 * @returns the end of the last tick
 */
export function serve(busy: Busy, start: number, occupancy: number, floor: number): number {
  if (occupancy === 0) return start;
  const { from, to, count } = busy;
  // Most requests come behind all others.
  if (count === 0 || at(to, count - 1) <= floor) {
    from[0] = start;
    to[0] = start + occupancy;
    busy.count = 1;
    return start + occupancy;
  }
  const lastTo = at(to, count - 1);
  if (lastTo === start) {
    to[count - 1] = start + occupancy;
    return start + occupancy;
  }
  if (lastTo < start && count < from.length) {
    from[count] = start;
    to[count] = start + occupancy;
    busy.count = count + 1;
    return start + occupancy;
  }
  return fill(busy, start, occupancy, floor);
}

/** Serves a request that may have to share its ticks with older ones. */
function fill(busy: Busy, start: number, occupancy: number, floor: number): number {
  const { from, to, count } = busy;
  let gone = 0;
  while (gone < count && at(to, gone) <= floor) gone++;
  // Intervals first .. last - 1 touch [start, end) and become one with it.
  let first = gone;
  while (first < count && at(to, first) < start) first++;
  let last = first;
  let end = start;
  let left = occupancy;
  let merged = start;
  if (last < count && at(from, last) <= start) {
    merged = at(from, last);
    end = at(to, last);
    last++;
  }
  while (last < count && end + left > at(from, last)) {
    left -= at(from, last) - end;
    end = at(to, last);
    last++;
  }
  end += left;
  let mergedTo = end;
  if (last < count && at(from, last) === end) {
    mergedTo = at(to, last);
    last++;
  }
  replace(busy, gone, first, last, merged, mergedTo);
  return end;
}

/** Forgets what lies before the floor, so that equal futures look equal. */
export function trim(busy: Busy, floor: number): void {
  const { from, to, count } = busy;
  let gone = 0;
  while (gone < count && at(to, gone) <= floor) gone++;
  if (gone > 0) {
    from.copyWithin(0, gone, count);
    to.copyWithin(0, gone, count);
    busy.count = count - gone;
  }
  if (busy.count > 0 && at(from, 0) < floor) from[0] = floor;
}

/** Drops intervals 0 .. gone - 1 and puts one in place of first .. last - 1. */
function replace(busy: Busy, gone: number, first: number, last: number, start: number, end: number): void {
  const { count } = busy;
  const kept = first - gone;
  const tail = count - last;
  const next = kept + 1 + tail;
  if (next > busy.from.length) grow(busy);
  const { from, to } = busy;
  if (gone > 0 && kept > 0) {
    from.copyWithin(0, gone, first);
    to.copyWithin(0, gone, first);
  }
  if (tail > 0 && last !== kept + 1) {
    from.copyWithin(kept + 1, last, count);
    to.copyWithin(kept + 1, last, count);
  }
  from[kept] = start;
  to[kept] = end;
  busy.count = next;
}

function grow(busy: Busy): void {
  const { from, to } = busy;
  busy.from = new Float64Array(from.length * 2);
  busy.to = new Float64Array(to.length * 2);
  busy.from.set(from);
  busy.to.set(to);
}
