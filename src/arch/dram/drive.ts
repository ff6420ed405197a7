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

/** @throws RangeError when the run takes 2^30 ticks or more */
export function drive<S extends ControllerState>(d: Drive<S>): Driven {
  const { state, next, findCycle, ticksPerClock, outstanding, waits } = d;
  const { hasRoom, accept } = d.model;
  const bankOf = gatherer(d.mapping.bank);
  const rowOf = gatherer(d.mapping.row);
  const { flow } = state;
  const p = progress(d.warmUp);
  let { total } = d;
  let skipped: Driven["skipped"];
  let refreshes = 0;
  let head = total > 0 ? next() : -1;
  let drawn = 1;
  let sendAt = waits ? 1 : 1 + ticksPerClock * (d.gap() - 1);
  let t = 0;
  /** The controller has nothing to do before. */
  let wake = 1;
  let rearmed = 0;
  const pressing = Math.min(outstanding, flow.dataAt.length);

  while (true) {
    const stepped = wake <= t;
    if (stepped) {
      const written = flow.writesDone;
      d.model.step(state, t);
      // A write is done as it is written; there is one in a tick at most.
      if (flow.writesDone > written) finishWrite(p, flow, t);
    }
    if (findCycle !== undefined && state.device.refreshes > refreshes) {
      refreshes = state.device.refreshes;
      takeData(p, flow, t);
      const cycle =
        skipped === undefined && p.done >= d.warmUp
          ? findCycle(state, { t, sendAt, readTicks: p.readTicks })
          : undefined;
      if (cycle !== undefined) {
        skipped = { cycle, times: Math.floor((total - drawn) / cycle.requests) };
        total -= skipped.times * cycle.requests;
      }
    }
    if (p.done >= total) return withSkipped(p, skipped);

    // What is sent in the next tick is there before the controller's step in it, so it can as well be sent now.
    const soon = t + 1;
    // Data that came back is counted in batches: at once only where something waits for it.
    if (waits || head < 0 || p.inFlight >= pressing) takeData(p, flow, soon);
    const write = head & 1;
    if (
      head >= 0 &&
      sendAt <= soon &&
      hasRoom(state, write) &&
      (write === 1 || p.inFlight < outstanding) &&
      (ticksPerClock === 1 || t % ticksPerClock === 0)
    ) {
      const transaction = head >>> 1;
      const posted = flow.writesDone;
      accept(state, bankOf(transaction), rowOf(transaction), write, t);
      // Posted writes are done as they are taken in.
      if (flow.writesDone > posted) finishWrite(p, flow, soon);
      p.inFlight += 1 - write;
      head = drawn < total ? next() : -1;
      drawn += 1;
      sendAt = waits ? NEVER : soon + ticksPerClock * d.gap();
      wake = d.model.next(state, t);
    } else if (stepped) wake = d.model.next(state, t);
    if (waits && p.done > rearmed) {
      rearmed = p.done;
      sendAt = p.end + ticksPerClock * (d.gap() + 1);
    }
    const free = head >= 0 && sendAt < NEVER && ((head & 1) === 1 || p.inFlight < outstanding);
    // The next is sent at the end of the tick before its own.
    const other = !free ? flow.nextData : hasRoom(state, head & 1) ? sendAt - 1 : NEVER;
    t = p.done >= total ? soon : later(soon, earlier(wake, other));
    if (t >= NEVER) throw new RangeError("a run must end within 2^30 ticks");
  }
}

function withSkipped(p: Progress, skipped: Driven["skipped"]): Driven {
  const { start, end, readTicks, reads } = p;
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
