/**
 * Candidates of one kind in order, so that a scan looks only at the first of them.
 */
import type { Bank } from "./device.ts";

/** A request of a bank that may be served next, and its place on an agenda. */
export interface Candidate<R> {
  readonly bank: Bank;
  request: R | undefined;
  /** 1 while on an agenda. */
  listed: number;
  /** What the agenda is ordered by: when the bank allows the command, or the request's age. */
  at: number;
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
  listed: 0,
  at: 0,
  before: undefined,
  after: undefined,
});

export const agenda = <R>(): Agenda<R> => ({ first: undefined, last: undefined });

/** Puts a candidate that is on none on an agenda. Most come last, so the search starts there. */
export function enlist<R>(on: Agenda<R>, x: Candidate<R>, at: number): void {
  x.at = at;
  x.listed = 1;
  let after: Candidate<R> | undefined;
  let before = on.last;
  while (before !== undefined && before.at > at) {
    after = before;
    before = before.before;
  }
  x.before = before;
  x.after = after;
  if (before === undefined) on.first = x;
  else before.after = x;
  if (after === undefined) on.last = x;
  else after.before = x;
}

/** Takes a candidate off its agenda, if it is on it. */
export function withdraw<R>(on: Agenda<R>, x: Candidate<R>): void {
  if (x.listed === 0) return;
  x.listed = 0;
  const { before, after } = x;
  if (before === undefined) on.first = after;
  else before.after = after;
  if (after === undefined) on.last = before;
  else after.before = before;
}
