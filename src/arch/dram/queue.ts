/**
 * The request queues of a row-hit-first controller, kept as lists per bank with their candidates.
 * Models: bounded read and write queues; per bank the oldest request that hits the open row and the oldest that does not.
 * Ignores: forwarding between equal addresses.
 * Source: the queues of Ramulator 2.1's controllers; the lists are ours, so that only banks that changed are looked at.
 */
import { ALWAYS, earlier, NEVER } from "./cell.ts";
import { activateTime, type Bank, columnAt, type Device, prechargeTime } from "./device.ts";
import { type Flow, flow } from "./flow.ts";
import type { Timing } from "./timing.ts";

export interface Policy {
  readonly readEntries: number;
  readonly writeEntries: number;
  /** Filled shares of the write queue at which writing starts and stops. */
  readonly writeHigh: number;
  readonly writeLow: number;
}

export interface Request {
  queue: BankQueue;
  write: number;
  row: number;
  /** Whether the request has caused a command. */
  seen: number;
  age: number;
  arrive: number;
  next: Request | undefined;
  previous: Request | undefined;
}

/** Requests of one direction to one bank, in order of age. */
export interface Waiting {
  readonly bank: Bank;
  readonly offers: Offers;
  first: Request | undefined;
  last: Request | undefined;
  /** The oldest to the open row and the oldest to another; their ages, NEVER where there is none. */
  hit: Request | undefined;
  miss: Request | undefined;
  hitAge: number;
  missAge: number;
}

export interface BankQueue {
  readonly bank: Bank;
  readonly reads: Waiting;
  readonly writes: Waiting;
  readonly block: Block;
  readonly bit: number;
  /** The request whose activate is done and whose column command is due. */
  active: Request | undefined;
}

/** Which of 32 banks have a candidate, a bit each. */
export interface Offers {
  columns: number;
  activates: number;
  precharges: number;
}

/** Up to 32 banks. */
export interface Block {
  readonly queues: BankQueue[];
  readonly reads: Offers;
  readonly writes: Offers;
  /** Banks with an active request, a bit each. */
  active: number;
}

/** State of one controller. */
export interface Controller {
  readonly device: Device;
  readonly timing: Timing;
  readonly ranks: number;
  readonly dualBus: boolean;
  readonly ticksPerClock: number;
  readonly readEntries: number;
  readonly writeEntries: number;
  readonly queues: readonly BankQueue[];
  readonly blocks: readonly Block[];
  readonly free: Request[];
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
  /** Request between the two parts of its activate. */
  activating: Request | undefined;
  activateDeadline: number;
  /** Request whose column command follows the clock start of the tick before. */
  synchronizing: Request | undefined;
  clockUntil: number;
  readonly flow: Flow;
}

export function controller(device: Device, policy: Policy): Controller {
  const blocks: Block[] = [];
  const queues = device.banks.map((bank) => {
    if ((bank.index & 31) === 0) blocks.push({ queues: [], reads: offers(), writes: offers(), active: 0 });
    const block = blocks.at(-1);
    if (block === undefined) throw new Error("the first bank has number 0");
    const queue: BankQueue = {
      bank,
      reads: waiting(bank, block.reads),
      writes: waiting(bank, block.writes),
      block,
      bit: 1 << (bank.index & 31),
      active: undefined,
    };
    block.queues.push(queue);
    return queue;
  });
  const entries = policy.readEntries + policy.writeEntries + queues.length + 1;
  const free = queues.slice(0, 1).flatMap((queue) => Array.from({ length: entries }, () => request(queue)));
  return {
    device,
    timing: device.timing,
    ranks: device.ranks.length,
    dualBus: device.timing.dualBus,
    ticksPerClock: device.timing.ticksPerClock,
    readEntries: policy.readEntries,
    writeEntries: policy.writeEntries,
    queues,
    blocks,
    free,
    writeHigh: Math.floor(policy.writeHigh * policy.writeEntries),
    writeLow: Math.ceil(policy.writeLow * policy.writeEntries),
    freeCount: entries,
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
    refreshRank: device.ranks.length,
    refreshBound: ALWAYS,
    activating: undefined,
    activateDeadline: ALWAYS,
    synchronizing: undefined,
    clockUntil: ALWAYS,
    flow: flow(device.timing, policy.readEntries + queues.length),
  };
}

const offers = (): Offers => ({ columns: 0, activates: 0, precharges: 0 });

const waiting = (bank: Bank, to: Offers): Waiting => ({
  bank,
  offers: to,
  first: undefined,
  last: undefined,
  hit: undefined,
  miss: undefined,
  hitAge: NEVER,
  missAge: NEVER,
});

const request = (queue: BankQueue): Request => ({
  queue,
  write: 0,
  row: 0,
  seen: 0,
  age: 0,
  arrive: 0,
  next: undefined,
  previous: undefined,
});

