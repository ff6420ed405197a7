/**
 * The device side of a channel: open rows and the earliest time of each command on each bank.
 * Models: activate, precharge, read, write and all-bank refresh with every spacing of `Timing`.
 * Ignores: power-down, per-bank refresh, data.
 * Source: the spacing rules resolved in timing.ts.
 */
import { ALWAYS, earlier, later, NEVER } from "./cell.ts";
import type { Organization } from "./organization.ts";
import type { Spread, Timing } from "./timing.ts";

/** What all banks of a group, or of a stack, wait for. Times are ticks; a bank waits for its group and for its stack. */
export interface Shared {
  readAt: number;
  writeAt: number;
  activateAt: number;
}

export interface Group extends Shared {
  readonly index: number;
}

export interface Stack extends Shared {
  readonly rank: Rank;
}

export interface Rank {
  readonly banks: Bank[];
  prechargeAt: number;
  refreshAt: number;
  /** The last four activates. */
  fourthLast: number;
  thirdLast: number;
  secondLast: number;
  last: number;
  openBanks: number;
  /** Since when all banks are closed, and for how long they were before that. Kept for energy. */
  closedSince: number;
  closedTicks: number;
}

export interface Bank {
  readonly index: number;
  readonly group: Group;
  readonly stack: Stack;
  readonly rank: Rank;
  /** -1 when closed. */
  openRow: number;
  readAt: number;
  writeAt: number;
  activateAt: number;
  prechargeAt: number;
}

/**
 * State of all banks; only the functions of this file change it. Plain objects, as their fields are used together; written out
 * in full, as engines keep the fields of a spread elsewhere.
 */
export interface Device {
  readonly timing: Timing;
  readonly banks: readonly Bank[];
  readonly groups: readonly Group[];
  readonly stacks: readonly Stack[];
  readonly ranks: readonly Rank[];
  activates: number;
  precharges: number;
  reads: number;
  writes: number;
  refreshes: number;
}

export function device(timing: Timing, o: Organization): Device {
  const ranks = Array.from({ length: o.ranks }, closedRank);
  const stacks = ranks.flatMap((rank) =>
    Array.from({ length: o.stacks }, (): Stack => ({ readAt: 0, writeAt: 0, activateAt: 0, rank })),
  );
  const banks: Bank[] = [];
  const groups: Group[] = [];
  for (const stack of stacks)
    for (let member = 0; member < o.bankGroups; member += 1) {
      const group: Group = { readAt: 0, writeAt: 0, activateAt: 0, index: groups.length };
      groups.push(group);
      for (let count = 0; count < o.banks; count += 1) {
        const bank = closedBank(banks.length, group, stack);
        banks.push(bank);
        stack.rank.banks.push(bank);
      }
    }
  return {
    timing,
    banks,
    groups,
    stacks,
    ranks,
    activates: 0,
    precharges: 0,
    reads: 0,
    writes: 0,
    refreshes: 0,
  };
}

const closedRank = (): Rank => ({
  banks: [],
  prechargeAt: 0,
  refreshAt: 0,
  fourthLast: ALWAYS,
  thirdLast: ALWAYS,
  secondLast: ALWAYS,
  last: ALWAYS,
  openBanks: 0,
  closedSince: 0,
  closedTicks: 0,
});

const closedBank = (index: number, group: Group, stack: Stack): Bank => ({
  index,
  group,
  stack,
  rank: stack.rank,
  openRow: -1,
  readAt: 0,
  writeAt: 0,
  activateAt: 0,
  prechargeAt: 0,
});

/** Earliest time of a read (or write) of the open row of a bank. */
export const columnAt = (bank: Bank, write: number): number =>
  write === 0
    ? later(bank.readAt, later(bank.group.readAt, bank.stack.readAt))
    : later(bank.writeAt, later(bank.group.writeAt, bank.stack.writeAt));

export const activateTime = (bank: Bank): number =>
  later(bank.activateAt, later(bank.group.activateAt, bank.stack.activateAt));

/** No bank can be activated before; `last` is the stack of the last activate. */
export function earliestActivate({ stacks }: Device, last: Stack): number {
  if (stacks.length === 1) return last.activateAt;
  let earliest = NEVER;
  for (let index = 0; index < stacks.length; index += 1)
    earliest = earlier(earliest, stacks[index]?.activateAt ?? NEVER);
  return earliest;
}

export const prechargeTime = (bank: Bank): number => later(bank.prechargeAt, bank.rank.prechargeAt);

/** The bank must be ready for it, so what held reads back is past. */
export function issueRead(d: Device, bank: Bank, t: number): void {
  const { group, stack } = bank;
  const by = d.timing.afterRead;
  group.readAt = t + by.groupRead;
  stack.readAt = t + by.stackRead;
  group.writeAt = later(group.writeAt, t + by.groupWrite);
  stack.writeAt = later(stack.writeAt, t + by.stackWrite);
  if (d.stacks.length > 1) spreadToOthers(d, stack, t, by);
  bank.prechargeAt = later(bank.prechargeAt, t + d.timing.readToPrecharge);
  d.reads += 1;
}

