/**
 * A controller with a short command queue for each bank, served in turn.
 * Models: transaction queues for reads and writes, of which one transaction a clock moves to its bank's queue; the banks'
 * queues served round robin, in order but for row hits; at most four hits past an older miss; writes drained in batches;
 * refresh of one rank at a time; a second command a clock on row-and-column buses.
 * Ignores: merging of equal addresses, power-down, per-bank refresh.
 * Source: the policy of DRAMsim3 (open page, PER_BANK queues, RANK_LEVEL_STAGGERED refresh).
 */
import { earlier, later, NEVER } from "./cell.ts";
import {
  activateTime,
  type Bank,
  columnAt,
  type Device,
  issueActivate,
  issuePrecharge,
  issueRead,
  issueRefresh,
  issueWrite,
  prechargeTime,
} from "./device.ts";
import { type Flow, flow, sendData } from "./flow.ts";

export interface BankQueuesPolicy {
  /** Entries of each bank's queue. */
  readonly bankEntries: number;
  /** Entries of the read and of the write transaction queue. */
  readonly transactionEntries: number;
  /** With more writes than this waiting and nothing else to do, writes drain. */
  readonly idleWrites: number;
  /** Row hits that may pass an older request to another row. */
  readonly hitLimit: number;
}

export interface BankQueues {
  readonly device: Device;
  readonly policy: BankQueuesPolicy;
  readonly flow: Flow;
  /** Per bank queue, in order: `bank * bankEntries + place`. */
  readonly row: Int32Array;
  readonly write: Int32Array;
  readonly arrive: Int32Array;
  readonly length: Int32Array;
  /** Column commands since the row was opened. */
  readonly rowHits: Int32Array;
  readonly reads: Transactions;
  readonly writes: Transactions;
  queued: number;
  /** Writes of the current batch still to move. */
  draining: number;
  /** Queue served last. */
  turn: number;
  refreshRank: number;
  nextRefresh: number;
  nextRank: number;
  moved: boolean;
  issued: boolean;
  /** Earliest tick at which the scan that found nothing would find something. */
  readyAt: number;
}

interface Transactions {
  readonly bank: Int32Array;
  readonly row: Int32Array;
  readonly arrive: Int32Array;
  length: number;
}

const NONE = -1;

export function bankQueues(device: Device, policy: BankQueuesPolicy): BankQueues {
  const banks = device.banks.length;
  const entries = banks * policy.bankEntries;
  const transactions = (): Transactions => ({
    bank: new Int32Array(policy.transactionEntries),
    row: new Int32Array(policy.transactionEntries),
    arrive: new Int32Array(policy.transactionEntries),
    length: 0,
  });
  return {
    device,
    policy,
    flow: flow(device.timing, policy.transactionEntries + entries),
    row: new Int32Array(entries),
    write: new Int32Array(entries),
    arrive: new Int32Array(entries),
    length: new Int32Array(banks),
    rowHits: new Int32Array(banks),
    reads: transactions(),
    writes: transactions(),
    queued: 0,
    draining: 0,
    turn: 0,
    refreshRank: NONE,
    nextRefresh: Math.floor(device.timing.refreshInterval / device.ranks.length) + 1,
    nextRank: 0,
    moved: false,
    issued: false,
    readyAt: 0,
  };
}

export const hasRoom = (c: BankQueues, write: number): boolean =>
  (write === 0 ? c.reads : c.writes).length < c.policy.transactionEntries;

/** Takes a transaction in; a write is done, for its sender, with that. */
export function accept(c: BankQueues, bank: number, row: number, write: number, arrive: number): void {
  const queue = write === 0 ? c.reads : c.writes;
  queue.bank[queue.length] = bank;
  queue.row[queue.length] = row;
  // Counted from the clock in which it moves on, as the source does.
  queue.arrive[queue.length] = arrive + 1;
  queue.length += 1;
  if (write === 0) c.flow.readsAccepted += 1;
  else c.flow.writesDone += 1;
  c.moved = true;
}

/** Issues what can be issued at tick `t`, then moves one transaction. */
export function step(c: BankQueues, t: number): void {
  if (t >= c.nextRefresh) {
    c.refreshRank = c.nextRank;
    c.nextRank = (c.nextRank + 1) % c.device.ranks.length;
    c.nextRefresh += Math.floor(c.device.timing.refreshInterval / c.device.ranks.length);
  }
  c.readyAt = NEVER;
  const refreshed = c.refreshRank !== NONE && refresh(c, t);
  const first = refreshed ? ROW : serve(c, t, true, true);
  c.issued = first !== NONE;
  // The second command of a clock comes from the next queue that has one ready; of the wrong kind, it waits.
  if (c.issued && c.device.timing.dualBus) serve(c, t, first === ROW, first === COLUMN);
  c.moved = move(c);
}

export function nextTick(c: BankQueues, t: number): number {
  if (c.moved || c.issued) return t + 1;
  return later(t + 1, earlier(c.readyAt, c.nextRefresh));
}

const ROW = 0;
const COLUMN = 1;

