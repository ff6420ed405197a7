/**
 * What a bank offers to its controller: the oldest hit, and the oldest miss to open the bank or to close its row. A new request
 * or a command changes only some of it, and only that is put on the agendas anew; the bounds fall to when it is ready.
 */
import { enlist, withdraw } from "./agenda.ts";
import { earlier } from "./cell.ts";
import { activateTime, columnAt, prechargeTime, type Rank } from "./device.ts";
import type { BankQueue, Controller, Request, Waiting } from "./queue.ts";

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
  } else {
    c.writeCount += 1;
    c.readSlack = 0;
  }

  const list = write === 0 ? queue.reads : queue.writes;
  const { last } = list;
  r.next = undefined;
  list.last = r;
  if (last === undefined) list.first = r;
  else last.next = r;
  const open = queue.bank.openRow;
  if (open === row) {
    if (list.hit.request === undefined) offerHit(c, list, r);
  } else if (list.miss.request === undefined) {
    list.miss.request = r;
    if (open < 0) offerOpen(c, queue, write);
    else offerClose(c, queue, write);
  }
}

/** After a row hit has left its list: the next hit takes its place, and a miss may close the row. */
export function offerNextHit(c: Controller, { queue, write, row, next }: Request): void {
  const { hit } = write === 0 ? queue.reads : queue.writes;
  let r = next;
  while (r !== undefined && r.row !== row) r = r.next;
  hit.request = r;
  if (r === undefined) withdraw(write === 0 ? c.reads.columns : c.writes.columns, hit);
  else if (write === c.writing) c.columnBound = earlier(c.columnBound, columnAt(queue.bank, write));
  offerClose(c, queue, write);
}

/** After a bank's row was opened: finds hits and misses. Only the list of direction `write` may just have lost its last request. */
export function offerOpened(c: Controller, queue: BankQueue, write: number): void {
  offerOpenedList(c, queue, write);
  if ((write === 0 ? c.writeCount : c.readCount) > 0) offerOpenedList(c, queue, 1 - write);
}

function offerOpenedList(c: Controller, queue: BankQueue, write: number): void {
  const list = write === 0 ? queue.reads : queue.writes;
  const { miss } = list;
  withdraw(write === 0 ? c.reads.opens : c.writes.opens, miss);
  const open = queue.bank.openRow;
  let other: Request | undefined;
  let r = list.first;
  while (r !== undefined && r.row !== open) {
    other ??= r;
    r = r.next;
  }
  if (r !== undefined) {
    offerHit(c, list, r);
    while (other === undefined && r !== undefined) {
      if (r.row !== open) other = r;
      r = r.next;
    }
  }
  miss.request = other;
}

/** After a bank was closed: its oldest requests may open it. Only the list of direction `write` may just have lost its last request. */
export function offerClosed(c: Controller, queue: BankQueue, write: number): void {
  offerClosedList(c, queue, write);
  if ((write === 0 ? c.writeCount : c.readCount) > 0) offerClosedList(c, queue, 1 - write);
}

function offerClosedList(c: Controller, queue: BankQueue, write: number): void {
  const { first, hit, miss } = write === 0 ? queue.reads : queue.writes;
  const { columns, closes } = write === 0 ? c.reads : c.writes;
  if (hit.request !== undefined) {
    withdraw(columns, hit);
    hit.request = undefined;
  }
  withdraw(closes, miss);
  miss.request = first;
  if (first !== undefined) offerOpen(c, queue, write);
}

/** Before all open banks of a rank are closed. */
export function offerAllClosed(c: Controller, { banks }: Rank): void {
  for (const { index, openRow } of banks) {
    const queue = c.queues[index];
    if (openRow >= 0 && queue !== undefined) offerClosed(c, queue, 0);
  }
}

/** While a bank is being opened, no other request opens it. */
export function withdrawOpens(c: Controller, { reads, writes }: BankQueue): void {
  withdraw(c.reads.opens, reads.miss);
  withdraw(c.writes.opens, writes.miss);
  reads.miss.request = reads.first;
  writes.miss.request = writes.first;
}

/** The oldest hit of a list that had none. */
function offerHit(c: Controller, { hit }: Waiting, r: Request): void {
  const { bank } = hit;
  hit.request = r;
  if (r.write === 0) enlist(c.reads.columns, hit, bank.readAt);
  else enlist(c.writes.columns, hit, bank.writeAt);
  if (r.write === c.writing) c.columnBound = earlier(c.columnBound, columnAt(bank, r.write));
}

/** The oldest request of a closed bank opens it, unless another is doing so. */
function offerOpen(c: Controller, queue: BankQueue, write: number): void {
  if (c.activating !== undefined && c.activating.queue === queue) return;
  const { miss } = write === 0 ? queue.reads : queue.writes;
  if (miss.request === undefined) return;
  enlist(write === 0 ? c.reads.opens : c.writes.opens, miss, miss.request.age);
  if (write === c.writing) c.openBound = earlier(c.openBound, activateTime(queue.bank));
}

/** The oldest miss may close the row, unless an older hit or the request that the row was opened for bars it. */
export function offerClose(c: Controller, { bank, reads, writes, active }: BankQueue, write: number): void {
  const { hit, miss } = write === 0 ? reads : writes;
  if (miss.listed === 1 || miss.request === undefined || active.request !== undefined) return;
  if (hit.request !== undefined && hit.request.age < miss.request.age) return;
  enlist(write === 0 ? c.reads.closes : c.writes.closes, miss, bank.prechargeAt);
  if (write === c.writing) c.closeBound = earlier(c.closeBound, prechargeTime(bank));
}