/** The bank must be ready for it, so what held writes back is past. */
export function issueWrite(d: Device, bank: Bank, t: number): void {
  const { group, stack } = bank;
  const by = d.timing.afterWrite;
  group.readAt = later(group.readAt, t + by.groupRead);
  stack.readAt = later(stack.readAt, t + by.stackRead);
  group.writeAt = t + by.groupWrite;
  stack.writeAt = t + by.stackWrite;
  if (d.stacks.length > 1) spreadToOthers(d, stack, t, by);
  bank.prechargeAt = later(bank.prechargeAt, t + d.timing.writeToPrecharge);
  d.writes += 1;
}

/** Columns of the other stacks. */
function spreadToOthers(d: Device, stack: Stack, t: number, by: Spread): void {
  for (const other of d.stacks) {
    if (other === stack) continue;
    const near = other.rank === stack.rank;
    other.readAt = later(other.readAt, t + (near ? by.rankRead : by.otherRead));
    other.writeAt = later(other.writeAt, t + (near ? by.rankWrite : by.otherWrite));
  }
}

/** The bank must be ready for it, so what its times were is past. */
export function issueActivate(d: Device, bank: Bank, row: number, t: number): void {
  const { timing } = d;
  const { group, stack, rank } = bank;
  rank.fourthLast = rank.thirdLast;
  rank.thirdLast = rank.secondLast;
  rank.secondLast = rank.last;
  rank.last = t;
  const window = rank.fourthLast + timing.fourActivates;
  group.activateAt = t + timing.sameGroupActivate;
  const next = later(window, t + timing.sameRankActivate);
  stack.activateAt = next;
  if (d.stacks.length > 1) holdActivates(d, stack, next);
  bank.openRow = row;
  if (rank.openBanks === 0) rank.closedTicks += t - rank.closedSince;
  rank.openBanks += 1;
  bank.activateAt = t + timing.sameBankActivate;
  bank.readAt = t + timing.activateToRead;
  bank.writeAt = t + timing.activateToWrite;
  bank.prechargeAt = t + timing.activateToPrecharge;
  rank.refreshAt = later(rank.refreshAt, t + timing.activateToRefresh);
  d.activates += 1;
}

/** Holds back activates of the other stacks of a rank; ranks do not wait for each other. */
function holdActivates(d: Device, stack: Stack, until: number): void {
  for (const other of d.stacks)
    if (other !== stack && other.rank === stack.rank) other.activateAt = later(other.activateAt, until);
}

export function issuePrecharge(d: Device, bank: Bank, t: number): void {
  const { timing } = d;
  const { rank } = bank;
  bank.openRow = -1;
  rank.openBanks -= 1;
  if (rank.openBanks === 0) rank.closedSince = t;
  bank.activateAt = later(bank.activateAt, t + timing.prechargeToActivate);
  rank.prechargeAt = later(rank.prechargeAt, t + timing.prechargeToPrecharge);
  rank.refreshAt = later(rank.refreshAt, t + timing.prechargeToRefresh);
  d.precharges += 1;
}

/** Earliest time of a precharge of all banks of a rank. */
export function prechargeAllTime(rank: Rank): number {
  let ready = rank.prechargeAt;
  for (const bank of rank.banks) if (bank.openRow >= 0) ready = later(ready, bank.prechargeAt);
  return ready;
}

export function issuePrechargeAll(d: Device, rank: Rank, t: number): void {
  const { timing } = d;
  for (const bank of rank.banks) {
    bank.openRow = -1;
    bank.activateAt = later(bank.activateAt, t + timing.prechargeAllToActivate);
  }
  rank.openBanks = 0;
  rank.closedSince = t;
  rank.prechargeAt = later(rank.prechargeAt, t + timing.prechargeToPrecharge);
  rank.refreshAt = later(rank.refreshAt, t + timing.prechargeToRefresh);
  d.precharges += 1;
}

/** Refreshes all banks of a rank, which must be closed. */
export function issueRefresh(d: Device, rank: Rank, t: number): void {
  for (const bank of rank.banks) bank.activateAt = later(bank.activateAt, t + d.timing.refreshToActivate);
  d.refreshes += 1;
}

/** Ticks up to `end` in which a rank had all banks closed, summed over the ranks. */
export function closedTicks(d: Device, end: number): number {
  let total = 0;
  for (const { closedTicks: before, openBanks, closedSince } of d.ranks)
    total += before + (openBanks === 0 ? later(0, end - closedSince) : 0);
  return total;
}
