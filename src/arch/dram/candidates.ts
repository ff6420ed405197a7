/**
 * Candidates for a command, by when their own bank allows it: a scan looks only at those whose time has come, and leaves in
 * its bound when another may be ready. A candidate's time may be too early, as commands to its bank can still move it; never too late.
 */
import { earlier, NEVER } from "./cell.ts";
import { activateTime, type Bank, columnAt, prechargeTime } from "./device.ts";
import type { Controller, Request } from "./queue.ts";

/** A request of a bank that may be served next, and its place on an agenda. */
export interface Candidate {
  readonly bank: Bank;
  request: Request | undefined;
  at: number;
  on: Agenda | undefined;
  before: Candidate | undefined;
  after: Candidate | undefined;
}

/** Candidates in order of time. */
export interface Agenda {
  first: Candidate | undefined;
  last: Candidate | undefined;
}

export const candidate = (bank: Bank): Candidate => ({
  bank,
  request: undefined,
  at: 0,
  on: undefined,
  before: undefined,
  after: undefined,
});

export const agenda = (): Agenda => ({ first: undefined, last: undefined });

/** Puts a candidate on an agenda, or moves it there. */
export function enlist(on: Agenda, x: Candidate, at: number): void {
  if (x.on === on && x.at === at) return;
  withdraw(x);
  x.at = at;
  x.on = on;
  let { last: before } = on;
  if (before === undefined || before.at <= at) {
    x.after = undefined;
    on.last = x;
  } else {
    let after = before;
    before = before.before;
    while (before !== undefined && before.at > at) {
      after = before;
      before = before.before;
    }
    x.after = after;
    after.before = x;
  }
  x.before = before;
  if (before === undefined) on.first = x;
  else before.after = x;
}

/** Takes a candidate off its agenda, if it is on one. */
export function withdraw(x: Candidate): void {
  const { on } = x;
  if (on === undefined) return;
  x.on = undefined;
  const { before, after } = x;
  if (before === undefined) on.first = after;
  else before.after = after;
  if (after === undefined) on.last = before;
  else after.before = before;
}

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

/** Oldest request of the queue being served whose closed bank can be opened. */
export function scanOpens(c: Controller, t: number): Request | undefined {
  let best: Request | undefined;
  let bound = NEVER;
  let ready = 0;
  let x = c.served.opens.first;
  while (x !== undefined && x.at <= t) {
    const at = activateTime(x.bank);
    if (at > t) bound = earlier(bound, at);
    else {
      ready += 1;
      best = older(best, x.request);
    }
    x = x.after;
  }
  c.openBound = ready > 1 ? t : x === undefined ? bound : earlier(bound, x.at);
  return best;
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
