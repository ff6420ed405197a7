/**
 * The device side of a channel: open rows and the earliest time of each command on each bank.
 * Models: activate, precharge, read, write and all-bank refresh with every spacing of `Timing`.
 * Ignores: power-down, per-bank refresh, data.
 * Source: the spacing rules resolved in timing.ts.
 */
import { ALWAYS, earlier, later, NEVER, raise } from "./cell.ts";
import type { Organization } from "./preset.ts";
import {
  type ByRelation,
  OTHER_RANK,
  type Relation,
  SAME_GROUP,
  SAME_RANK,
  SAME_STACK,
  type Timing,
} from "./timing.ts";

/** State of all banks; only the functions of this file change it. Times are ticks. */
export interface Device {
  readonly timing: Timing;
  readonly banks: number;
  readonly groups: number;
  readonly ranks: number;
  readonly banksPerRank: number;
  readonly groupOf: Int32Array;
  readonly rankOf: Int32Array;
  /** Spacings from a command in group a to one in group b, at `a * groups + b`; negative where there is none. */
  readonly readToRead: Int32Array;
  readonly readToWrite: Int32Array;
  readonly writeToRead: Int32Array;
  readonly writeToWrite: Int32Array;
  readonly activateToActivate: Int32Array;
  /** Open row of each bank, -1 when closed. */
  readonly openRow: Int32Array;
  readonly readAt: Int32Array;
  readonly writeAt: Int32Array;
  readonly activateAt: Int32Array;
  readonly prechargeAt: Int32Array;
  readonly groupReadAt: Int32Array;
  readonly groupWriteAt: Int32Array;
  readonly groupActivateAt: Int32Array;
  readonly rankPrechargeAt: Int32Array;
  readonly rankRefreshAt: Int32Array;
  /** Last four activates of each rank, oldest at `activateCursor`. */
  readonly lastActivates: Int32Array;
  readonly activateCursor: Int32Array;
  readonly openBanks: Int32Array;
  /** Per rank, since when all banks are closed, and for how long they were before that. Kept for energy. */
  readonly closedSince: Int32Array;
  readonly closedTicks: Int32Array;
  activates: number;
  precharges: number;
  reads: number;
  writes: number;
  refreshes: number;
}

export function device(timing: Timing, o: Organization): Device {
  const banksPerRank = o.stacks * o.bankGroups * o.banks;
  const banks = o.ranks * banksPerRank;
  const groups = banks / o.banks;
  return {
    timing,
    banks,
    groups,
    ranks: o.ranks,
    banksPerRank,
    groupOf: Int32Array.from({ length: banks }, (_, bank) => Math.floor(bank / o.banks)),
    rankOf: Int32Array.from({ length: banks }, (_, bank) => Math.floor(bank / banksPerRank)),
    readToRead: spacings(groups, o, timing.readToRead),
    readToWrite: spacings(groups, o, timing.readToWrite),
    writeToRead: spacings(groups, o, timing.writeToRead),
    writeToWrite: spacings(groups, o, timing.writeToWrite),
    activateToActivate: spacings(groups, o, timing.activateToActivate),
    openRow: new Int32Array(banks).fill(-1),
    readAt: new Int32Array(banks),
    writeAt: new Int32Array(banks),
    activateAt: new Int32Array(banks),
    prechargeAt: new Int32Array(banks),
    groupReadAt: new Int32Array(groups),
    groupWriteAt: new Int32Array(groups),
    groupActivateAt: new Int32Array(groups),
    rankPrechargeAt: new Int32Array(o.ranks),
    rankRefreshAt: new Int32Array(o.ranks),
    lastActivates: new Int32Array(4 * o.ranks).fill(ALWAYS),
    activateCursor: new Int32Array(o.ranks),
    openBanks: new Int32Array(o.ranks),
    closedSince: new Int32Array(o.ranks),
    closedTicks: new Int32Array(o.ranks),
    activates: 0,
    precharges: 0,
    reads: 0,
    writes: 0,
    refreshes: 0,
  };
}

function spacings(groups: number, o: Organization, by: ByRelation): Int32Array {
  const table = new Int32Array(groups * groups);
  for (let a = 0; a < groups; a += 1)
    for (let b = 0; b < groups; b += 1) table[a * groups + b] = by[relation(a, b, o)];
  return table;
}

function relation(a: number, b: number, o: Organization): Relation {
  const perRank = o.stacks * o.bankGroups;
  if (a === b) return SAME_GROUP;
  if (Math.floor(a / o.bankGroups) === Math.floor(b / o.bankGroups)) return SAME_STACK;
  return Math.floor(a / perRank) === Math.floor(b / perRank) ? SAME_RANK : OTHER_RANK;
}

/** Earliest time of a read (or write) of the open row of a bank. */
export function columnAt(d: Device, bank: number, write: number): number {
  const group = d.groupOf[bank] ?? 0;
  return write === 0
    ? later(d.readAt[bank] ?? 0, d.groupReadAt[group] ?? 0)
    : later(d.writeAt[bank] ?? 0, d.groupWriteAt[group] ?? 0);
}

export const activateTime = (d: Device, bank: number): number =>
  later(d.activateAt[bank] ?? 0, d.groupActivateAt[d.groupOf[bank] ?? 0] ?? 0);

