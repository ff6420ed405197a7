/** A set of addresses as bits, worked on by runs of neighbours. */

export type Marks = Int32Array;

export const marksFor = (addresses: number): Marks => new Int32Array(Math.ceil(addresses / 32));

export const isMarked = (marks: Marks, address: number): boolean =>
  ((marks[address >>> 5] ?? 0) & (1 << (address & 31))) !== 0;

/** Marks [from, to), counted from the integer `base`; returns how many were not marked before. */
export function markRun(marks: Marks, from: number, to: number, base = 0): number {
  let added = 0;
  let index = base + (from >>> 5);
  const last = base + ((to - 1) >>> 5);
  let mask = -1 << (from & 31);
  while (index <= last) {
    if (index === last) mask &= -1 >>> (31 - ((to - 1) & 31));
    const before = marks[index] ?? 0;
    const fresh = mask & ~before;
    if (fresh !== 0) {
      marks[index] = before | fresh;
      added += bitsIn(fresh);
    }
    mask = -1;
    index += 1;
  }
  return added;
}

/** How many of [from, to) are not marked. */
export function unmarkedIn(marks: Marks, from: number, to: number): number {
  let unmarked = 0;
  let index = from >>> 5;
  const last = (to - 1) >>> 5;
  let mask = -1 << (from & 31);
  while (index <= last) {
    if (index === last) mask &= -1 >>> (31 - ((to - 1) & 31));
    const missing = mask & ~(marks[index] ?? 0);
    if (missing !== 0) unmarked += bitsIn(missing);
    mask = -1;
    index += 1;
  }
  return unmarked;
}

/** Takes the marks off [from, to) and perhaps some neighbours: for clearing a set whose runs are all taken off. */
export function wipeRun(marks: Marks, from: number, to: number): number {
  const last = (to - 1) >>> 5;
  for (let index = from >>> 5; index <= last; index += 1) marks[index] = 0;
  return 0;
}

function bitsIn(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
