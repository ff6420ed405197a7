/**
 * The oldest ready request of each kind. A scan looks only at candidates whose own bank allows the command, or at the oldest
 * first, and leaves in its bound when another may be ready. A candidate's time may be too early, as commands to its bank can
 * still move it; never too late.
 */
import { earlier, NEVER } from "./cell.ts";
import { activateTime, columnAt, prechargeTime } from "./device.ts";
import type { Controller, Request } from "./queue.ts";

/** Oldest request with a row opened for it whose column command is ready. */
export function scanActive(c: Controller, t: number): Request | undefined {
  let best: Request | undefined;
  let bound = NEVER;
  let ready = 0;
  let x = c.actives.first;
  while (x !== undefined && x.at <= t) {
    const { request } = x;
    const at = request === undefined ? NEVER : columnAt(x.bank, request.write);
    if (at > t) bound = earlier(bound, at);
    else {
      ready += 1;
      best = older(best, request);
    }
    x = x.after;
  }
  c.activeBound = ready > 1 ? t : x === undefined ? bound : earlier(bound, x.at);
  return best;
}

/** Oldest ready row hit of the queue being served. */
export function scanColumns(c: Controller, t: number): Request | undefined {
  const { writing } = c;
  let best: Request | undefined;
  let bound = NEVER;
  let ready = 0;
  let x = c.served.columns.first;
  while (x !== undefined && x.at <= t) {
    const at = columnAt(x.bank, writing);
    if (at > t) bound = earlier(bound, at);
    else {
      ready += 1;
      best = older(best, x.request);
    }
    x = x.after;
  }
  c.columnBound = ready > 1 ? t : x === undefined ? bound : earlier(bound, x.at);
  return best;
}

/** Oldest request of the queue being served whose closed bank can be opened; its agenda is in order of age. */
export function scanOpens(c: Controller, t: number): Request | undefined {
  let bound = NEVER;
  let x = c.served.opens.first;
  while (x !== undefined) {
    const at = activateTime(x.bank);
    if (at <= t) {
      // Whether a younger one is ready too is not known.
      c.openBound = x.after === undefined ? bound : t;
      return x.request;
    }
    bound = earlier(bound, at);
    x = x.after;
  }
  c.openBound = bound;
  return undefined;
}

/** Oldest request of the queue being served whose bank can be closed for it. */
export function scanCloses(c: Controller, t: number): Request | undefined {
  let best: Request | undefined;
  let bound = NEVER;
  let ready = 0;
  let x = c.served.closes.first;
  while (x !== undefined && x.at <= t) {
    const at = prechargeTime(x.bank);
    if (at > t) bound = earlier(bound, at);
    else {
      ready += 1;
      best = older(best, x.request);
    }
    x = x.after;
  }
  c.closeBound = ready > 1 ? t : x === undefined ? bound : earlier(bound, x.at);
  return best;
}

const older = (a: Request | undefined, b: Request | undefined): Request | undefined =>
  a === undefined || (b !== undefined && b.age < a.age) ? b : a;
