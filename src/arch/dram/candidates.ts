/**
 * Looks through the candidates of one kind for the oldest that is ready. Each scan leaves in its bound when the others are.
 * The four are alike but not one: a shared body would call through a pointer for each bank.
 * Their loops choose by masks, all ones where a condition holds, since a branch on random traffic is mispredicted.
 */
import { earlier, NEVER } from "./cell.ts";
import { activateTime, columnAt, prechargeTime } from "./device.ts";
import type { Controller } from "./queue.ts";

const NONE = -1;

/** Oldest request with a row opened for it whose column command is ready. */
export function scanActive(c: Controller, t: number): number {
  const { device, active, slotWrite, slotAge } = c;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let word = 0; word < c.words; word += 1) {
    let mask = c.activeMask[word] ?? 0;
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const slot = active[(word << 5) + 31 - Math.clz32(low)] ?? 0;
      const ready = columnAt(device, c.slotBank[slot] ?? 0, slotWrite[slot] ?? 0);
      const age = slotAge[slot] ?? 0;
      const waiting = (t - ready) >> 31;
      const readyAge = age | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ slot) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.activeBound = readyCount > 1 ? t : bound;
  return best;
}

/** Oldest ready row hit of the queue being served. */
export function scanColumns(c: Controller, t: number): number {
  const { device, hit, slotAge } = c;
  const lists = c.writing * device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let word = 0; word < c.words; word += 1) {
    let mask = c.columnMask[c.writing * c.words + word] ?? 0;
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = columnAt(device, bank, c.writing);
      const slot = hit[lists + bank] ?? 0;
      const age = slotAge[slot] ?? 0;
      const waiting = (t - ready) >> 31;
      const readyAge = age | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ slot) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.columnBound = readyCount > 1 ? t : bound;
  return best;
}

/** Oldest request whose closed bank can be activated. */
export function scanActivates(c: Controller, t: number): number {
  const { device, miss, slotAge } = c;
  const lists = c.writing * device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let word = 0; word < c.words; word += 1) {
    let mask = c.activateMask[c.writing * c.words + word] ?? 0;
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = activateTime(device, bank);
      const slot = miss[lists + bank] ?? 0;
      const age = slotAge[slot] ?? 0;
      const waiting = (t - ready) >> 31;
      const readyAge = age | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ slot) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.activateBound = readyCount > 1 ? t : bound;
  return best;
}

/** Oldest request whose bank can be closed for it. */
export function scanPrecharges(c: Controller, t: number): number {
  const { device, miss, slotAge } = c;
  const lists = c.writing * device.banks;
  let best = NONE;
  let bestAge = NEVER;
  let bound = NEVER;
  let readyCount = 0;
  for (let word = 0; word < c.words; word += 1) {
    let mask = c.prechargeMask[c.writing * c.words + word] ?? 0;
    while (mask !== 0) {
      const low = mask & -mask;
      mask ^= low;
      const bank = (word << 5) + 31 - Math.clz32(low);
      const ready = prechargeTime(device, bank);
      const slot = miss[lists + bank] ?? 0;
      const age = slotAge[slot] ?? 0;
      const waiting = (t - ready) >> 31;
      const readyAge = age | (waiting & NEVER);
      bound = earlier(bound, ready | (~waiting & NEVER));
      readyCount += 1 + waiting;
      const older = (readyAge - bestAge) >> 31;
      best ^= (best ^ slot) & older;
      bestAge ^= (bestAge ^ readyAge) & older;
    }
  }
  c.prechargeBound = readyCount > 1 ? t : bound;
  return best;
}
