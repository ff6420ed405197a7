/**
 * The request queues of a row-hit-first controller, kept as lists per bank with their candidates.
 * Models: bounded read and write queues; per bank the oldest request that hits the open row and the oldest that does not.
 * Ignores: forwarding between equal addresses.
 * Source: the queues of Ramulator 2.1's controllers; the lists are ours, so that only banks that changed are looked at.
 */
import { ALWAYS, earlier } from "./cell.ts";
import { activateTime, columnAt, type Device, prechargeTime } from "./device.ts";
import { type Flow, flow } from "./flow.ts";

export interface Policy {
  readonly readEntries: number;
  readonly writeEntries: number;
  /** Filled shares of the write queue at which writing starts and stops. */
  readonly writeHigh: number;
  readonly writeLow: number;
}

const NONE = -1;

/** State of one controller. Lists are per bank and direction, at `write * banks + bank`; so are masks, by words of 32 banks. */
export interface Controller {
  readonly device: Device;
  readonly policy: Policy;
  readonly words: number;
  readonly slotBank: Int32Array;
  readonly slotRow: Int32Array;
  readonly slotWrite: Int32Array;
  /** Whether the request has caused a command. */
  readonly slotSeen: Int32Array;
  readonly slotNext: Int32Array;
  readonly slotPrevious: Int32Array;
  readonly slotAge: Int32Array;
  readonly slotArrive: Int32Array;
  readonly free: Int32Array;
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly hit: Int32Array;
  readonly miss: Int32Array;
  /** Per bank, the request whose activate is done and whose column command is due. */
  readonly active: Int32Array;
  readonly columnMask: Int32Array;
  readonly activateMask: Int32Array;
  readonly prechargeMask: Int32Array;
  readonly activeMask: Int32Array;
  readonly writeHigh: number;
  readonly writeLow: number;
  freeCount: number;
  readCount: number;
  writeCount: number;
  activeCount: number;
  /** 1 while the write queue drains. */
  writing: number;
  accepted: number;
  /** Nothing of this class is ready before. */
  activeBound: number;
  columnBound: number;
  activateBound: number;
  prechargeBound: number;
  columnBusAt: number;
  rowBusAt: number;
  nextRefresh: number;
  /** Rank whose refresh is due, or the number of ranks when none is. */
  refreshRank: number;
  refreshBound: number;
  /** Slot between the two parts of its activate, or -1. */
  activating: number;
  activateDeadline: number;
  /** Slot whose column command follows the clock start of the tick before, or -1. */
  synchronizing: number;
  clockUntil: number;
  readonly flow: Flow;
}

export function controller(device: Device, policy: Policy): Controller {
  const { banks } = device;
  const words = Math.ceil(banks / 32);
  const slots = policy.readEntries + policy.writeEntries + banks + 1;
  const list = (): Int32Array => new Int32Array(2 * banks).fill(NONE);
  return {
    device,
    policy,
    words,
    slotBank: new Int32Array(slots),
    slotRow: new Int32Array(slots),
    slotWrite: new Int32Array(slots),
    slotSeen: new Int32Array(slots),
    slotNext: new Int32Array(slots),
    slotPrevious: new Int32Array(slots),
    slotAge: new Int32Array(slots),
    slotArrive: new Int32Array(slots),
    free: Int32Array.from({ length: slots }, (_, slot) => slot),
    head: list(),
    tail: list(),
    hit: list(),
    miss: list(),
    active: new Int32Array(banks).fill(NONE),
    columnMask: new Int32Array(2 * words),
    activateMask: new Int32Array(2 * words),
    prechargeMask: new Int32Array(2 * words),
    activeMask: new Int32Array(words),
    writeHigh: Math.floor(policy.writeHigh * policy.writeEntries),
    writeLow: Math.ceil(policy.writeLow * policy.writeEntries),
    freeCount: slots,
    readCount: 0,
    writeCount: 0,
    activeCount: 0,
    writing: 0,
    accepted: 0,
    activeBound: ALWAYS,
    columnBound: ALWAYS,
    activateBound: ALWAYS,
    prechargeBound: ALWAYS,
    columnBusAt: ALWAYS,
    rowBusAt: ALWAYS,
    nextRefresh: device.timing.refreshInterval,
    refreshRank: device.ranks,
    refreshBound: ALWAYS,
    activating: NONE,
    activateDeadline: ALWAYS,
    synchronizing: NONE,
    clockUntil: ALWAYS,
    flow: flow(device.timing, policy.readEntries + banks),
  };
}

export const hasRoom = (c: Controller, write: number): boolean =>
  write === 0 ? c.readCount < c.policy.readEntries : c.writeCount < c.policy.writeEntries;

