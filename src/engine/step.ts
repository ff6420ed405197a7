/**
 * The engine's semantics, for places from .. to - 1 in program order:
 *
 *     dispatch = max(dispatch of the sequencer's previous task, start of the depth-th previous task of the unit)
 *     ready    = max(dispatch, doneAt of the dependencies)
 *     start    = max(ready, freeAt of the unit)
 *     end      = start + occupancy, on a shared server the end of the last tick it got
 *     doneAt   = end + latency
 *
 * Everything is maxima and sums of what stands before in program order, so one pass is exact. This is the hot loop: flat
 * arrays, no allocation.
 */
import { serve } from "./busy.ts";
import { at, indexAt, item } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import { counter } from "./layout.ts";
import type { State } from "./state.ts";

/** A task as it was executed. Times in ticks. */
export interface Executed {
  readonly place: number;
  readonly ready: number;
  readonly start: number;
  readonly end: number;
  readonly doneAt: number;
  readonly contention: number;
  /** Cells: the queue entry that its start took the place of, and where its dispatch and its start came from. */
  readonly queued: number;
  readonly dispatchedBy: number;
  readonly startedBy: number;
  /** Whether it moved the frontier. */
  readonly moves: boolean;
}

/** Told of each task as it is executed. */
export type Watch = (executed: Executed) => void;

export function step(
  { layout, latency }: Compiled,
  state: State,
  from: number,
  to: number,
  watch?: Watch,
): void {
  const { freeAt, ring, depth, register, registerLength, code } = layout;
  const { cells, heads, occupancy, counters } = state;
  let edge = indexAt(code.edgeFrom, from);
  let frontier = at(cells, layout.frontier);
  for (let place = from; place < to; place++) {
    const unit = indexAt(code.unit, place);
    const sequencer = indexAt(code.sequencer, place);
    const head = indexAt(heads, unit);
    const oldest = indexAt(ring, unit) + head;
    const count = indexAt(code.counter, place);

    const before = at(cells, sequencer);
    let ready = before;
    if (at(cells, oldest) > ready) {
      ready = at(cells, oldest);
      cells[sequencer] = ready;
    }
    const dispatch = ready;
    let cause = count + counter.dispatch;
    const edges = indexAt(code.edgeFrom, place + 1);
    for (let candidate = cause + 1; edge < edges; edge++, candidate++) {
      const doneAt = at(cells, indexAt(code.edges, edge));
      if (doneAt > ready) {
        ready = doneAt;
        cause = candidate;
      }
    }

    const unitCell = indexAt(freeAt, unit);
    const free = at(cells, unitCell);
    let start = free;
    if (ready > start) {
      counters[cause] = at(counters, cause) + (ready - start);
      start = ready;
    }
    cells[oldest] = start;
    heads[unit] = head + 1 === indexAt(depth, unit) ? 0 : head + 1;

    const ticks = at(occupancy, place);
    const server = indexAt(code.server, place);
    let end = start + ticks;
    if (server >= 0) {
      const served = serve(item(state.servers, server), start, ticks, dispatch);
      counters[count] = at(counters, count) + (served - end);
      end = served;
    }
    cells[unitCell] = end;

    const doneAt = end + at(latency, place);
    const own = indexAt(code.register, place);
    const latest = indexAt(register, own);
    for (let age = latest + indexAt(registerLength, own) - 1; age > latest; age--)
      cells[age] = at(cells, age - 1);
    cells[latest] = doneAt;

    const moves = doneAt > frontier;
    if (moves) {
      // The frontier is never before `start`: what made it wait was done by then. So all that it moves is the task's own.
      const byOccupancy = end > frontier ? end - frontier : 0;
      counters[count + counter.occupancy] = at(counters, count + counter.occupancy) + byOccupancy;
      counters[count + counter.latency] =
        at(counters, count + counter.latency) + (doneAt - frontier - byOccupancy);
      frontier = doneAt;
    }
    if (watch !== undefined) {
      const dispatchedBy = dispatch > before ? oldest : sequencer;
      const awaited = cause - count - counter.edges;
      const readyBy =
        awaited < 0 ? dispatchedBy : indexAt(code.edges, indexAt(code.edgeFrom, place) + awaited);
      watch({
        place,
        ready,
        start,
        end,
        doneAt,
        contention: end - start - ticks,
        queued: oldest,
        dispatchedBy,
        startedBy: ready > free ? readyBy : unitCell,
        moves,
      });
    }
  }
  cells[layout.frontier] = frontier;
  state.executed += to - from;
}