export const hasRoom = (c: Controller, write: number): boolean =>
  write === 0 ? c.readCount < c.readEntries : c.writeCount < c.writeEntries;

/** Takes a request in; there must be room. Its latency counts from `arrive`. */
export function accept(c: Controller, bank: number, row: number, write: number, arrive: number): void {
  const queue = c.queues[bank];
  const r = c.free[c.freeCount - 1];
  if (queue === undefined || r === undefined) throw new RangeError(`no bank ${bank}, or no room`);
  c.freeCount -= 1;
  r.queue = queue;
  r.row = row;
  r.write = write;
  r.seen = 0;
  r.age = c.accepted;
  r.arrive = arrive;
  c.accepted += 1;
  if (write === 0) {
    c.readCount += 1;
    c.flow.readsAccepted += 1;
  } else c.writeCount += 1;

  const list = write === 0 ? queue.reads : queue.writes;
  const { last } = list;
  r.previous = last;
  r.next = undefined;
  list.last = r;
  if (last === undefined) list.first = r;
  else last.next = r;
  if (queue.bank.openRow === row) {
    if (list.hit !== undefined) return;
    list.hit = r;
    list.hitAge = r.age;
  } else {
    if (list.miss !== undefined) return;
    list.miss = r;
    list.missAge = r.age;
  }
  offer(c, queue, list, write);
}

/** Takes a request out of its list, whose candidates must be found anew (`reopen`, `offerNext`). */
export function unlink(c: Controller, r: Request): void {
  const list = r.write === 0 ? r.queue.reads : r.queue.writes;
  const { previous, next } = r;
  if (previous === undefined) list.first = next;
  else previous.next = next;
  if (next === undefined) list.last = previous;
  else next.previous = previous;
  if (r.write === 0) c.readCount -= 1;
  else c.writeCount -= 1;
}

/** After a row hit has left its list: the next hit takes its place. */
export function offerNextHit(c: Controller, { queue, write, next }: Request): void {
  const list = write === 0 ? queue.reads : queue.writes;
  setHit(list, search(next, queue.bank.openRow, true));
  offer(c, queue, list, write);
}

function setHit(list: Waiting, r: Request | undefined): void {
  list.hit = r;
  list.hitAge = r === undefined ? NEVER : r.age;
}

function setMiss(list: Waiting, r: Request | undefined): void {
  list.miss = r;
  list.missAge = r === undefined ? NEVER : r.age;
}

function search(from: Request | undefined, row: number, same: boolean): Request | undefined {
  let r = from;
  while (r !== undefined && (r.row === row) !== same) r = r.next;
  return r;
}

/** Finds the candidates of a bank anew after its row opened or closed; `write` is the list that may have lost its last request. */
export function reopen(c: Controller, queue: BankQueue, write: number): void {
  if (write === 0) {
    reopenList(c, queue, queue.reads, 0);
    if (c.writeCount > 0) reopenList(c, queue, queue.writes, 1);
  } else {
    reopenList(c, queue, queue.writes, 1);
    if (c.readCount > 0) reopenList(c, queue, queue.reads, 0);
  }
}

function reopenList(c: Controller, queue: BankQueue, list: Waiting, write: number): void {
  const open = queue.bank.openRow;
  const { first } = list;
  setHit(list, open < 0 ? undefined : search(first, open, true));
  setMiss(list, open < 0 ? first : search(first, open, false));
  offer(c, queue, list, write);
}

/** Sets the marks of one list to what it has to offer, and lowers the bounds to when that is ready. */
export function offer(c: Controller, queue: BankQueue, list: Waiting, write: number): void {
  const { bank, bit } = queue;
  const { offers: to } = list;
  const mine = write === c.writing;
  if (list.hit !== undefined) {
    to.columns |= bit;
    if (mine) c.columnBound = earlier(c.columnBound, columnAt(bank, write));
  } else to.columns &= ~bit;

  if (list.miss === undefined) {
    to.activates &= ~bit;
    to.precharges &= ~bit;
  } else if (bank.openRow < 0) {
    to.precharges &= ~bit;
    if (c.activating !== undefined && c.activating.queue === queue) to.activates &= ~bit;
    else {
      to.activates |= bit;
      if (mine) c.activateBound = earlier(c.activateBound, activateTime(bank));
    }
  } else {
    to.activates &= ~bit;
    // An older hit bars the precharge.
    if (list.missAge < list.hitAge && queue.active === undefined) {
      to.precharges |= bit;
      if (mine) c.prechargeBound = earlier(c.prechargeBound, prechargeTime(bank));
    } else to.precharges &= ~bit;
  }
}

/** After a switch between reading and writing nothing is known of when the other queue is ready. */
export function forgetBounds(c: Controller): void {
  c.columnBound = ALWAYS;
  c.activateBound = ALWAYS;
  c.prechargeBound = ALWAYS;
}
