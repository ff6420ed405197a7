/**
 * Drives controllers with requests, from event to event.
 * Models: a front end that sends in order, so many requests a clock, with a bound on reads in flight; one or more channels.
 * Ignores: the way from the master to the controller; see port.ts.
 * Source: the front end of the reference runs (test/validation/dram/README.md).
 */
import { cell, earlier, later, NEVER } from "./cell.ts";
import type { ControllerModel, ControllerState } from "./controller.ts";
import type { Cycle, Standing } from "./cycle.ts";
import { type Flow, nextData, nextDataArrive } from "./flow.ts";
import { gather, type Mapping } from "./mapping.ts";
import type { Next } from "./sequence.ts";

export interface Drive<S> {
  readonly model: ControllerModel<S>;
  readonly channels: readonly S[];
  readonly mapping: Mapping;
  readonly next: Next;
  readonly total: number;
  readonly warmUp: number;
  /** Reads in flight over all channels, at most. */
  readonly outstanding: number;
  readonly perClock: number;
  readonly ticksPerClock: number;
  /** Clocks from one request to the next, drawn after each send. */
  readonly gap: () => number;
  /** Looks for a repetition after each refresh; only for one channel. */
  readonly findCycle?: ((state: S, standing: Standing) => Cycle | undefined) | undefined;
  /** Whether the gap starts when the request is done instead of when it is sent. */
  readonly waits: boolean;
}

export interface Driven {
  /** Ticks at which the last warm-up request and the last of all were done. */
  readonly start: number;
  readonly end: number;
  /** Sum over the counted reads, from their sending to their data. */
  readonly readTicks: number;
  readonly reads: number;
  /** What was skipped as repeated, already part of the above but not of the controllers' own counts. */
  readonly skipped: { readonly cycle: Cycle; readonly times: number } | undefined;
}

/** What was done so far, in ticks. */
interface Progress {
  done: number;
  start: number;
  end: number;
  readTicks: number;
  reads: number;
  inFlight: number;
}

export function drive<S extends ControllerState>(d: Drive<S>): Driven {
  const { model, channels, mapping, ticksPerClock, perClock } = d;
  const [first] = channels;
  let total = d.total;
  let refreshes = 0;
  let skipped: Driven["skipped"];
  const progress: Progress = { done: 0, start: 0, end: 0, readTicks: 0, reads: 0, inFlight: 0 };
  const wake = new Int32Array(channels.length);
  let head = total > 0 ? d.next() : -1;
  let drawn = 1;
  let sendAt = d.waits ? 1 : 1 + ticksPerClock * (d.gap() - 1);
  let t = 1;

  while (progress.done < total) {
    const before = progress.done;
    for (let channel = 0; channel < channels.length; channel += 1) {
      const state = channels[channel];
      if (state !== undefined) takeData(progress, state.flow, t, d.warmUp);
    }
    if (d.waits && progress.done > before) sendAt = progress.end + ticksPerClock * (d.gap() + 1);

    let sent = 0;
    while (
      head >= 0 &&
      t >= sendAt &&
      sent < perClock &&
      (ticksPerClock === 1 || (t - 1) % ticksPerClock === 0)
    ) {
      const channel = channelOf(d, head);
      const state = channels[channel];
      if (state === undefined || !maySend(d, state, head, progress.inFlight)) break;
      const write = head & 1;
      const transaction = head >>> 1;
      const written = state.flow.writesDone;
      model.accept(state, gather(mapping.bank, transaction), gather(mapping.row, transaction), write, t - 1);
      if (state.flow.writesDone > written) finish(progress, t, d.warmUp);
      wake[channel] = t;
      progress.inFlight += 1 - write;
      sent += 1;
      head = drawn < total ? d.next() : -1;
      drawn += 1;
    }
    if (sent > 0) sendAt = d.waits ? NEVER : t + ticksPerClock * d.gap();

    let wakeAt = NEVER;
    for (let channel = 0; channel < channels.length; channel += 1) {
      const state = channels[channel];
      if (state === undefined) continue;
      if (cell(wake, channel) <= t) {
        const written = state.flow.writesDone;
        model.step(state, t);
        if (state.flow.writesDone > written) finish(progress, t, d.warmUp);
        wake[channel] = model.next(state, t);
      }
      wakeAt = earlier(wakeAt, cell(wake, channel));
    }
    if (d.findCycle !== undefined && first !== undefined && first.device.refreshes > refreshes) {
      refreshes = first.device.refreshes;
      if (skipped === undefined && progress.done >= d.warmUp) {
        const cycle = d.findCycle(first, { t, sendAt, readTicks: progress.readTicks });
        const times = cycle === undefined ? 0 : Math.floor((total - drawn) / cycle.requests);
        if (cycle !== undefined) skipped = { cycle, times };
        if (cycle !== undefined) total -= times * cycle.requests;
      }
    }
    t = later(t + 1, earlier(wakeAt, nextSend(d, head, sendAt, progress.inFlight)));
    if (t >= NEVER) throw new RangeError("a run must end within 2^30 ticks");
  }
  return withSkipped(progress, skipped);
}

function withSkipped(progress: Progress, skipped: Driven["skipped"]): Driven {
  if (skipped === undefined) return { ...progress, skipped };
  const { cycle, times } = skipped;
  return {
    start: progress.start,
    end: progress.end + times * cycle.ticks,
    readTicks: progress.readTicks + times * cycle.readTicks,
    reads: progress.reads + (progress.reads > 0 ? times * cycle.requests : 0),
    skipped,
  };
}

/** Takes in the data that came back before tick `t`. */
function takeData(progress: Progress, flow: Flow, t: number, warmUp: number): void {
  let at = nextData(flow);
  while (at < t) {
    if (progress.done >= warmUp) {
      progress.readTicks += at - nextDataArrive(flow);
      progress.reads += 1;
    }
    flow.returned += 1;
    progress.inFlight -= 1;
    finish(progress, at, warmUp);
    at = nextData(flow);
  }
}

function finish(progress: Progress, at: number, warmUp: number): void {
  progress.done += 1;
  if (progress.done === warmUp) progress.start = at;
  progress.end = at;
}

/** When the request at the head may go, or the next data comes where it waits for that. */
function nextSend<S extends ControllerState>(
  d: Drive<S>,
  head: number,
  sendAt: number,
  inFlight: number,
): number {
  if (head >= 0) {
    const state = d.channels[channelOf(d, head)];
    if (state !== undefined && maySend(d, state, head, inFlight) && sendAt < NEVER) return sendAt;
    if (inFlight < d.outstanding && !d.waits) return NEVER;
  }
  let next = NEVER;
  for (const { flow } of d.channels) next = earlier(next, nextData(flow) + 1);
  return next;
}

const channelOf = <S>(d: Drive<S>, head: number): number =>
  d.channels.length === 1 ? 0 : gather(d.mapping.channel, head >>> 1);

const maySend = <S>(d: Drive<S>, state: S, head: number, inFlight: number): boolean =>
  d.model.hasRoom(state, head & 1) && ((head & 1) === 1 || inFlight < d.outstanding);
