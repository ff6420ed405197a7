/**
 * What a loop finds when an iteration begins, told so that later ones can find the same: times relative to the loop's first sequencer,
 *
 *     [ sequencers | freeAt and shift registers that the loop writes | registers that it only reads | queue rings, oldest first | servers ]
 *
 * where no time is earlier than the earliest sequencer of the program. A task is dispatched no earlier than its sequencer's time, so what is
 * done, free or taken by then holds up nothing any more, however long ago that was: states that are equal in this form have equal futures,
 * the one so much later than the other.
 */
import { trim } from "./busy.ts";
import { at, indexAt, item, numberAt } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import type { Footprint } from "./footprint.ts";
import type { State } from "./state.ts";

export interface RelativeState {
  values: Float64Array;
  /** Used part of `values`. */
  length: number;
}

/** Times in a relative state count from here. */
export const baseOf = ({ cells }: State, { sequencers }: Footprint): number =>
  at(cells, numberAt(sequencers, 0));

export function relate({ layout }: Compiled, state: State, footprint: Footprint, into: RelativeState): void {
  const { cells, heads } = state;
  const { sequencers, written, read, units, unitSequencer, servers, serverSequencer } = footprint;
  let length = footprint.fixedEntries + read.length;
  for (let index = 0; index < servers.length; index++) {
    const busy = item(state.servers, numberAt(servers, index));
    trim(busy, at(cells, numberAt(serverSequencer, index)));
    length += 1 + 2 * busy.count;
  }
  if (length > into.values.length) into.values = new Float64Array(length * 2);
  into.length = length;
  const { values } = into;
  const base = baseOf(state, footprint);
  // The sequencers' cells stand before the frontier's.
  let earliest = base;
  for (let cell = 0; cell < layout.frontier; cell++) earliest = Math.min(earliest, at(cells, cell));
  let next = 0;
  for (const cell of sequencers) values[next++] = at(cells, cell) - base;
  for (const cell of written) values[next++] = Math.max(earliest, at(cells, cell)) - base;
  for (const cell of read) values[next++] = Math.max(earliest, at(cells, cell)) - base;
  for (let index = 0; index < units.length; index++) {
    const unit = numberAt(units, index);
    const floor = at(cells, numberAt(unitSequencer, index));
    const first = indexAt(layout.ring, unit);
    const depth = indexAt(layout.depth, unit);
    let entry = indexAt(heads, unit);
    for (let left = depth; left > 0; left--) {
      values[next++] = Math.max(floor, at(cells, first + entry)) - base;
      entry = entry + 1 === depth ? 0 : entry + 1;
    }
  }
  for (let index = 0; index < servers.length; index++) {
    const busy = item(state.servers, numberAt(servers, index));
    values[next++] = busy.count;
    for (let interval = 0; interval < busy.count; interval++) {
      values[next++] = at(busy.from, interval) - base;
      values[next++] = at(busy.to, interval) - base;
    }
  }
  // The frontier's entry of `fixedEntries` has no place here.
  into.length = next;
}

/** Puts a state that lies `base` later in the place of the present one. What the loop only reads stands as it is, and so does the frontier. */
export function settle(
  { layout }: Compiled,
  state: State,
  footprint: Footprint,
  values: Float64Array,
  base: number,
): void {
  const { cells, heads } = state;
  const { sequencers, written, read, units, servers } = footprint;
  let next = 0;
  for (const cell of sequencers) cells[cell] = base + at(values, next++);
  for (const cell of written) cells[cell] = base + at(values, next++);
  next += read.length;
  for (const unit of units) {
    const first = indexAt(layout.ring, unit);
    const depth = indexAt(layout.depth, unit);
    let entry = indexAt(heads, unit);
    for (let left = depth; left > 0; left--) {
      cells[first + entry] = base + at(values, next++);
      entry = entry + 1 === depth ? 0 : entry + 1;
    }
  }
  for (const server of servers) {
    const busy = item(state.servers, server);
    const count = at(values, next++);
    if (count > busy.from.length) {
      busy.from = new Float64Array(2 * count);
      busy.to = new Float64Array(2 * count);
    }
    busy.count = count;
    for (let interval = 0; interval < count; interval++) {
      busy.from[interval] = base + at(values, next++);
      busy.to[interval] = base + at(values, next++);
    }
  }
}
