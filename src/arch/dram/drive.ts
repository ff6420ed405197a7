/**
 * Drives a controller with requests, from event to event.
 * Models: a front end that sends at most one request a clock, in order, with a bound on reads in flight.
 * Ignores: the way from the master to the controller (port.ts); several channels (drive-channels.ts).
 * Source: the front end of the reference runs (test/validation/dram/README.md).
 */
import { earlier, later, NEVER } from "./cell.ts";
import type { ControllerModel, ControllerState } from "./controller.ts";
import type { Cycle, Standing } from "./cycle.ts";
import { gatherer, type Mapping } from "./mapping.ts";
import { finishWrite, type Progress, progress, takeData } from "./progress.ts";
import type { Next } from "./sequence.ts";

export interface Drive<S> {
  readonly model: ControllerModel<S>;
  readonly state: S;
  readonly mapping: Mapping;
  readonly next: Next;
  readonly total: number;
  readonly warmUp: number;
  /** Reads in flight, at most. */
  readonly outstanding: number;
  readonly ticksPerClock: number;
  /** Draws the clocks from one request to the next. */
  readonly gap: () => number;
  /** Whether the gap starts when the request is done instead of when it is sent. */
  readonly waits: boolean;
  /** Looks for a repetition after each refresh. */
  readonly findCycle?: ((state: S, standing: Standing) => Cycle | undefined) | undefined;
}

export interface Driven extends Pick<Progress, "start" | "end" | "readTicks" | "reads"> {
  /** What was skipped as repeated: part of the above, but not of the controller's own counts. */
  readonly skipped: { readonly cycle: Cycle; readonly times: number } | undefined;
}

/** Where a front end stands, in ticks and requests. Plain fields: engines keep the locals of a loop this long less well. */
interface Front extends Progress {
  readonly bankOf: (transaction: number) => number;
  readonly rowOf: (transaction: number) => number;
  /** The next request, or -1 after the last. */
  head: number;
  drawn: number;
  /** Of the whole run, less what is skipped. */
  total: number;
  sendAt: number;
  /** The controller has nothing to do before. */
  wake: number;
  /** Requests done when the last gap began. */
  rearmed: number;
  refreshes: number;
  skipped: Driven["skipped"];
}

/** @throws RangeError when the run takes 2^30 ticks or more */
export function drive<S extends ControllerState>(d: Drive<S>): Driven {
  const f = front(d);
  let t = 0;
  while (t !== NEVER) t = advance(d, f, t);
  return withSkipped(f);
}

const front = <S extends ControllerState>(d: Drive<S>): Front => ({
  ...progress(d.warmUp),
  bankOf: gatherer(d.mapping.bank),
  rowOf: gatherer(d.mapping.row),
  head: d.total > 0 ? d.next() : -1,
  drawn: 1,
  total: d.total,
  sendAt: d.waits ? 1 : 1 + d.ticksPerClock * (d.gap() - 1),
  wake: 1,
  rearmed: 0,
  refreshes: 0,
  skipped: undefined,
});

/** Lets the controller work at tick `t`, then sends what comes in the next tick; gives the tick to go on at, NEVER at the end. */
function advance<S extends ControllerState>(d: Drive<S>, f: Front, t: number): number {
  const { state, model, ticksPerClock, waits } = d;
  const { flow } = state;
  const stepped = f.wake <= t;
  if (stepped) {
    const written = flow.writesDone;
    model.step(state, t);
    // A write is done as it is written; there is one in a tick at most.
    if (flow.writesDone > written) finishWrite(f, flow, t);
    if (d.findCycle !== undefined && state.device.refreshes > f.refreshes) skipCycles(d, f, t);
  }
  if (f.done >= f.total) return NEVER;

  // What is sent in the next tick is there before the controller's step in it, so it can as well be sent now.
  const soon = t + 1;
  // Data that came back is counted in batches: at once only where something waits for it.
  if (f.head < 0 || f.inFlight >= d.outstanding || f.inFlight >= flow.dataAt.length || waits)
    takeData(f, flow, soon);
  if (f.sendAt <= soon && maySend(d, f) && (ticksPerClock === 1 || t % ticksPerClock === 0)) {
    send(d, f, soon);
    f.wake = model.next(state, t);
  } else if (stepped) f.wake = model.next(state, t);
  if (waits && f.done > f.rearmed) {
    f.rearmed = f.done;
    f.sendAt = f.end + ticksPerClock * (d.gap() + 1);
  }
  if (f.done >= f.total) return soon;

  // The next is sent at the end of the tick before its own.
  const other = maySend(d, f) ? f.sendAt - 1 : NEVER;
  const free = f.head >= 0 && f.sendAt < NEVER && ((f.head & 1) === 1 || f.inFlight < d.outstanding);
  const next = later(soon, earlier(f.wake, free ? other : flow.nextData));
  if (next >= NEVER) throw new RangeError("a run must end within 2^30 ticks");
  return next;
}

const maySend = <S>({ model, state, outstanding }: Drive<S>, { head, inFlight }: Front): boolean =>
  head >= 0 && model.hasRoom(state, head & 1) && ((head & 1) === 1 || inFlight < outstanding);

/** Sends the request at the head, for tick `t`. */
function send<S extends ControllerState>(d: Drive<S>, f: Front, t: number): void {
  const { flow } = d.state;
  const { head } = f;
  const transaction = head >>> 1;
  const written = flow.writesDone;
  d.model.accept(d.state, f.bankOf(transaction), f.rowOf(transaction), head & 1, t - 1);
  // Posted writes are done as they are taken in.
  if (flow.writesDone > written) finishWrite(f, flow, t);
  f.inFlight += 1 - (head & 1);
  f.head = f.drawn < f.total ? d.next() : -1;
  f.drawn += 1;
  f.sendAt = d.waits ? NEVER : t + d.ticksPerClock * d.gap();
}

/** Looks for a repetition after a refresh, and skips all that are still to come. */
function skipCycles<S extends ControllerState>(d: Drive<S>, f: Front, t: number): void {
  f.refreshes = d.state.device.refreshes;
  takeData(f, d.state.flow, t);
  if (f.skipped !== undefined || f.done < d.warmUp) return;
  const cycle = d.findCycle?.(d.state, { t, sendAt: f.sendAt, readTicks: f.readTicks });
  if (cycle === undefined) return;
  f.skipped = { cycle, times: Math.floor((f.total - f.drawn) / cycle.requests) };
  f.total -= f.skipped.times * cycle.requests;
}

function withSkipped({ start, end, readTicks, reads, skipped }: Front): Driven {
  if (skipped === undefined) return { start, end, readTicks, reads, skipped };
  const { cycle, times } = skipped;
  return {
    start,
    end: end + times * cycle.ticks,
    readTicks: readTicks + times * cycle.readTicks,
    reads: reads + (reads > 0 ? times * cycle.requests : 0),
    skipped,
  };
}
