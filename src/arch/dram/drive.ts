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
import { finishWrite, type Progress, takeData } from "./progress.ts";
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

/** A front end and where it stands, in ticks and requests. */
interface Front<S> extends Omit<Drive<S>, "mapping" | "total">, Progress {
  readonly bankOf: (transaction: number) => number;
  readonly rowOf: (transaction: number) => number;
  /** Requests of the whole run, less those skipped. */
  total: number;
  /** The next request, or -1 after the last. */
  head: number;
  drawn: number;
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
  while (t !== NEVER) t = advance(f, t);
  return withSkipped(f);
}

/** Written out in full: engines keep the fields of a spread apart, and this is read at every step. */
const front = <S>(d: Drive<S>): Front<S> => ({
  model: d.model,
  state: d.state,
  next: d.next,
  bankOf: gatherer(d.mapping.bank),
  rowOf: gatherer(d.mapping.row),
  warmUp: d.warmUp,
  outstanding: d.outstanding,
  ticksPerClock: d.ticksPerClock,
  gap: d.gap,
  waits: d.waits,
  findCycle: d.findCycle,
  total: d.total,
  head: d.total > 0 ? d.next() : -1,
  drawn: 1,
  sendAt: d.waits ? 1 : 1 + d.ticksPerClock * (d.gap() - 1),
  wake: 1,
  rearmed: 0,
  refreshes: 0,
  skipped: undefined,
  done: 0,
  start: 0,
  end: 0,
  readTicks: 0,
  reads: 0,
  inFlight: 0,
});

/** Lets the controller work at tick `t`, then sends what comes in the next tick; gives the tick to go on at, NEVER at the end. */
function advance<S extends ControllerState>(f: Front<S>, t: number): number {
  const { state, model, ticksPerClock } = f;
  const { flow } = state;
  const stepped = f.wake <= t;
  if (stepped) {
    const written = flow.writesDone;
    model.step(state, t);
    // A write is done as it is written; there is one in a tick at most.
    if (flow.writesDone > written) finishWrite(f, flow, t);
    if (f.findCycle !== undefined && state.device.refreshes > f.refreshes) skipCycles(f, t);
  }
  if (f.done >= f.total) return NEVER;

  // What is sent in the next tick is there before the controller's step in it, so it can as well be sent now.
  const soon = t + 1;
  // Data that came back is counted in batches: at once only where something waits for it.
  if (f.head < 0 || f.inFlight >= f.outstanding || f.inFlight >= flow.dataAt.length || f.waits)
    takeData(f, flow, soon);
  const sends = f.sendAt <= soon && maySend(f) && (ticksPerClock === 1 || t % ticksPerClock === 0);
  if (sends) send(f, soon);
  if (sends || stepped) f.wake = model.next(state, t);
  if (f.waits && f.done > f.rearmed) {
    f.rearmed = f.done;
    f.sendAt = f.end + ticksPerClock * (f.gap() + 1);
  }
  if (f.done >= f.total) return soon;

  const next = later(soon, earlier(f.wake, sendsNext(f)));
  if (next >= NEVER) throw new RangeError("a run must end within 2^30 ticks");
  return next;
}

/** When the next request may be sent, or when data comes back that it waits for: the tick before either. */
function sendsNext<S extends ControllerState>(f: Front<S>): number {
  const { head, sendAt } = f;
  const free = head >= 0 && sendAt < NEVER && ((head & 1) === 1 || f.inFlight < f.outstanding);
  if (!free) return f.state.flow.nextData;
  return f.model.hasRoom(f.state, head & 1) ? sendAt - 1 : NEVER;
}

const maySend = <S>({ model, state, head, inFlight, outstanding }: Front<S>): boolean =>
  head >= 0 && model.hasRoom(state, head & 1) && ((head & 1) === 1 || inFlight < outstanding);

/** Sends the request at the head, for tick `t`. */
function send<S extends ControllerState>(f: Front<S>, t: number): void {
  const { state, head } = f;
  const { flow } = state;
  const transaction = head >>> 1;
  const written = flow.writesDone;
  f.model.accept(state, f.bankOf(transaction), f.rowOf(transaction), head & 1, t - 1);
  // Posted writes are done as they are taken in.
  if (flow.writesDone > written) finishWrite(f, flow, t);
  f.inFlight += 1 - (head & 1);
  f.head = f.drawn < f.total ? f.next() : -1;
  f.drawn += 1;
  f.sendAt = f.waits ? NEVER : t + f.ticksPerClock * f.gap();
}

/** Looks for a repetition after a refresh, and skips all that are still to come. */
function skipCycles<S extends ControllerState>(f: Front<S>, t: number): void {
  f.refreshes = f.state.device.refreshes;
  takeData(f, f.state.flow, t);
  if (f.skipped !== undefined || f.done < f.warmUp) return;
  const cycle = f.findCycle?.(f.state, { t, sendAt: f.sendAt, readTicks: f.readTicks });
  if (cycle === undefined) return;
  f.skipped = { cycle, times: Math.floor((f.total - f.drawn) / cycle.requests) };
  f.total -= f.skipped.times * cycle.requests;
}

function withSkipped({
  start,
  end,
  readTicks,
  reads,
  skipped,
}: Pick<Driven, "start" | "end" | "readTicks" | "reads" | "skipped">): Driven {
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
