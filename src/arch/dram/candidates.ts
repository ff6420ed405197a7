/**
 * Looks through the candidates of one kind for the oldest that is ready. Each scan leaves in its bound when the others are.
 * The four are alike but not one: a shared body would call through a pointer for each bank.
 * Their loops choose by masks, all ones where a condition holds, since a branch on random traffic is mispredicted.
 */
import { earlier, NEVER } from "./cell.ts";
import { activateTime, columnAt, prechargeTime } from "./device.ts";
import type { BankQueue, Controller, Request } from "./queue.ts";

const NONE = -1;

/** Oldest request with a row opened for it whose column command is ready. */
export function scanActive(c: Controller, t: number): Request | undefined {
  const { blocks, queues } = c;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    let mask = block === undefined ? 0 : block.active;
    while (mask !== 0) {
      const place = (index << 5) + lowest(mask);
      mask &= mask - 1;
      const r = queues[place]?.active;
      if (r === undefined) continue;
      const ready = columnAt(r.queue.bank, r.write);
      const waiting = (t - ready) >> 31;
      const readyAge = r.age | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ place) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.activeBound = readyCount > 1 ? t : bound;
  return best === NONE ? undefined : queues[best]?.active;
}

/** Oldest ready row hit of the queue being served. */
export function scanColumns(c: Controller, t: number): Request | undefined {
  const { blocks, queues, writing } = c;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    let mask = block === undefined ? 0 : (writing === 0 ? block.reads : block.writes).columns;
    while (mask !== 0) {
      const place = (index << 5) + lowest(mask);
      mask &= mask - 1;
      const queue = queues[place];
      if (queue === undefined) continue;
      const ready = columnAt(queue.bank, writing);
      const waiting = (t - ready) >> 31;
      const readyAge = list(queue, writing).hitAge | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ place) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.columnBound = readyCount > 1 ? t : bound;
  const queue = best === NONE ? undefined : queues[best];
  return queue === undefined ? undefined : list(queue, writing).hit;
}

/** Oldest request whose closed bank can be activated. */
export function scanActivates(c: Controller, t: number): Request | undefined {
  const { blocks, queues, writing } = c;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    let mask = block === undefined ? 0 : (writing === 0 ? block.reads : block.writes).activates;
    while (mask !== 0) {
      const place = (index << 5) + lowest(mask);
      mask &= mask - 1;
      const queue = queues[place];
      if (queue === undefined) continue;
      const ready = activateTime(queue.bank);
      const waiting = (t - ready) >> 31;
      const readyAge = list(queue, writing).missAge | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ place) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.activateBound = readyCount > 1 ? t : bound;
  const queue = best === NONE ? undefined : queues[best];
  return queue === undefined ? undefined : list(queue, writing).miss;
}

/** Oldest request whose bank can be closed for it. */
export function scanPrecharges(c: Controller, t: number): Request | undefined {
  const { blocks, queues, writing } = c;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    let mask = block === undefined ? 0 : (writing === 0 ? block.reads : block.writes).precharges;
    while (mask !== 0) {
      const place = (index << 5) + lowest(mask);
      mask &= mask - 1;
      const queue = queues[place];
      if (queue === undefined) continue;
      const ready = prechargeTime(queue.bank);
      const waiting = (t - ready) >> 31;
      const readyAge = list(queue, writing).missAge | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ place) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.prechargeBound = readyCount > 1 ? t : bound;
  const queue = best === NONE ? undefined : queues[best];
  return queue === undefined ? undefined : list(queue, writing).miss;
}

const lowest = (mask: number): number => 31 - Math.clz32(mask & -mask);

const list = (queue: BankQueue, writing: number) => (writing === 0 ? queue.reads : queue.writes);