/** Takes a request in; there must be room. Its latency counts from `arrive`. */
export function accept(c: Controller, bank: number, row: number, write: number, arrive: number): void {
  c.freeCount -= 1;
  const slot = c.free[c.freeCount] ?? 0;
  c.slotBank[slot] = bank;
  c.slotRow[slot] = row;
  c.slotWrite[slot] = write;
  c.slotSeen[slot] = 0;
  c.slotAge[slot] = c.accepted;
  c.slotArrive[slot] = arrive;
  c.accepted += 1;
  if (write === 0) {
    c.readCount += 1;
    c.flow.readsAccepted += 1;
  } else c.writeCount += 1;

  const list = write * c.device.banks + bank;
  const last = c.tail[list] ?? 0;
  c.slotPrevious[slot] = last;
  c.slotNext[slot] = NONE;
  c.tail[list] = slot;
  if (last === NONE) c.head[list] = slot;
  else c.slotNext[last] = slot;
  const found = (c.device.openRow[bank] ?? 0) === row ? c.hit : c.miss;
  if ((found[list] ?? 0) === NONE) {
    found[list] = slot;
    offer(c, bank, write);
  }
}

/** Takes a request out of its list; its slot stays in use. */
export function unlink(c: Controller, slot: number): void {
  const write = c.slotWrite[slot] ?? 0;
  const bank = c.slotBank[slot] ?? 0;
  const list = write * c.device.banks + bank;
  const previous = c.slotPrevious[slot] ?? 0;
  const next = c.slotNext[slot] ?? 0;
  if (previous === NONE) c.head[list] = next;
  else c.slotNext[previous] = next;
  if (next === NONE) c.tail[list] = previous;
  else c.slotPrevious[next] = previous;
  const open = c.device.openRow[bank] ?? 0;
  if ((c.hit[list] ?? 0) === slot) c.hit[list] = search(c, next, open, true);
  if ((c.miss[list] ?? 0) === slot) c.miss[list] = search(c, next, open, false);
  if (write === 0) c.readCount -= 1;
  else c.writeCount -= 1;
}

function search(c: Controller, from: number, row: number, same: boolean): number {
  let slot = from;
  while (slot !== NONE && ((c.slotRow[slot] ?? 0) === row) !== same) slot = c.slotNext[slot] ?? 0;
  return slot;
}

/** Finds the candidates of a bank anew after its row opened or closed; `write` is the list that may have lost its last request. */
export function reopen(c: Controller, bank: number, write: number): void {
  reopenList(c, bank, write);
  if ((write === 0 ? c.writeCount : c.readCount) > 0) reopenList(c, bank, 1 - write);
}

function reopenList(c: Controller, bank: number, write: number): void {
  const open = c.device.openRow[bank] ?? 0;
  const list = write * c.device.banks + bank;
  const first = c.head[list] ?? 0;
  if (first === NONE) {
    withdraw(c, bank, write);
    return;
  }
  c.hit[list] = open < 0 ? NONE : search(c, first, open, true);
  c.miss[list] = open < 0 ? first : search(c, first, open, false);
  offer(c, bank, write);
}

/** An empty list offers nothing. */
function withdraw(c: Controller, bank: number, write: number): void {
  const word = write * c.words + (bank >>> 5);
  const others = ~(1 << (bank & 31));
  c.columnMask[word] = (c.columnMask[word] ?? 0) & others;
  c.activateMask[word] = (c.activateMask[word] ?? 0) & others;
  c.prechargeMask[word] = (c.prechargeMask[word] ?? 0) & others;
}

/** Sets the masks of one list to what it has to offer, and lowers the bounds to when that is ready. */
export function offer(c: Controller, bank: number, write: number): void {
  const { device } = c;
  const list = write * device.banks + bank;
  const word = write * c.words + (bank >>> 5);
  const bit = 1 << (bank & 31);
  const hit = c.hit[list] ?? 0;
  const miss = c.miss[list] ?? 0;
  const open = (device.openRow[bank] ?? 0) >= 0;
  const mine = write === c.writing;

  if (hit !== NONE) {
    c.columnMask[word] = (c.columnMask[word] ?? 0) | bit;
    if (mine) c.columnBound = earlier(c.columnBound, columnAt(device, bank, write));
  } else c.columnMask[word] = (c.columnMask[word] ?? 0) & ~bit;

  if (!open && miss !== NONE && !(c.activating !== NONE && (c.slotBank[c.activating] ?? 0) === bank)) {
    c.activateMask[word] = (c.activateMask[word] ?? 0) | bit;
    if (mine) c.activateBound = earlier(c.activateBound, activateTime(device, bank));
  } else c.activateMask[word] = (c.activateMask[word] ?? 0) & ~bit;

  const waits = hit !== NONE && miss !== NONE && (c.slotAge[hit] ?? 0) < (c.slotAge[miss] ?? 0);
  if (open && miss !== NONE && !waits && (c.active[bank] ?? 0) === NONE) {
    c.prechargeMask[word] = (c.prechargeMask[word] ?? 0) | bit;
    if (mine) c.prechargeBound = earlier(c.prechargeBound, prechargeTime(device, bank));
  } else c.prechargeMask[word] = (c.prechargeMask[word] ?? 0) & ~bit;
}

/** After a switch between reading and writing nothing is known of when the other queue is ready. */
export function forgetBounds(c: Controller): void {
  c.columnBound = ALWAYS;
  c.activateBound = ALWAYS;
  c.prechargeBound = ALWAYS;
}
