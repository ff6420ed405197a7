/**
 * A first-ready, first-come-first-served controller with row hits first and open rows.
 * Models: read and write queues with watermarks; a queue slot that frees at the activate; a request whose row was opened
 * for it served in either mode; all-bank refresh ahead of everything else; a shared or a row-and-column command bus;
 * two-part activates and a stopping write clock (LPDDR5).
 * Ignores: power-down, per-bank refresh, auto-precharge.
 * Source: the policy of Ramulator 2.1 ("FRFCFS-RowHit", open rows, "AllBank" refresh).
 */

import { enlist, withdraw } from "./agenda.ts";
import { scanActive, scanCloses, scanColumns, scanOpens } from "./candidates.ts";
import { ALWAYS, earlier, later, NEVER } from "./cell.ts";
import {
  earliestActivate,
  issueActivate,
  issuePrecharge,
  issuePrechargeAll,
  issueRead,
  issueRefresh,
  issueWrite,
  prechargeAllTime,
} from "./device.ts";
import { sendData } from "./flow.ts";
import {
  offerAllClosed,
  offerClose,
  offerClosed,
  offerNextHit,
  offerOpened,
  withdrawOpens,
} from "./offers.ts";
import { type Controller, type Request, turn, unlink } from "./queue.ts";

/** Issues what can be issued at tick `t`. Must be called at every tick that `nextTick` gives. */
export function step(c: Controller, t: number): void {
  if (c.activeBound < t) catchUp(c, t);
  if (t >= c.nextRefresh) {
    c.nextRefresh += c.timing.refreshInterval;
    c.refreshRank = 0;
    c.refreshBound = ALWAYS;
  }
  if (c.dualBus) stepDual(c, t);
  else stepShared(c, t);
}

/**
 * Issues the reads of opened rows that were due before tick `t`, each at its own tick. Nothing else could have gone out since
 * the last step, so they need no step of their own before their data or the precharge after them are due.
 */
function catchUp(c: Controller, t: number): void {
  while (c.activeBound < t) {
    const at = aligned(c, later(c.activeBound, c.columnBusAt));
    if (at >= t) return;
    const r = scanActive(c, at);
    if (r !== undefined) column(c, r, at);
  }
}

/** The first tick after `t` at which `step` must be called when no request comes. Reads of opened rows may be late; see `catchUp`. */
export function nextTick(c: Controller, t: number): number {
  let due: number;
  if (refreshing(c))
    due = earlier(aligned(c, later(c.activeBound, c.columnBusAt)), later(c.refreshBound, c.rowBusAt));
  else if (wouldSwitch(c)) return t + 1;
  else {
    const columns = aligned(c, later(earlier(c.activeBound + c.readSlack, c.columnBound), c.columnBusAt));
    const rows = later(earlier(c.openBound, c.closeBound), c.rowBusAt);
    due = earlier(earlier(columns, rows), c.nextRefresh);
  }
  if (c.activating !== undefined) due = earlier(due, c.rowBusAt);
  return later(due, t + 1);
}

const refreshing = (c: Controller): boolean => c.refreshRank < c.ranks;

/** Column commands, activates and refreshes go out on the first half of a clock. */
function aligned(c: Controller, t: number): number {
  const scale = c.ticksPerClock;
  return scale === 1 || t === NEVER ? t : t + ((t + 1) % scale);
}

function stepDual(c: Controller, t: number): void {
  const onEdge = aligned(c, t) === t;
  if (onEdge && t >= c.columnBusAt) {
    let r = c.activeBound <= t ? scanActive(c, t) : undefined;
    if (r === undefined && !refreshing(c)) {
      chooseMode(c);
      if (c.columnBound <= t) r = scanColumns(c, t);
    }
    if (r !== undefined) column(c, r, t);
  }
  if (t < c.rowBusAt) return;
  if (refreshing(c)) {
    if (c.refreshBound <= t) refresh(c, t, onEdge);
    return;
  }
  chooseMode(c);
  const opens = onEdge && c.openBound <= t ? scanOpens(c, t) : undefined;
  const closes = c.closeBound <= t ? scanCloses(c, t) : undefined;
  issueRow(c, opens, closes, t);
}

