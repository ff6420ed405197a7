/** What a run has done so far, in ticks and requests. */
import { type Flow, returnData } from "./flow.ts";

export interface Progress {
  readonly warmUp: number;
  done: number;
  /** Ticks at which the last warm-up request and the last of all were done. */
  start: number;
  end: number;
  /** Sum over the counted reads, from their sending to their data. */
  readTicks: number;
  reads: number;
  inFlight: number;
}

export const progress = (warmUp: number): Progress => ({
  warmUp,
  done: 0,
  start: 0,
  end: 0,
  readTicks: 0,
  reads: 0,
  inFlight: 0,
});

/** Counts a write as done at tick `t`, after the data that came back before. */
export function finishWrite(p: Progress, flow: Flow, t: number): void {
  takeData(p, flow, t);
  finish(p, t);
}

function finish(p: Progress, at: number): void {
  p.done += 1;
  if (p.done === p.warmUp) p.start = at;
  p.end = at;
}

/** Takes in the data that came back before tick `t`. */
export function takeData(p: Progress, flow: Flow, t: number): void {
  while (flow.nextData < t) {
    const at = flow.nextData;
    const arrive = returnData(flow);
    if (p.done >= p.warmUp) {
      p.readTicks += at - arrive;
      p.reads += 1;
    }
    p.inFlight -= 1;
    finish(p, at);
  }
}
