/**
 * A first-ready, first-come-first-served controller with row hits first and open rows.
 * Models: read and write queues with watermarks; a queue slot that frees at the activate; a request whose row was opened
 * for it served in either mode; all-bank refresh ahead of everything else; a shared or a row-and-column command bus;
 * two-part activates and a stopping write clock (LPDDR5).
 * Ignores: power-down, per-bank refresh, auto-precharge.
 * Source: the policy of Ramulator 2.1 ("FRFCFS-RowHit", open rows, "AllBank" refresh).
 */
import { cell, time } from "./cell.ts";
import {
  activateTime,
  columnAt,
  issueActivate,
  issuePrecharge,
  issuePrechargeAll,
  issueRead,
  issueRefresh,
  issueWrite,
  prechargeAllTime,
  prechargeTime,
} from "./device.ts";
import { sendData } from "./flow.ts";
import { type Controller, forgetBounds, offer, reopen, unlink } from "./queue.ts";

const NONE = -1;
const NEVER = Number.POSITIVE_INFINITY;

/** Issues what can be issued at tick `t`. Must be called at every tick that `nextTick` gives, and whenever a request came. */
export function step(c: Controller, t: number): void {
  if (t >= c.nextRefresh) {
    c.nextRefresh += c.device.timing.refreshInterval;
    c.refreshRank = 0;
    c.refreshBound = 0;
  }
  if (c.device.timing.dualBus) stepDual(c, t);
  else stepShared(c, t);
}

/** The next tick at which something may be issued when no request comes. */
export function nextTick(c: Controller, t: number): number {
  const { timing } = c.device;
  const column = Math.min(c.activeBound, refreshing(c) ? NEVER : c.columnBound);
  const row = refreshing(c) ? NEVER : c.activateBound;
  let next = Math.min(
    aligned(c, Math.max(column, c.columnBusAt)),
    aligned(c, Math.max(row, c.rowBusAt)),
    Math.max(refreshing(c) ? c.refreshBound : c.prechargeBound, c.rowBusAt),
    c.nextRefresh,
  );
  if (timing.activateWithin !== undefined && c.activating !== NONE)
    next = Math.min(next, Math.max(c.rowBusAt, t + 1));
  if (!refreshing(c) && wouldSwitch(c)) return t + 1;
  return Math.max(next, t + 1);
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
  if (older(c, opens, closes)) activate(c, opens, t);
  else if (closes !== NONE) precharge(c, closes, t);
}

function stepShared(c: Controller, t: number): void {
  if (t < c.rowBusAt) return;
  if (c.activating !== NONE && c.activateDeadline <= t) return finishActivate(c, t);
  if (c.synchronizing !== NONE) {
    const slot = c.synchronizing;
    c.synchronizing = NONE;
    return column(c, slot, t);
  }
  const active = c.activeBound <= t ? scanActive(c, t) : NONE;
  if (active !== NONE) return synchronized(c, active, t);
  if (refreshing(c)) {
    if (c.refreshBound <= t && refresh(c, t, true)) return;
  } else {
    chooseMode(c);
    const hits = c.columnBound <= t ? scanColumns(c, t) : NONE;
    const opens = c.activateBound <= t && c.activating === NONE ? scanActivates(c, t) : NONE;
    const closes = c.prechargeBound <= t ? scanPrecharges(c, t) : NONE;
    if (older(c, hits, opens) && older(c, hits, closes)) return synchronized(c, hits, t);
    if (older(c, opens, closes)) return activate(c, opens, t);
    if (closes !== NONE) return precharge(c, closes, t);
  }
  if (c.activating !== NONE) finishActivate(c, t);
}

/** Whether slot `a` is a candidate and `b` is none, or a younger one. */
const older = (c: Controller, a: number, b: number): boolean =>
  a !== NONE && (b === NONE || time(c.slotAge, a) < time(c.slotAge, b));

/** Writes drain between the watermarks, or while there is nothing to read. */
function chooseMode(c: Controller): void {
  if (!wouldSwitch(c)) return;
  c.writing = 1 - c.writing;
  forgetBounds(c);
}

