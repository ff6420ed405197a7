/** A set of addresses as bits, worked on by runs of neighbours. */

export type Marks = Int32Array;

export const marksFor = (addresses: number): Marks => new Int32Array(Math.ceil(addresses / 32));

export const isMarked = (marks: Marks, address: number): boolean =>
  ((marks[address >>> 5] ?? 0) & (1 << (address & 31))) !== 0;

/** Marks [from, to), counted from the integer `base`; returns how many were not marked before. */
export function markRun(marks: Marks, from: number, to: number, base = 0): number {
  if (to <= from) return 0;
  const index = from >>> 5;
  if (index !== (to - 1) >>> 5) return markLongRun(marks, from, to, base);
  const mask = (-1 << (from & 31)) & (-1 >>> (31 - ((to - 1) & 31)));
  const before = marks[base + index] ?? 0;
  marks[base + index] = before | mask;
  const held = before & mask;
  return to - from - (held === 0 ? 0 : bitsIn(held));
}

function markLongRun(marks: Marks, from: number, to: number, base: number): number {
  const last = base + ((to - 1) >>> 5);
  let added = to - from;
  let mask = -1 << (from & 31);
  for (let index = base + (from >>> 5); index < last; index += 1) {
    const before = marks[index] ?? 0;
    marks[index] = before | mask;
    const held = before & mask;
    if (held !== 0) added -= bitsIn(held);
    mask = -1;
  }
  mask &= -1 >>> (31 - ((to - 1) & 31));
  const before = marks[last] ?? 0;
  marks[last] = before | mask;
  return added - bitsIn(before & mask);
}

/**
 * Marks runs of `length` in [from, to), one every `step`, which is below 32; returns how many were not marked before.
 * @param masks of `combMasks` for both
 */
export function markComb(
  marks: Marks,
  from: number,
  to: number,
  length: number,
  masks: Int32Array,
  base: number,
): number {
  const step = masks.length;
  const last = base + ((to - 1) >>> 5);
  // How far the first bit of the integer is behind the beginning of a run.
  let phase = step - 1 - (((from & 31) + step - 1) % step);
  let edge = -1 << (from & 31);
  let held = 0;
  for (let index = base + (from >>> 5); index < last; index += 1) {
    const mask = edge & (masks[phase] ?? 0);
    const before = marks[index] ?? 0;
    marks[index] = before | mask;
    if ((before & mask) !== 0) held += bitsIn(before & mask);
    phase = (phase + 32) % step;
    edge = -1;
  }
  const mask = edge & (masks[phase] ?? 0) & (-1 >>> (31 - ((to - 1) & 31)));
  const before = marks[last] ?? 0;
  marks[last] = before | mask;
  held += bitsIn(before & mask);
  const runs = Math.floor((to - from) / step);
  return runs * length + Math.min(length, to - from - runs * step) - held;
}

/** For each place of an integer's first bit behind the beginning of a run: which of its bits are in runs of `length`, one every `step`. */
export function combMasks(length: number, step: number): Int32Array {
  const masks = new Int32Array(step);
  for (let phase = 0; phase < step; phase += 1)
    for (let run = -phase; run < 32; run += step) {
      const [from, to] = [Math.max(0, run), Math.min(32, run + length)];
      if (from < to) masks[phase] = (masks[phase] ?? 0) | ((-1 << from) & (-1 >>> (32 - to)));
    }
  return masks;
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