function stepShared(c: Controller, t: number): void {
  if (t < c.rowBusAt) return;
  const { activating, synchronizing } = c;
  if (activating !== undefined && c.activateDeadline <= t) finishActivate(c, activating, t);
  else if (synchronizing !== undefined) {
    c.synchronizing = undefined;
    column(c, synchronizing, t);
  } else if (!serveShared(c, t) && c.activating !== undefined) finishActivate(c, c.activating, t);
}

/** Issues one command by priority: opened for, refresh, then the oldest that is ready. Says whether there was one. */
function serveShared(c: Controller, t: number): boolean {
  const active = c.activeBound <= t ? scanActive(c, t) : undefined;
  if (active !== undefined) {
    synchronized(c, active, t);
    return true;
  }
  if (refreshing(c)) return c.refreshBound <= t && refresh(c, t, true);
  chooseMode(c);
  const hit = c.columnBound <= t ? scanColumns(c, t) : undefined;
  const opens = c.openBound <= t && c.activating === undefined ? scanOpens(c, t) : undefined;
  const closes = c.closeBound <= t ? scanCloses(c, t) : undefined;
  if (hit !== undefined && older(hit, opens) && older(hit, closes)) {
    if (opens !== undefined) c.openBound = t;
    if (closes !== undefined) c.closeBound = t;
    synchronized(c, hit, t);
    return true;
  }
  if (hit !== undefined) c.columnBound = t;
  return issueRow(c, opens, closes, t);
}

/** Issues the older of an activate and a precharge; the other stays ready. Says whether there was one. */
function issueRow(
  c: Controller,
  opens: Request | undefined,
  closes: Request | undefined,
  t: number,
): boolean {
  if (opens !== undefined && older(opens, closes)) {
    if (closes !== undefined) c.closeBound = t;
    activate(c, opens, t);
    return true;
  }
  if (closes === undefined) return false;
  if (opens !== undefined) c.openBound = t;
  precharge(c, closes, t);
  return true;
}

/** Whether `b` is no candidate, or a younger one. */
const older = (a: Request, b: Request | undefined): boolean => b === undefined || a.age < b.age;

/** Writes drain between the watermarks, or while there is nothing to read. */
function chooseMode(c: Controller): void {
  if (wouldSwitch(c)) turn(c);
}

function wouldSwitch(c: Controller): boolean {
  return c.writing === 0
    ? c.readCount === 0 || c.writeCount > c.writeHigh
    : c.readCount !== 0 && c.writeCount < c.writeLow;
}

/** Issues the column command of a request, which leaves. */
function column(c: Controller, r: Request, t: number): void {
  const { device, timing } = c;
  const { queue, write } = r;
  if (r.seen === 0) c.flow.hits += 1;
  takeColumnBus(c, t + timing.columnBus);
  if (write === 0) {
    issueRead(device, queue.bank, t);
    sendData(c.flow, t + timing.readLatency, r.arrive);
  } else {
    issueWrite(device, queue.bank, t);
    c.flow.writesDone += 1;
  }
  if (timing.clockPostamble !== undefined)
    c.clockUntil = later(
      c.clockUntil,
      t + (write === 0 ? timing.readLatency : timing.writeLatency) + timing.clockPostamble,
    );
  if (queue.active.request === r) {
    queue.active.request = undefined;
    withdraw(c.actives, queue.active);
    offerClose(c, queue, 0);
    if (c.writeCount > 0) offerClose(c, queue, 1);
  } else {
    unlink(c, r);
    offerNextHit(c, r);
  }
  c.free[c.freeCount] = r;
  c.freeCount += 1;
  if (refreshing(c)) c.refreshBound = ALWAYS;
}

