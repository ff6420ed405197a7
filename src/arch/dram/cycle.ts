/**
 * Finds when a sequential stream repeats itself, so that the repetitions need not be simulated.
 * Models: the whole state of a row-hit-first controller at a refresh, up to what a stream cannot tell apart: banks count by
 * when the stream comes to them next, times from now, rows as the one being walked or one left for good. Equal states have
 * equal futures, so the skip is exact.
 * Ignores: other traffic than one sequential stream of reads or of writes.
 * Source: ours; the same idea as the engine's fast-forward.
 */
import { cell, later } from "./cell.ts";
import type { Device } from "./device.ts";
import { gather, type Mapping } from "./mapping.ts";
import type { Controller } from "./queue.ts";
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
    closedTicks: d.closedTicks.reduce((sum, ticks) => sum + ticks, 0),
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
  const visits = Array.from({ length: d.banks }, (_, bank) => ({
    bank,
    at: nextVisit(mapping.bank, origin, bank),
  })).toSorted((a, b) => a.at - b.at);
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
    c.slotAge[c.synchronizing] ?? "-",
  );
  if (c.activating >= 0)
    numbers.push("a", c.accepted - cell(c.slotAge, c.activating), c.activateDeadline - t);

  const groups = new Map<number, number>();
  for (const { bank, at } of visits) {
    const group = cell(d.groupOf, bank);
    const rowEnd = (Math.floor(at / rowPeriod) + 1) * rowPeriod;
    numbers.push(at - origin, nextVisit(mapping.bank, rowEnd, bank) - origin);
    numbers.push(name(groups, group), cell(d.rankOf, bank));
    const open = cell(d.openRow, bank);
    numbers.push(open < 0 ? "c" : open === gather(mapping.row, at % capacity) ? "o" : "s");
    numbers.push(after(cell(d.readAt, bank)), after(cell(d.writeAt, bank)));
    numbers.push(after(cell(d.activateAt, bank)), after(cell(d.prechargeAt, bank)));
    const active = cell(c.active, bank);
    numbers.push(active < 0 ? "-" : c.accepted - cell(c.slotAge, active));
    for (let write = 0; write < 2; write += 1)
      for (let slot = cell(c.head, write * d.banks + bank); slot >= 0; slot = cell(c.slotNext, slot))
        numbers.push(
          c.accepted - cell(c.slotAge, slot),
          cell(c.slotSeen, slot),
          t - cell(c.slotArrive, slot),
        );
  }
  for (const group of groups.keys()) {
    numbers.push(after(cell(d.groupReadAt, group)), after(cell(d.groupWriteAt, group)));
    numbers.push(after(cell(d.groupActivateAt, group)));
  }
  for (let rank = 0; rank < d.ranks; rank += 1) numbers.push(...rankPicture(d, rank, t));
  for (let data = flow.returned; data < flow.sent; data += 1) {
    const at = data & (flow.dataAt.length - 1);
    numbers.push(cell(flow.dataAt, at) - t, t - cell(flow.dataArrive, at));
  }
  return numbers.join();
}

function rankPicture(d: Device, rank: number, t: number): readonly number[] {
  const cursor = cell(d.activateCursor, rank);
  const activates = [0, 1, 2, 3].map((step) => cell(d.lastActivates, 4 * rank + ((cursor + step) & 3)));
  return [
    later(0, cell(d.rankPrechargeAt, rank) - t),
    later(0, cell(d.rankRefreshAt, rank) - t),
    ...activates.map((at) => later(-d.timing.fourActivates, at - t)),
  ];
}

/** How many requests ago the oldest request came whose column command is not out. */
function oldest(c: Controller): number {
  let age = 0;
  const look = (slot: number): void => {
    if (slot >= 0) age = later(age, c.accepted - cell(c.slotAge, slot));
  };
  c.head.forEach(look);
  c.active.forEach(look);
  look(c.activating);
  return age;
}

function name(names: Map<number, number>, key: number): number {
  const known = names.get(key);
  if (known !== undefined) return known;
  names.set(key, names.size);
  return names.size - 1;
}