function wouldSwitch(c: Controller): boolean {
  const { policy, writeCount } = c;
  return c.writing === 0
    ? writeCount > policy.writeHigh * policy.writeEntries || c.readCount === 0
    : writeCount < policy.writeLow * policy.writeEntries && c.readCount !== 0;
}

function scanActive(c: Controller, t: number): number {
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  for (let word = 0; word < c.words; word += 1) {
    let mask = cell(c.activeMask, word);
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const slot = cell(c.active, bank);
      const ready = columnAt(c.device, bank, cell(c.slotWrite, slot));
      if (ready < bound) bound = ready;
      if (ready <= t && time(c.slotAge, slot) < bestAge) {
        best = slot;
        bestAge = time(c.slotAge, slot);
      }
    }
  }
  c.activeBound = bound;
  return best;
}

function scanColumns(c: Controller, t: number): number {
  const write = c.writing;
  const lists = write * c.device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  for (let word = 0; word < c.words; word += 1) {
    let mask = cell(c.columnMask, write * c.words + word);
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = columnAt(c.device, bank, write);
      if (ready < bound) bound = ready;
      if (ready <= t) {
        const slot = cell(c.hit, lists + bank);
        if (time(c.slotAge, slot) < bestAge) {
          best = slot;
          bestAge = time(c.slotAge, slot);
        }
      }
    }
  }
  c.columnBound = bound;
  return best;
}

function scanActivates(c: Controller, t: number): number {
  const lists = c.writing * c.device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  for (let word = 0; word < c.words; word += 1) {
    let mask = cell(c.activateMask, c.writing * c.words + word);
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = activateTime(c.device, bank);
      if (ready < bound) bound = ready;
      if (ready <= t) {
        const slot = cell(c.miss, lists + bank);
        if (time(c.slotAge, slot) < bestAge) {
          best = slot;
          bestAge = time(c.slotAge, slot);
        }
      }
    }
  }
  c.activateBound = bound;
  return best;
}

function scanPrecharges(c: Controller, t: number): number {
  const lists = c.writing * c.device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  for (let word = 0; word < c.words; word += 1) {
    let mask = cell(c.prechargeMask, c.writing * c.words + word);
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = prechargeTime(c.device, bank);
      if (ready < bound) bound = ready;
      if (ready <= t) {
        const slot = cell(c.miss, lists + bank);
        if (time(c.slotAge, slot) < bestAge) {
          best = slot;
          bestAge = time(c.slotAge, slot);
        }
      }
    }
  }
  c.prechargeBound = bound;
  return best;
}

/** Issues the column command of a slot and frees the slot. */
function column(c: Controller, slot: number, t: number): void {
  const { device } = c;
  const { timing } = device;
  const bank = cell(c.slotBank, slot);
  const write = cell(c.slotWrite, slot);
  if (cell(c.slotSeen, slot) === 0) c.flow.hits += 1;
  takeColumnBus(c, t + timing.columnBus);
  if (write === 0) {
    issueRead(device, bank, t);
    sendData(c.flow, t + timing.readLatency, time(c.slotArrive, slot));
  } else {
    issueWrite(device, bank, t);
    c.flow.writesDone += 1;
  }
  if (timing.clockPostamble !== undefined)
    c.clockUntil = Math.max(
      c.clockUntil,
      t + (write === 0 ? timing.readLatency : timing.writeLatency) + timing.clockPostamble,
    );
  if (cell(c.active, bank) === slot) {
    c.active[bank] = NONE;
    c.activeMask[bank >>> 5] = cell(c.activeMask, bank >>> 5) & ~(1 << (bank & 31));
    c.activeCount -= 1;
    offer(c, bank, 0);
    offer(c, bank, 1);
  } else {
    unlink(c, slot);
    offer(c, bank, write);
  }
  c.free[c.freeCount] = slot;
  c.freeCount += 1;
  if (refreshing(c)) c.refreshBound = 0;
}