/** Serves the next queue in turn that has a command ready; says its kind, or NONE. */
function serve(c: BankQueues, t: number, columns: boolean, rows: boolean): number {
  const { banks, ranks } = c.device;
  const refreshed = c.refreshRank === NONE ? undefined : ranks[c.refreshRank];
  for (let count = 0; count < banks.length; count += 1) {
    c.turn = c.turn + 1 === banks.length ? 0 : c.turn + 1;
    const bank = banks[c.turn];
    if (bank === undefined || (c.length[c.turn] ?? 0) === 0 || bank.rank === refreshed) continue;
    const place = firstReady(c, bank, t);
    if (place === NONE) continue;
    const row = c.row[bank.index * c.policy.bankEntries + place] ?? 0;
    const kind = bank.openRow === row ? COLUMN : ROW;
    if (kind === COLUMN ? !columns : !rows) return NONE;
    if (kind === COLUMN) column(c, bank, place, t);
    else if (bank.openRow < 0) {
      issueActivate(c.device, bank, row, t);
      c.rowHits[bank.index] = 0;
    } else issuePrecharge(c.device, bank, t);
    return kind;
  }
  return NONE;
}

/** Place of the first request of a bank's queue that can make progress now; lowers `readyAt` where none can. */
function firstReady(c: BankQueues, bank: Bank, t: number): number {
  const first = bank.index * c.policy.bankEntries;
  const open = bank.openRow;
  if (open < 0) return dueAt(c, activateTime(bank), t) ? 0 : NONE;
  const length = c.length[bank.index] ?? 0;
  let passed = 0;
  if ((c.row[first] ?? 0) !== open) {
    if ((c.rowHits[bank.index] ?? 0) >= c.policy.hitLimit || !hasHit(c, first, length, open)) {
      if (dueAt(c, prechargeTime(bank), t)) return 0;
    }
    passed = 1;
  }
  let sawRead = false;
  let sawWrite = false;
  for (let place = passed; place < length; place += 1) {
    if ((c.row[first + place] ?? 0) !== open) continue;
    const write = c.write[first + place] ?? 0;
    if (write === 0 ? sawRead : sawWrite) continue;
    if (dueAt(c, columnAt(bank, write), t)) return place;
    if (write === 0) sawRead = true;
    else sawWrite = true;
    if (sawRead && sawWrite) return NONE;
  }
  return NONE;
}

function dueAt(c: BankQueues, at: number, t: number): boolean {
  if (at <= t) return true;
  if (at < c.readyAt) c.readyAt = at;
  return false;
}

function hasHit(c: BankQueues, first: number, length: number, open: number): boolean {
  for (let place = 1; place < length; place += 1) if ((c.row[first + place] ?? 0) === open) return true;
  return false;
}

function column(c: BankQueues, bank: Bank, place: number, t: number): void {
  const { device } = c;
  const { index } = bank;
  const entry = index * c.policy.bankEntries + place;
  const end = index * c.policy.bankEntries + (c.length[index] ?? 0);
  if ((c.rowHits[index] ?? 0) === 0) c.flow.misses += 1;
  else c.flow.hits += 1;
  c.rowHits[index] = (c.rowHits[index] ?? 0) + 1;
  if ((c.write[entry] ?? 0) === 0) {
    issueRead(device, bank, t);
    sendData(c.flow, t + device.timing.readLatency, c.arrive[entry] ?? 0);
  } else issueWrite(device, bank, t);
  c.row.copyWithin(entry, entry + 1, end);
  c.write.copyWithin(entry, entry + 1, end);
  c.arrive.copyWithin(entry, entry + 1, end);
  c.length[index] = (c.length[index] ?? 0) - 1;
  c.queued -= 1;
}

/** Closes the banks of the rank whose refresh is due, one at a time, and refreshes it when all are closed. */
function refresh(c: BankQueues, t: number): boolean {
  const { device } = c;
  const rank = device.ranks[c.refreshRank];
  if (rank === undefined) return false;
  for (const bank of rank.banks) {
    if (bank.openRow < 0 || !dueAt(c, prechargeTime(bank), t)) continue;
    issuePrecharge(device, bank, t);
    return true;
  }
  if (rank.openBanks > 0 || !dueAt(c, rank.refreshAt, t)) return false;
  issueRefresh(device, rank, t);
  c.refreshRank = NONE;
  return true;
}

/** Moves the first transaction whose bank's queue has room; says whether another may follow. */
function move(c: BankQueues): boolean {
  const { policy } = c;
  if (
    c.draining === 0 &&
    (c.writes.length >= policy.transactionEntries || (c.writes.length > policy.idleWrites && c.queued === 0))
  )
    c.draining = c.writes.length;
  const write = c.draining > 0 ? 1 : 0;
  const queue = write === 0 ? c.reads : c.writes;
  for (let at = 0; at < queue.length; at += 1) {
    const bank = queue.bank[at] ?? 0;
    const length = c.length[bank] ?? 0;
    if (length >= policy.bankEntries) continue;
    const entry = bank * policy.bankEntries + length;
    c.row[entry] = queue.row[at] ?? 0;
    c.write[entry] = write;
    c.arrive[entry] = queue.arrive[at] ?? 0;
    c.length[bank] = length + 1;
    c.queued += 1;
    c.draining -= write;
    queue.bank.copyWithin(at, at + 1, queue.length);
    queue.row.copyWithin(at, at + 1, queue.length);
    queue.arrive.copyWithin(at, at + 1, queue.length);
    queue.length -= 1;
    return true;
  }
  return false;
}