/** A column command, or the clock start that must come one tick before it. */
function synchronized(c: Controller, r: Request, t: number): void {
  if (c.timing.clockPostamble === undefined || t < c.clockUntil) {
    column(c, r, t);
    return;
  }
  // What was found ready stays so, but does not go out now.
  c.activeBound = ALWAYS;
  c.columnBound = ALWAYS;
  // The clock start takes this tick and the next; the second part of an activate must not miss its deadline for it.
  if (c.activating !== undefined && c.activateDeadline <= t + 1) {
    finishActivate(c, c.activating, t);
    return;
  }
  takeColumnBus(c, t + 1);
  c.synchronizing = r;
}

function activate(c: Controller, r: Request, t: number): void {
  const { device, timing } = c;
  const { queue } = r;
  if (r.seen === 0) c.flow.misses += 1;
  r.seen = 1;
  unlink(c, r);
  c.rowBusAt = t + timing.activateBus;
  if (!c.dualBus) c.columnBusAt = c.rowBusAt;
  issueActivate(device, queue.bank, r.row, t);
  if (timing.activateWithin === undefined) {
    c.openBound = later(c.openBound, earliestActivate(device, queue.bank.stack));
    promote(c, r);
    return;
  }
  c.activating = r;
  c.activateDeadline = t + timing.activateWithin;
  queue.bank.openRow = -1;
  withdrawOpens(c, queue);
}

/** The second part of an activate: from here on the row is open. */
function finishActivate(c: Controller, r: Request, t: number): void {
  c.activating = undefined;
  c.openBound = ALWAYS;
  c.rowBusAt = t + 1;
  c.columnBusAt = t + 1;
  r.queue.bank.openRow = r.row;
  promote(c, r);
}

/** The row is open for this request: its column command comes before all others of its bank. */
function promote(c: Controller, r: Request): void {
  const { queue } = r;
  queue.active.request = r;
  const at = r.write === 0 ? queue.bank.readAt : queue.bank.writeAt;
  enlist(c.actives, queue.active, at);
  c.activeBound = earlier(c.activeBound, at);
  offerOpened(c, queue, r.write);
}

function precharge(c: Controller, r: Request, t: number): void {
  if (r.seen === 0) c.flow.conflicts += 1;
  r.seen = 1;
  issuePrecharge(c.device, r.queue.bank, t);
  c.rowBusAt = t + c.timing.rowBus;
  if (!c.dualBus) c.columnBusAt = c.rowBusAt;
  offerClosed(c, r.queue, r.write);
}

/** Closes all rows of the rank whose refresh is due, then refreshes it. Says whether it issued a command. */
function refresh(c: Controller, t: number, onEdge: boolean): boolean {
  const { device } = c;
  const rank = device.ranks[c.refreshRank];
  if (rank === undefined) return false;
  if (rank.openBanks > 0) {
    if (c.actives.first !== undefined || c.activating !== undefined) {
      c.refreshBound = NEVER;
      return false;
    }
    const ready = prechargeAllTime(rank);
    c.refreshBound = ready;
    if (ready > t) return false;
    offerAllClosed(c, rank);
    issuePrechargeAll(device, rank, t);
    c.refreshBound = rank.refreshAt;
  } else {
    const ready = aligned(c, rank.refreshAt);
    c.refreshBound = ready;
    if (ready > t || !onEdge) return false;
    issueRefresh(device, rank, t);
    c.refreshRank += 1;
    c.refreshBound = ALWAYS;
  }
  c.rowBusAt = t + c.timing.rowBus;
  if (!c.dualBus) c.columnBusAt = c.rowBusAt;
  return true;
}

function takeColumnBus(c: Controller, until: number): void {
  c.columnBusAt = until;
  if (!c.dualBus) c.rowBusAt = until;
}