/** No bank can be activated before. */
export function earliestActivate(d: Device): number {
  let earliest = NEVER;
  for (let group = 0; group < d.groups; group += 1)
    earliest = earlier(earliest, d.groupActivateAt[group] ?? 0);
  return earliest;
}

export const prechargeTime = (d: Device, bank: number): number =>
  later(d.prechargeAt[bank] ?? 0, d.rankPrechargeAt[d.rankOf[bank] ?? 0] ?? 0);

export function issueRead(d: Device, bank: number, t: number): void {
  spread(d, bank, t, d.readToRead, d.readToWrite);
  raise(d.prechargeAt, bank, t + d.timing.readToPrecharge);
  d.reads += 1;
}

export function issueWrite(d: Device, bank: number, t: number): void {
  spread(d, bank, t, d.writeToRead, d.writeToWrite);
  raise(d.prechargeAt, bank, t + d.timing.writeToPrecharge);
  d.writes += 1;
}

function spread(d: Device, bank: number, t: number, toRead: Int32Array, toWrite: Int32Array): void {
  const { groups, groupReadAt, groupWriteAt } = d;
  const from = (d.groupOf[bank] ?? 0) * groups;
  for (let group = 0; group < groups; group += 1) {
    raise(groupReadAt, group, t + (toRead[from + group] ?? 0));
    raise(groupWriteAt, group, t + (toWrite[from + group] ?? 0));
  }
}

export function issueActivate(d: Device, bank: number, row: number, t: number): void {
  const { timing, groups, groupActivateAt, activateToActivate } = d;
  const rank = d.rankOf[bank] ?? 0;
  const from = (d.groupOf[bank] ?? 0) * groups;
  const cursor = d.activateCursor[rank] ?? 0;
  d.lastActivates[4 * rank + cursor] = t;
  const oldest = (cursor + 1) & 3;
  d.activateCursor[rank] = oldest;
  const window = (d.lastActivates[4 * rank + oldest] ?? 0) + timing.fourActivates;
  for (let group = 0; group < groups; group += 1) {
    const space = activateToActivate[from + group] ?? 0;
    if (space >= 0) raise(groupActivateAt, group, later(window, t + space));
  }
  d.openRow[bank] = row;
  if ((d.openBanks[rank] ?? 0) === 0)
    d.closedTicks[rank] = (d.closedTicks[rank] ?? 0) + t - (d.closedSince[rank] ?? 0);
  d.openBanks[rank] = (d.openBanks[rank] ?? 0) + 1;
  raise(d.activateAt, bank, t + timing.sameBankActivate);
  raise(d.readAt, bank, t + timing.activateToRead);
  raise(d.writeAt, bank, t + timing.activateToWrite);
  raise(d.prechargeAt, bank, t + timing.activateToPrecharge);
  raise(d.rankRefreshAt, rank, t + timing.activateToRefresh);
  d.activates += 1;
}

export function issuePrecharge(d: Device, bank: number, t: number): void {
  const { timing } = d;
  const rank = d.rankOf[bank] ?? 0;
  d.openRow[bank] = -1;
  d.openBanks[rank] = (d.openBanks[rank] ?? 0) - 1;
  if ((d.openBanks[rank] ?? 0) === 0) d.closedSince[rank] = t;
  raise(d.activateAt, bank, t + timing.prechargeToActivate);
  raise(d.rankPrechargeAt, rank, t + timing.prechargeToPrecharge);
  raise(d.rankRefreshAt, rank, t + timing.prechargeToRefresh);
  d.precharges += 1;
}

/** Earliest time of a precharge of all banks of a rank. */
export function prechargeAllTime(d: Device, rank: number): number {
  let ready = d.rankPrechargeAt[rank] ?? 0;
  const first = rank * d.banksPerRank;
  for (let bank = first; bank < first + d.banksPerRank; bank += 1)
    if ((d.openRow[bank] ?? 0) >= 0) ready = later(ready, d.prechargeAt[bank] ?? 0);
  return ready;
}

export function issuePrechargeAll(d: Device, rank: number, t: number): void {
  const { timing } = d;
  const first = rank * d.banksPerRank;
  for (let bank = first; bank < first + d.banksPerRank; bank += 1) {
    d.openRow[bank] = -1;
    raise(d.activateAt, bank, t + timing.prechargeAllToActivate);
  }
  d.openBanks[rank] = 0;
  d.closedSince[rank] = t;
  raise(d.rankPrechargeAt, rank, t + timing.prechargeToPrecharge);
  raise(d.rankRefreshAt, rank, t + timing.prechargeToRefresh);
  d.precharges += 1;
}

/** Refreshes all banks of a rank, which must be closed. */
export function issueRefresh(d: Device, rank: number, t: number): void {
  const first = rank * d.banksPerRank;
  for (let bank = first; bank < first + d.banksPerRank; bank += 1)
    raise(d.activateAt, bank, t + d.timing.refreshToActivate);
  d.refreshes += 1;
}

/** Ticks up to `end` in which a rank had all banks closed, summed over the ranks. */
export function closedTicks(d: Device, end: number): number {
  let total = 0;
  for (let rank = 0; rank < d.ranks; rank += 1)
    total +=
      (d.closedTicks[rank] ?? 0) +
      ((d.openBanks[rank] ?? 0) === 0 ? later(0, end - (d.closedSince[rank] ?? 0)) : 0);
  return total;
}
