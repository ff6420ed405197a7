/**
 * A first-ready, first-come-first-served controller with row hits first and open rows.
 * Models: read and write queues with watermarks; a queue slot that frees at the activate; a request whose row was opened
 * for it served in either mode; all-bank refresh ahead of everything else; a shared or a row-and-column command bus;
 * two-part activates and a stopping write clock (LPDDR5).
 * Ignores: power-down, per-bank refresh, auto-precharge.
 * Source: the policy of Ramulator 2.1 ("FRFCFS-RowHit", open rows, "AllBank" refresh).
 */

import { scanActivates, scanActive, scanColumns, scanPrecharges } from "./candidates.ts";
import { ALWAYS, earlier, later, NEVER } from "./cell.ts";
import {
  columnAt,
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
import { type Controller, forgetBounds, offer, reopen, unlink } from "./queue.ts";

const NONE = -1;

/** Issues what can be issued at tick `t`. Must be called at every tick that `nextTick` gives, and whenever a request came. */
export function step(c: Controller, t: number): void {
  if (t >= c.nextRefresh) {
    c.nextRefresh += c.device.timing.refreshInterval;
    c.refreshRank = 0;
    c.refreshBound = ALWAYS;
  }
  if (c.device.timing.dualBus) stepDual(c, t);
  else stepShared(c, t);
}

/** The next tick at which something may be issued when no request comes. */
export function nextTick(c: Controller, t: number): number {
  const soon = t + 1;
  const row = later(c.rowBusAt, soon);
  const activating = c.activating === NONE ? NEVER : row;
  if (refreshing(c)) {
    const column = aligned(c, later(later(c.activeBound, c.columnBusAt), soon));
    return earlier(earlier(column, later(c.refreshBound, row)), activating);
  }
  if (wouldSwitch(c)) return soon;
  const column = aligned(c, later(later(earlier(c.activeBound, c.columnBound), c.columnBusAt), soon));
  const open = aligned(c, later(c.activateBound, row));
  const close = later(c.prechargeBound, row);
  return earlier(earlier(earlier(column, open), earlier(close, activating)), later(c.nextRefresh, soon));
}

const refreshing = (c: Controller): boolean => c.refreshRank < c.device.ranks;

/** Column commands, activates and refreshes go out on the first half of a clock. */
function aligned(c: Controller, t: number): number {
  const scale = c.device.timing.ticksPerClock;
  return scale === 1 || t === NEVER ? t : t + ((t + 1) % scale);
}

function stepDual(c: Controller, t: number): void {
  const onEdge = aligned(c, t) === t;
  if (onEdge && t >= c.columnBusAt) {
    let slot = c.activeBound <= t ? scanActive(c, t) : NONE;
    if (slot === NONE && !refreshing(c)) {
      chooseMode(c);
      if (c.columnBound <= t) slot = scanColumns(c, t);
    }
    if (slot !== NONE) column(c, slot, t);
  }
  if (t < c.rowBusAt) return;
  if (refreshing(c)) {
    if (c.refreshBound <= t) refresh(c, t, onEdge);
    return;
  }
  chooseMode(c);
  const opens = onEdge && c.activateBound <= t ? scanActivates(c, t) : NONE;
  const closes = c.prechargeBound <= t ? scanPrecharges(c, t) : NONE;
  issueRow(c, opens, closes, t);
}

function stepShared(c: Controller, t: number): void {
  if (t < c.rowBusAt) return;
  if (c.activating !== NONE && c.activateDeadline <= t) {
    finishActivate(c, t);
  } else if (c.synchronizing !== NONE) {
    const slot = c.synchronizing;
    c.synchronizing = NONE;
    column(c, slot, t);
  } else if (!serveShared(c, t) && c.activating !== NONE) finishActivate(c, t);
}

/** Issues one command by priority: opened for, refresh, then the oldest that is ready. Says whether there was one. */
function serveShared(c: Controller, t: number): boolean {
  const active = c.activeBound <= t ? scanActive(c, t) : NONE;
  if (active !== NONE) {
    synchronized(c, active, t);
    return true;
  }
  if (refreshing(c)) return c.refreshBound <= t && refresh(c, t, true);
  chooseMode(c);
  const hits = c.columnBound <= t ? scanColumns(c, t) : NONE;
  const opens = c.activateBound <= t && c.activating === NONE ? scanActivates(c, t) : NONE;
  const closes = c.prechargeBound <= t ? scanPrecharges(c, t) : NONE;
  if (older(c, hits, opens) && older(c, hits, closes)) {
    if (opens !== NONE) c.activateBound = t;
    if (closes !== NONE) c.prechargeBound = t;
    synchronized(c, hits, t);
    return true;
  }
  if (hits !== NONE) c.columnBound = t;
  return issueRow(c, opens, closes, t);
}

/** Issues the older of an activate and a precharge; the other stays ready. Says whether there was one. */
function issueRow(c: Controller, opens: number, closes: number, t: number): boolean {
  if (older(c, opens, closes)) {
    if (closes !== NONE) c.prechargeBound = t;
    activate(c, opens, t);
    return true;
  }
  if (closes === NONE) return false;
  if (opens !== NONE) c.activateBound = t;
  precharge(c, closes, t);
  return true;
}

/** Whether slot `a` is a candidate and `b` is none, or a younger one. */
const older = (c: Controller, a: number, b: number): boolean =>
  a !== NONE && (b === NONE || (c.slotAge[a] ?? 0) < (c.slotAge[b] ?? 0));

/** Writes drain between the watermarks, or while there is nothing to read. */
function chooseMode(c: Controller): void {
  if (!wouldSwitch(c)) return;
  c.writing = 1 - c.writing;
  forgetBounds(c);
}

function wouldSwitch(c: Controller): boolean {
  return c.writing === 0
    ? c.readCount === 0 || c.writeCount > c.writeHigh
    : c.readCount !== 0 && c.writeCount < c.writeLow;
}

/** Issues the column command of a slot and frees the slot. */
function column(c: Controller, slot: number, t: number): void {
  const { device } = c;
  const { timing } = device;
  const bank = c.slotBank[slot] ?? 0;
  const write = c.slotWrite[slot] ?? 0;
  if ((c.slotSeen[slot] ?? 0) === 0) c.flow.hits += 1;
  takeColumnBus(c, t + timing.columnBus);
  if (write === 0) {
    issueRead(device, bank, t);
    sendData(c.flow, t + timing.readLatency, c.slotArrive[slot] ?? 0);
  } else {
    issueWrite(device, bank, t);
    c.flow.writesDone += 1;
  }
  if (timing.clockPostamble !== undefined)
    c.clockUntil = later(
      c.clockUntil,
      t + (write === 0 ? timing.readLatency : timing.writeLatency) + timing.clockPostamble,
    );
  if ((c.active[bank] ?? 0) === slot) {
    c.active[bank] = NONE;
    c.activeMask[bank >>> 5] = (c.activeMask[bank >>> 5] ?? 0) & ~(1 << (bank & 31));
    c.activeCount -= 1;
    if (c.readCount > 0) offer(c, bank, 0);
    if (c.writeCount > 0) offer(c, bank, 1);
  } else {
    unlink(c, slot);
    offer(c, bank, write);
  }
  c.free[c.freeCount] = slot;
  c.freeCount += 1;
  if (refreshing(c)) c.refreshBound = ALWAYS;
}

/** A column command, or the clock start that must come one tick before it. */
function synchronized(c: Controller, slot: number, t: number): void {
  if (c.device.timing.clockPostamble === undefined || t < c.clockUntil) {
    column(c, slot, t);
    return;
  }
  offerAgain(c);
  // The clock start takes this tick and the next; the second part of an activate must not miss its deadline for it.
  if (c.activating !== NONE && c.activateDeadline <= t + 1) {
    finishActivate(c, t);
    return;
  }
  takeColumnBus(c, t + 1);
  c.synchronizing = slot;
}

/** A column command that was found ready stays so, but did not go out. */
function offerAgain(c: Controller): void {
  c.activeBound = ALWAYS;
  c.columnBound = ALWAYS;
}

function activate(c: Controller, slot: number, t: number): void {
  const bank = c.slotBank[slot] ?? 0;
  if ((c.slotSeen[slot] ?? 0) === 0) c.flow.misses += 1;
  c.slotSeen[slot] = 1;
  unlink(c, slot);
  c.rowBusAt = t + c.device.timing.activateBus;
  if (!c.device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  const { activateWithin } = c.device.timing;
  if (activateWithin === undefined) {
    issueActivate(c.device, bank, c.slotRow[slot] ?? 0, t);
    c.activateBound = later(c.activateBound, earliestActivate(c.device));
    promote(c, slot, bank);
    return;
  }
  c.activating = slot;
  c.activateDeadline = t + activateWithin;
  issueActivate(c.device, bank, c.slotRow[slot] ?? 0, t);
  c.device.openRow[bank] = -1;
  offer(c, bank, 0);
  offer(c, bank, 1);
}

/** The second part of an activate: from here on the row is open. */
function finishActivate(c: Controller, t: number): void {
  const slot = c.activating;
  const bank = c.slotBank[slot] ?? 0;
  c.activating = NONE;
  c.activateBound = ALWAYS;
  c.rowBusAt = t + 1;
  c.columnBusAt = t + 1;
  c.device.openRow[bank] = c.slotRow[slot] ?? 0;
  promote(c, slot, bank);
}

function promote(c: Controller, slot: number, bank: number): void {
  c.active[bank] = slot;
  c.activeMask[bank >>> 5] = (c.activeMask[bank >>> 5] ?? 0) | (1 << (bank & 31));
  c.activeCount += 1;
  c.activeBound = earlier(c.activeBound, columnAt(c.device, bank, c.slotWrite[slot] ?? 0));
  reopen(c, bank, c.slotWrite[slot] ?? 0);
}

function precharge(c: Controller, slot: number, t: number): void {
  const bank = c.slotBank[slot] ?? 0;
  if ((c.slotSeen[slot] ?? 0) === 0) c.flow.conflicts += 1;
  c.slotSeen[slot] = 1;
  issuePrecharge(c.device, bank, t);
  c.rowBusAt = t + c.device.timing.rowBus;
  if (!c.device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  reopen(c, bank, c.slotWrite[slot] ?? 0);
}

/** Closes all rows of the rank whose refresh is due, then refreshes it. Says whether it issued a command. */
function refresh(c: Controller, t: number, onEdge: boolean): boolean {
  const { device } = c;
  const rank = c.refreshRank;
  if ((device.openBanks[rank] ?? 0) > 0) {
    if (c.activeCount > 0 || c.activating !== NONE) {
      c.refreshBound = NEVER;
      return false;
    }
    const ready = prechargeAllTime(device, rank);
    c.refreshBound = ready;
    if (ready > t) return false;
    issuePrechargeAll(device, rank, t);
    c.refreshBound = device.rankRefreshAt[rank] ?? 0;
  } else {
    const ready = aligned(c, device.rankRefreshAt[rank] ?? 0);
    c.refreshBound = ready;
    if (ready > t || !onEdge) return false;
    issueRefresh(device, rank, t);
    c.refreshRank = rank + 1;
    c.refreshBound = ALWAYS;
  }
  c.rowBusAt = t + device.timing.rowBus;
  if (!device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  for (let bank = rank * device.banksPerRank; bank < (rank + 1) * device.banksPerRank; bank += 1) {
    reopen(c, bank, 0);
    reopen(c, bank, 1);
  }
  return true;
}

function takeColumnBus(c: Controller, until: number): void {
  c.columnBusAt = until;
  if (!c.device.timing.dualBus) c.rowBusAt = until;
}
