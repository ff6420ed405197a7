/**
 * Candidates of one kind in order, so that a scan looks only at the first of them.
 */
import type { Bank } from "./device.ts";

/** A request of a bank that may be served next, and its place on an agenda. */
export interface Candidate<R> {
  readonly bank: Bank;
  request: R | undefined;
  /** What the agenda is ordered by: when the bank allows the command, or the request's age. */
  at: number;
  on: Agenda<R> | undefined;
  before: Candidate<R> | undefined;
  after: Candidate<R> | undefined;
}

/** In order of `at`. */
export interface Agenda<R> {
  first: Candidate<R> | undefined;
  last: Candidate<R> | undefined;
}

export const candidate = <R>(bank: Bank): Candidate<R> => ({
  bank,
  request: undefined,
  at: 0,
  on: undefined,
  before: undefined,
  after: undefined,
});

export const agenda = <R>(): Agenda<R> => ({ first: undefined, last: undefined });

/** Puts a candidate on an agenda, or moves it there. */
export function enlist<R>(on: Agenda<R>, x: Candidate<R>, at: number): void {
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
export function withdraw<R>(x: Candidate<R>): void {
  const { on } = x;
  if (on === undefined) return;
  x.on = undefined;
  const { before, after } = x;
  if (before === undefined) on.first = after;
  else before.after = after;
  if (after === undefined) on.last = before;
  else after.before = before;
}
