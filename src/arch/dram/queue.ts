/**
 * The request queues of a row-hit-first controller, kept as lists per bank with their candidates.
 * Models: bounded read and write queues; per bank the oldest request that hits the open row and the oldest that does not.
 * Ignores: forwarding between equal addresses.
 * Source: the queues of Ramulator 2.1's controllers; the lists are ours, so that only banks that changed are looked at.
 */
import { type Agenda, agenda, type Candidate, candidate } from "./agenda.ts";
import { ALWAYS, earlier, later } from "./cell.ts";
import type { Bank, Device } from "./device.ts";
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
  /** The next younger one of its list. */
  next: Request | undefined;
}

/** Requests of one direction to one bank, in order of age. */
export interface Waiting {
  first: Request | undefined;
  last: Request | undefined;
  /** The oldest to the open row, and the oldest to another. */
  readonly hit: Candidate<Request>;
  readonly miss: Candidate<Request>;
}

export interface BankQueue {
  readonly bank: Bank;
  readonly reads: Waiting;
  readonly writes: Waiting;
  /** The request whose activate is done and whose column command is due. */
  readonly active: Candidate<Request>;
}

/** Of one direction: row hits, and banks to open or to close. */
export interface Agendas {
  readonly columns: Agenda<Request>;
  readonly opens: Agenda<Request>;
  readonly closes: Agenda<Request>;
}

/** State of one controller. */
export interface Controller {
  readonly device: Device;
  readonly timing: Timing;
  readonly ranks: number;
  readonly dualBus: boolean;
  /** One bus, on which nothing waits for a half of a clock. */
  readonly oneBus: boolean;
  /** For how long the read of an opened row has no effect; 0 once there are writes, which are done as they are written. */
  readSlack: number;
  readonly ticksPerClock: number;
  readonly readEntries: number;
  readonly writeEntries: number;
  readonly queues: readonly BankQueue[];
  readonly reads: Agendas;
  readonly writes: Agendas;
  readonly actives: Agenda<Request>;
  readonly free: Request[];
  readonly writeHigh: number;
  readonly writeLow: number;
  freeCount: number;
  readCount: number;
  writeCount: number;
  /** 1 while the write queue drains. */
  writing: number;
  /** The agendas of the direction being served. */
  served: Agendas;
  accepted: number;
  /** Nothing of this class is ready before. */
  activeBound: number;
  columnBound: number;
  openBound: number;
  closeBound: number;
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
  const reads = agendas();
  const queues = device.banks.map(
    (bank): BankQueue => ({ bank, reads: waiting(bank), writes: waiting(bank), active: candidate(bank) }),
  );
  const entries = policy.readEntries + policy.writeEntries + queues.length + 1;
  const free = queues.slice(0, 1).flatMap((queue) => Array.from({ length: entries }, () => request(queue)));
  return {
    device,
    timing: device.timing,
    ranks: device.ranks.length,
    dualBus: device.timing.dualBus,
    oneBus: !device.timing.dualBus && device.timing.ticksPerClock === 1,
    readSlack: readSlack(device.timing),
    ticksPerClock: device.timing.ticksPerClock,
    readEntries: policy.readEntries,
    writeEntries: policy.writeEntries,
    queues,
    reads,
    writes: agendas(),
    actives: agenda(),
    free,
    writeHigh: Math.floor(policy.writeHigh * policy.writeEntries),
    writeLow: Math.ceil(policy.writeLow * policy.writeEntries),
    freeCount: entries,
    readCount: 0,
    writeCount: 0,
    writing: 0,
    served: reads,
    accepted: 0,
    activeBound: ALWAYS,
    columnBound: ALWAYS,
    openBound: ALWAYS,
    closeBound: ALWAYS,
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

/** The read bars the precharge of its bank, and gives data; an activate of two parts and a clock to start need the bus first. */
const readSlack = ({ activateWithin, clockPostamble, readToPrecharge, readLatency }: Timing): number =>
  activateWithin === undefined && clockPostamble === undefined
    ? later(0, earlier(readToPrecharge, readLatency))
    : 0;

const agendas = (): Agendas => ({ columns: agenda(), opens: agenda(), closes: agenda() });

const waiting = (bank: Bank): Waiting => ({
  first: undefined,
  last: undefined,
  hit: candidate(bank),
  miss: candidate(bank),
});

const request = (queue: BankQueue): Request => ({
  queue,
  write: 0,
  row: 0,
  seen: 0,
  age: 0,
  arrive: 0,
  next: undefined,
});

export const hasRoom = (c: Controller, write: number): boolean =>
  write === 0 ? c.readCount < c.readEntries : c.writeCount < c.writeEntries;

/** Takes a request out of its list, whose candidates must be found anew. */
export function unlink(c: Controller, r: Request): void {
  const list = r.write === 0 ? r.queue.reads : r.queue.writes;
  const { next } = r;
  let previous: Request | undefined;
  if (list.first === r) list.first = next;
  else {
    previous = list.first;
    while (previous !== undefined && previous.next !== r) previous = previous.next;
    if (previous !== undefined) previous.next = next;
  }
  if (next === undefined) list.last = previous;
  if (r.write === 0) c.readCount -= 1;
  else c.writeCount -= 1;
}

/** Turns from reading to writing or back. Nothing is known of when the other queue is ready. */
export function turn(c: Controller): void {
  c.writing = 1 - c.writing;
  c.served = c.writing === 0 ? c.reads : c.writes;
  c.columnBound = ALWAYS;
  c.openBound = ALWAYS;
  c.closeBound = ALWAYS;
}
