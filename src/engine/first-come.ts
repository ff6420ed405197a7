/**
 * The checking alternative: shared servers that serve whoever came first, to the end, instead of the oldest in program
 * order. What a dataflow takes here should differ little from run(); where it differs, its issue order does harm.
 *
 * A younger request may now hold up an older one, so one pass in program order is not enough. Every sequencer has its own
 * cursor. All that is known is evaluated; when nothing moves, the pending request with the smallest (time, unit) over all
 * servers is granted. That is safe: everything still unknown descends from some grant, so it comes no earlier.
 */
import type { Program } from "../program.ts";
import { type Ticks, ticks } from "../quantity.ts";
import { at, indexAt, item } from "./cells.ts";
import { type Compiled, compile } from "./compile.ts";
import { type Unrolled, unroll } from "./unroll.ts";

export interface FirstCome {
  readonly finish: Ticks;
  /** As in Stats: the finish after each item of the program's body. */
  readonly marks: readonly Ticks[];
  /** When each unit's last task left it, in the order of `program.units`. */
  readonly freeAt: readonly Ticks[];
}

/** The program is unrolled, at about 60 bytes an instance. */
const mostInstances = 2 ** 22;

interface Queue {
  /** Its instances in program order. */
  readonly instances: readonly number[];
  dispatched: number;
  started: number;
  ended: number;
}

interface Times {
  readonly dispatch: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly done: Float64Array;
}

/** @throws Error when the program is not well formed, or has more than 2^22 task instances */
export function runFirstComeFirstServed(program: Program): FirstCome {
  const compiled = compile(program);
  const { code } = compiled.layout;
  const unrolled = unroll(compiled, mostInstances);
  const count = unrolled.place.length;
  const unknown = () => new Float64Array(count).fill(Number.NaN);
  const times: Times = { dispatch: unknown(), start: unknown(), end: unknown(), done: unknown() };
  const owned: number[][] = compiled.wiring.units.map(() => []);
  const streams: number[][] = compiled.wiring.sequencers.map(() => []);
  unrolled.place.forEach((place, instance) => {
    item(owned, indexAt(code.unit, place)).push(instance);
    item(streams, indexAt(code.sequencer, place)).push(instance);
  });
  const queues = owned.map((instances): Queue => ({ instances, dispatched: 0, started: 0, ended: 0 }));
  const cursors = streams.map(() => 0);
  const serverFree = compiled.wiring.servers.map(() => 0);
  for (;;) {
    let moved = false;
    streams.forEach((stream, sequencer) => {
      const cursor = dispatchAll(stream, item(cursors, sequencer), compiled, unrolled, queues, times);
      if (cursor > item(cursors, sequencer)) moved = true;
      cursors[sequencer] = cursor;
    });
    queues.forEach((queue, unit) => {
      if (startAll(queue, item(compiled.wiring.units, unit).server, compiled, unrolled, times)) moved = true;
    });
    if (!moved && !grantOne(queues, serverFree, compiled, unrolled, times)) break;
  }
  const finishOf = (end: number) => ticks(times.done.subarray(0, end).reduce((a, b) => Math.max(a, b), 0));
  const ends = queues.map(({ instances }) => instances[instances.length - 1]);
  return {
    finish: finishOf(count),
    marks: unrolled.phaseEnds.map(finishOf),
    freeAt: ends.map((last) => ticks(last === undefined ? 0 : at(times.end, last))),
  };
}

/** Dispatches in order while the queue of the next task is known to have room. @returns the new cursor */
function dispatchAll(
  stream: readonly number[],
  cursor: number,
  { layout, wiring }: Compiled,
  { place }: Unrolled,
  queues: readonly Queue[],
  { dispatch, start }: Times,
): number {
  let next = cursor;
  for (; next < stream.length; next++) {
    const instance = item(stream, next);
    const unit = indexAt(layout.code.unit, indexAt(place, instance));
    const queue = item(queues, unit);
    const blocker = queue.dispatched - item(wiring.units, unit).depth;
    if (blocker >= queue.started) break;
    const room = blocker < 0 ? 0 : at(start, item(queue.instances, blocker));
    const previous = next === 0 ? 0 : at(dispatch, item(stream, next - 1));
    dispatch[instance] = Math.max(room, previous);
    queue.dispatched++;
  }
  return next;
}

/** Starts what is known to be ready on a unit that is known to be free. @returns whether anything did */
function startAll(
  queue: Queue,
  server: number | undefined,
  { latency }: Compiled,
  { place, occupancy, producerFrom, producers }: Unrolled,
  { dispatch, start, end, done }: Times,
): boolean {
  const before = queue.started;
  while (queue.started < queue.dispatched && queue.started === queue.ended) {
    const instance = item(queue.instances, queue.started);
    let ready = at(dispatch, instance);
    for (let edge = indexAt(producerFrom, instance); edge < indexAt(producerFrom, instance + 1); edge++) {
      const producer = indexAt(producers, edge);
      // Not known yet: NaN, which stays.
      if (producer >= 0) ready = Math.max(ready, at(done, producer));
    }
    if (Number.isNaN(ready)) break;
    const free = queue.started === 0 ? 0 : at(end, item(queue.instances, queue.started - 1));
    const from = Math.max(ready, free);
    start[instance] = from;
    queue.started++;
    if (server !== undefined && at(occupancy, instance) > 0) break;
    end[instance] = from + at(occupancy, instance);
    done[instance] = at(end, instance) + at(latency, indexAt(place, instance));
    queue.ended++;
  }
  return queue.started > before;
}

/** Serves the request that came first, of equals that of the first unit. @returns false when there is none */
function grantOne(
  queues: readonly Queue[],
  serverFree: number[],
  { layout, latency, wiring }: Compiled,
  { place, occupancy }: Unrolled,
  { start, end, done }: Times,
): boolean {
  let first: Queue | undefined;
  let came = Number.POSITIVE_INFINITY;
  for (const queue of queues) {
    if (queue.started === queue.ended) continue;
    const time = at(start, item(queue.instances, queue.ended));
    if (time < came) {
      first = queue;
      came = time;
    }
  }
  if (first === undefined) return false;
  const instance = item(first.instances, first.ended);
  const unit = indexAt(layout.code.unit, indexAt(place, instance));
  const server = item(wiring.units, unit).server ?? 0;
  const ended = Math.max(came, item(serverFree, server)) + at(occupancy, instance);
  serverFree[server] = ended;
  end[instance] = ended;
  done[instance] = ended + at(latency, indexAt(place, instance));
  first.ended++;
  return true;
}
