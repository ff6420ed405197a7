/**
 * Finds when a sequential stream repeats itself, so that the repetitions need not be simulated.
 * Models: the whole state of a row-hit-first controller at a refresh, up to what a stream cannot tell apart: banks count by
 * when the stream comes to them next, times from now, rows as the one being walked or one left for good. Equal states have
 * equal futures, so the skip is exact.
 * Ignores: other traffic than one sequential stream of reads or of writes.
 * Source: ours; the same idea as the engine's fast-forward.
 */
import { cell, later } from "./cell.ts";
import type { Device, Group, Rank, Stack } from "./device.ts";
import { gather, type Mapping } from "./mapping.ts";
import type { Controller, Request } from "./queue.ts";
import { nextVisit } from "./visit.ts";

/** What one repetition adds. Times in ticks. */
export interface Cycle {
  readonly requests: number;
  readonly ticks: number;
  readonly readTicks: number;
  readonly activates: number;
  readonly precharges: number;
  readonly refreshes: number;
  readonly closedTicks: number;
  readonly hits: number;
  readonly misses: number;
  readonly conflicts: number;
}

/** Where a run stands, beside the controller's own state. */
export interface Standing {
  readonly t: number;
  readonly readTicks: number;
  readonly sendAt: number;
}

/** Remembers states; gives the cycle once a state comes again. */
export type CycleFinder = (c: Controller, standing: Standing) => Cycle | undefined;

export function cycleFinder(mapping: Mapping, capacity: number): CycleFinder {
  const seen = new Map<string, Cycle>();
  return (c, standing) => {
    const key = picture(c, standing, mapping, capacity);
    const now = tally(c, standing);
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, now);
      return undefined;
    }
    return {
      requests: now.requests - before.requests,
      ticks: now.ticks - before.ticks,
      readTicks: now.readTicks - before.readTicks,
      activates: now.activates - before.activates,
      precharges: now.precharges - before.precharges,
      refreshes: now.refreshes - before.refreshes,
      closedTicks: now.closedTicks - before.closedTicks,
      hits: now.hits - before.hits,
      misses: now.misses - before.misses,
      conflicts: now.conflicts - before.conflicts,
    };
  };
}

/** Counts so far, as if everything up to now were one cycle. */
function tally({ device: d, flow, accepted }: Controller, { t, readTicks }: Standing): Cycle {
  return {
    requests: accepted,
    ticks: t,
    readTicks,
    activates: d.activates,
    precharges: d.precharges,
    refreshes: d.refreshes,
    closedTicks: d.ranks.reduce((sum, rank) => sum + rank.closedTicks, 0),
    hits: flow.hits,
    misses: flow.misses,
    conflicts: flow.conflicts,
  };
}

/** The state as the stream sees it. */
function picture(c: Controller, { t, sendAt }: Standing, mapping: Mapping, capacity: number): string {
  const { device: d, flow } = c;
  const from = c.accepted - oldest(c);
  const after = (at: number): number => later(0, at - t);
  const origin = from % capacity;
  const rowPeriod = 2 ** Math.min(...mapping.row.map(({ shift }) => shift));
  const visits = c.queues
    .map((queue) => ({ queue, at: nextVisit(mapping.bank, origin, queue.bank.index) }))
    .toSorted((a, b) => a.at - b.at);
  const numbers: (number | string)[] = [
    from - c.accepted,
    c.writing,
    c.nextRefresh - t,
    c.refreshRank,
    after(sendAt),
  ];
  numbers.push(
    after(c.rowBusAt),
    after(c.columnBusAt),
    after(c.clockUntil),
    c.synchronizing === undefined ? "-" : c.accepted - c.synchronizing.age,
  );
  if (c.activating !== undefined) numbers.push("a", c.accepted - c.activating.age, c.activateDeadline - t);

  const groups = new Map<Group, number>();
  const stacks = new Map<Stack, number>();
  for (const { queue, at } of visits) {
    const { bank, active } = queue;
    const rowEnd = (Math.floor(at / rowPeriod) + 1) * rowPeriod;
    numbers.push(at - origin, nextVisit(mapping.bank, rowEnd, bank.index) - origin);
    numbers.push(name(groups, bank.group), name(stacks, bank.stack), d.ranks.indexOf(bank.rank));
    const open = bank.openRow;
    numbers.push(open < 0 ? "c" : open === gather(mapping.row, at % capacity) ? "o" : "s");
    numbers.push(after(bank.readAt), after(bank.writeAt), after(bank.activateAt), after(bank.prechargeAt));
    numbers.push(active.request === undefined ? "-" : c.accepted - active.request.age);
    for (const { first } of [queue.reads, queue.writes])
      for (let r = first; r !== undefined; r = r.next) numbers.push(c.accepted - r.age, r.seen, t - r.arrive);
  }
  for (const shared of [...groups.keys(), ...stacks.keys()])
    numbers.push(after(shared.readAt), after(shared.writeAt), after(shared.activateAt));
  for (const rank of d.ranks) numbers.push(...rankPicture(d, rank, t));
  for (let data = flow.returned; data < flow.sent; data += 1) {
    const at = data & (flow.dataAt.length - 1);
    numbers.push(cell(flow.dataAt, at) - t, t - cell(flow.dataArrive, at));
  }
  return numbers.join();
}

function rankPicture(d: Device, rank: Rank, t: number): readonly number[] {
  const activates = [rank.fourthLast, rank.thirdLast, rank.secondLast, rank.last];
  return [
    later(0, rank.prechargeAt - t),
    later(0, rank.refreshAt - t),
    ...activates.map((at) => later(-d.timing.fourActivates, at - t)),
  ];
}

/** How many requests ago the oldest request came whose column command is not out. */
function oldest(c: Controller): number {
  let age = 0;
  const look = (r: Request | undefined): void => {
    if (r !== undefined) age = later(age, c.accepted - r.age);
  };
  for (const { reads, writes, active } of c.queues) {
    look(reads.first);
    look(writes.first);
    look(active.request);
  }
  look(c.activating);
  return age;
}

function name<K>(names: Map<K, number>, key: K): number {
  const known = names.get(key);
  if (known !== undefined) return known;
  names.set(key, names.size);
  return names.size - 1;
}