/** A column command, or the clock start that must come one tick before it. */
function synchronized(c: Controller, slot: number, t: number): void {
  if (c.device.timing.clockPostamble === undefined || t < c.clockUntil) return column(c, slot, t);
  // The clock start takes this tick and the next; the second part of an activate must not miss its deadline for it.
  if (c.activating !== NONE && c.activateDeadline <= t + 1) return finishActivate(c, t);
  takeColumnBus(c, t + 1);
  c.synchronizing = slot;
  c.columnBound = Math.min(c.columnBound, t + 1);
}

function activate(c: Controller, slot: number, t: number): void {
  const bank = cell(c.slotBank, slot);
  if (cell(c.slotSeen, slot) === 0) c.flow.misses += 1;
  c.slotSeen[slot] = 1;
  unlink(c, slot);
  c.rowBusAt = t + c.device.timing.activateBus;
  if (!c.device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  const { activateWithin } = c.device.timing;
  if (activateWithin === undefined) {
    issueActivate(c.device, bank, cell(c.slotRow, slot), t);
    promote(c, slot, bank);
    return;
  }
  c.activating = slot;
  c.activateDeadline = t + activateWithin;
  issueActivate(c.device, bank, cell(c.slotRow, slot), t);
  c.device.openRow[bank] = -1;
  offer(c, bank, 0);
  offer(c, bank, 1);
}

/** The second part of an activate: from here on the row is open. */
function finishActivate(c: Controller, t: number): void {
  const slot = c.activating;
  const bank = cell(c.slotBank, slot);
  c.activating = NONE;
  c.activateBound = 0;
  c.rowBusAt = t + 1;
  c.columnBusAt = t + 1;
  c.device.openRow[bank] = cell(c.slotRow, slot);
  promote(c, slot, bank);
}

function promote(c: Controller, slot: number, bank: number): void {
  c.active[bank] = slot;
  c.activeMask[bank >>> 5] = cell(c.activeMask, bank >>> 5) | (1 << (bank & 31));
  c.activeCount += 1;
  c.activeBound = Math.min(c.activeBound, columnAt(c.device, bank, cell(c.slotWrite, slot)));
  reopen(c, bank);
}

function precharge(c: Controller, slot: number, t: number): void {
  const bank = cell(c.slotBank, slot);
  if (cell(c.slotSeen, slot) === 0) c.flow.conflicts += 1;
  c.slotSeen[slot] = 1;
  issuePrecharge(c.device, bank, t);
  c.rowBusAt = t + c.device.timing.rowBus;
  if (!c.device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  reopen(c, bank);
}

/** Closes all rows of the rank whose refresh is due, then refreshes it. Says whether it issued a command. */
function refresh(c: Controller, t: number, onEdge: boolean): boolean {
  const { device } = c;
  const rank = c.refreshRank;
  if (cell(device.openBanks, rank) > 0) {
    if (c.activeCount > 0 || c.activating !== NONE) {
      c.refreshBound = NEVER;
      return false;
    }
    const ready = prechargeAllTime(device, rank);
    c.refreshBound = ready;
    if (ready > t) return false;
    issuePrechargeAll(device, rank, t);
    c.refreshBound = time(device.rankRefreshAt, rank);
  } else {
    const ready = aligned(c, time(device.rankRefreshAt, rank));
    c.refreshBound = ready;
    if (ready > t || !onEdge) return false;
    issueRefresh(device, rank, t);
    c.refreshRank = rank + 1;
    c.refreshBound = 0;
  }
  c.rowBusAt = t + device.timing.rowBus;
  if (!device.timing.dualBus) c.columnBusAt = c.rowBusAt;
  for (let bank = rank * device.banksPerRank; bank < (rank + 1) * device.banksPerRank; bank += 1)
    reopen(c, bank);
  return true;
}

function takeColumnBus(c: Controller, until: number): void {
  c.columnBusAt = until;
  if (!c.device.timing.dualBus) c.rowBusAt = until;
}
