/**
 * Drives controllers with requests, from event to event.
 * Models: a front end that sends in order, so many requests a clock, with a bound on reads in flight; one or more channels.
 * Ignores: the way from the master to the controller; see port.ts.
 * Source: the front end of the reference runs (test/validation/dram/README.md).
 */
import { time } from "./cell.ts";
import type { ControllerModel, ControllerState } from "./controller.ts";
import { nextData, nextDataArrive } from "./flow.ts";
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
}

const NEVER = Number.POSITIVE_INFINITY;

export function drive<S extends ControllerState>(d: Drive<S>): Driven {
  const { model, channels, mapping, ticksPerClock } = d;
  const wake = new Float64Array(channels.length);
  let head = d.total > 0 ? d.next() : -1;
  let drawn = 1;
  let sendAt = d.waits ? 1 : 1 + ticksPerClock * (d.gap() - 1);
  let done = 0;
  let inFlight = 0;
  let start = 0;
  let end = 0;
  let readTicks = 0;
  let reads = 0;
  let t = 1;

  const finish = (at: number): void => {
    done += 1;
    if (done === d.warmUp) start = at;
    end = at;
    if (d.waits) sendAt = at + ticksPerClock * (d.gap() + 1);
  };

  while (done < d.total) {
    // Data that came back before this tick.
    for (const state of channels) {
      const { flow } = state;
      while (nextData(flow) < t) {
        const at = nextData(flow);
        if (done >= d.warmUp) {
          readTicks += at - nextDataArrive(flow);
          reads += 1;
        }
        flow.returned += 1;
        inFlight -= 1;
        finish(at);
      }
    }
    let sent = 0;
    const onEdge = (t - 1) % ticksPerClock === 0;
    while (onEdge && head >= 0 && t >= sendAt && sent < d.perClock) {
      const state = channels[channelOf(d, head)];
      if (state === undefined || !maySend(d, state, head, inFlight)) break;
      const write = head & 1;
      const transaction = head >>> 1;
      const before = state.flow.writesDone;
      model.accept(state, gather(mapping.bank, transaction), gather(mapping.row, transaction), write, t - 1);
      wake[channelOf(d, head)] = t;
      inFlight += 1 - write;
      sent += 1;
      head = drawn < d.total ? d.next() : -1;
      drawn += 1;
      if (state.flow.writesDone > before) finish(t);
    }
    if (sent > 0) sendAt = d.waits ? NEVER : t + ticksPerClock * d.gap();

    let later = NEVER;
    for (let channel = 0; channel < channels.length; channel += 1) {
      const state = channels[channel];
      if (state === undefined) continue;
      if (time(wake, channel) <= t) {
        const before = state.flow.writesDone;
        model.step(state, t);
        if (state.flow.writesDone > before) finish(t);
        wake[channel] = model.next(state, t);
      }
      later = Math.min(later, time(wake, channel));
    }
    const target = channels[head < 0 ? 0 : channelOf(d, head)];
    if (head >= 0 && target !== undefined && maySend(d, target, head, inFlight))
      later = Math.min(later, sendAt);
    else if (head < 0 || inFlight >= d.outstanding)
      for (const { flow } of channels) later = Math.min(later, nextData(flow) + 1);
    t = Math.max(later, t + 1);
  }
  return { start, end, readTicks, reads };
}

const channelOf = <S>(d: Drive<S>, head: number): number =>
  d.channels.length === 1 ? 0 : gather(d.mapping.channel, head >>> 1);

const maySend = <S>(d: Drive<S>, state: S, head: number, inFlight: number): boolean =>
  d.model.hasRoom(state, head & 1) && ((head & 1) === 1 || inFlight < d.outstanding);
