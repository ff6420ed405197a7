/** What went through a controller: read data on its way back, writes done, how requests met their rows. */
import { NEVER } from "./cell.ts";
import type { Timing } from "./timing.ts";

export interface Flow {
  /** A ring of read data that has not come back: when it does, and when its request came. Ticks. */
  readonly dataAt: Int32Array;
  readonly dataArrive: Int32Array;
  sent: number;
  returned: number;
  /** When the next data comes back; NEVER when none is on its way. */
  nextData: number;
  readsAccepted: number;
  writesDone: number;
  /** Requests that found their row open, their bank closed, another row open. */
  hits: number;
  misses: number;
  conflicts: number;
}

export function flow(timing: Timing, entries: number): Flow {
  const bursts = Math.ceil(timing.readLatency / timing.burst) + 2;
  // A power of two, so that a mask wraps the ring.
  const ring = 2 ** Math.ceil(Math.log2(bursts + entries));
  return {
    dataAt: new Int32Array(ring),
    dataArrive: new Int32Array(ring),
    sent: 0,
    returned: 0,
    nextData: NEVER,
    readsAccepted: 0,
    writesDone: 0,
    hits: 0,
    misses: 0,
    conflicts: 0,
  };
}

/** Puts the data of one read on its way; times of calls must not fall. */
export function sendData(f: Flow, at: number, arrive: number): void {
  const place = f.sent & (f.dataAt.length - 1);
  f.dataAt[place] = at;
  f.dataArrive[place] = arrive;
  if (f.returned === f.sent) f.nextData = at;
  f.sent += 1;
}

/** Takes the next data back; gives when its request came. */
export function returnData(f: Flow): number {
  const last = f.dataAt.length - 1;
  const arrive = f.dataArrive[f.returned & last] ?? 0;
  f.returned += 1;
  f.nextData = f.returned === f.sent ? NEVER : (f.dataAt[f.returned & last] ?? 0);
  return arrive;
}

/** Reads taken in whose data is not back. */
export const readsInFlight = (f: Flow): number => f.readsAccepted - f.returned;
