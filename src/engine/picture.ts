/**
 * A picture of all that the next iteration of a loop depends on, in a canonical form: two states with equal pictures have
 * equal futures. Stands in one array,
 *
 *     [ frontier | sequencers | freeAt and shift registers that the loop writes | queue rings, oldest first | servers ]
 *
 * where a ring's entry is no earlier than its sequencer's time (an earlier one cannot hold up a dispatch) and a server is
 * its number of busy intervals after the floor, then these. Shift registers stand as they are, however old: a reader
 * behind the loop may belong to a sequencer that is earlier than all those of the loop.
 */
import { trim } from "./busy.ts";
import { at, indexAt, item, numberAt } from "./cells.ts";
import type { Compiled, Loop } from "./compile.ts";
import { type Footprint, fixedCells } from "./footprint.ts";
import type { State } from "./state.ts";

export interface Picture {
  values: Float64Array;
  /** Used part of `values`. */
  length: number;
}

export const blank = (): Picture => ({ values: new Float64Array(64), length: 0 });

/** Where the frontier stands in a picture. */
export const frontierEntry = 0;

export function take({ layout }: Compiled, state: State, footprint: Footprint, into: Picture): void {
  const { cells, heads } = state;
  const { units, servers } = footprint;
  let length = footprint.fixedEntries;
  for (let index = 0; index < servers.length; index++) {
    const busy = item(state.servers, numberAt(servers, index));
    trim(busy, at(cells, numberAt(footprint.serverSequencer, index)));
    length += 1 + 2 * busy.count;
  }
  if (length > into.values.length) into.values = new Float64Array(length * 2);
  into.length = length;
  const { values } = into;
  let next = frontierEntry;
  values[next++] = at(cells, layout.frontier);
  for (const cell of footprint.sequencers) values[next++] = at(cells, cell);
  for (const cell of footprint.written) values[next++] = at(cells, cell);
  for (let index = 0; index < units.length; index++) {
    const unit = numberAt(units, index);
    const floor = at(cells, numberAt(footprint.unitSequencer, index));
    const first = indexAt(layout.ring, unit);
    const depth = indexAt(layout.depth, unit);
    let entry = indexAt(heads, unit);
    for (let left = depth; left > 0; left--) {
      values[next++] = Math.max(floor, at(cells, first + entry));
      entry = entry + 1 === depth ? 0 : entry + 1;
    }
  }
  for (const server of servers) {
    const busy = item(state.servers, server);
    values[next++] = busy.count;
    for (let interval = 0; interval < busy.count; interval++) {
      values[next++] = at(busy.from, interval);
      values[next++] = at(busy.to, interval);
    }
  }
}

/** Makes the state look like a picture whose i-th entry is `value(i)`: the inverse of `take`. */
export function restore(
  compiled: Compiled,
  state: State,
  footprint: Footprint,
  value: (index: number) => number,
): void {
  const fixed = fixedCells(compiled.layout, state.heads, footprint);
  fixed.forEach((cell, index) => {
    state.cells[cell] = value(index);
  });
  let next = fixed.length;
  for (const server of footprint.servers) {
    const busy = item(state.servers, server);
    busy.count = value(next++);
    for (let interval = 0; interval < busy.count; interval++) {
      busy.from[interval] = value(next++);
      busy.to[interval] = value(next++);
    }
  }
}

/** Moves all but the frontier by `later`. */
export function shift({ layout }: Compiled, state: State, footprint: Footprint, later: number): void {
  const { cells } = state;
  for (const cell of footprint.sequencers) cells[cell] = at(cells, cell) + later;
  for (const cell of footprint.written) cells[cell] = at(cells, cell) + later;
  for (const unit of footprint.units) {
    const end = indexAt(layout.ring, unit + 1);
    for (let cell = indexAt(layout.ring, unit); cell < end; cell++) cells[cell] = at(cells, cell) + later;
  }
  for (const server of footprint.servers) {
    const { from, to, count } = item(state.servers, server);
    for (let interval = 0; interval < count; interval++) {
      from[interval] = at(from, interval) + later;
      to[interval] = at(to, interval) + later;
    }
  }
}

/** The earliest time of the loop's sequencers: no task that comes is ready before it. */
export function earliest({ cells }: State, { sequencers }: Footprint): number {
  let least = Number.POSITIVE_INFINITY;
  for (const cell of sequencers) least = Math.min(least, at(cells, cell));
  return least;
}

/** No task of the loop so far is done after it. */
export function latestDone({ cells }: State, { footprint, unitLatency }: Loop): number {
  const { unitFreeAt } = footprint;
  let most = 0;
  for (let index = 0; index < unitFreeAt.length; index++)
    most = Math.max(most, at(cells, numberAt(unitFreeAt, index)) + numberAt(unitLatency, index));
  return most;
}
