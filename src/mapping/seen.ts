/** Places that a search has been at, told apart by all that what follows depends on. */
import type { Counting, Frame } from "./frame.ts";

/**
 * Whether a frame is new: with other sums, or with other steps that may follow. Where all are equal, so is all that follows: two
 * orders of loops that make the same tiles, with the same loops on top of them.
 */
export function newFrames({ layout }: Counting): (frame: Frame) => boolean {
  const width = 4 + layout.length;
  // Records one after another; by key the last one with it, and by record the one before it with the same key.
  let records = new Float64Array(256 * width);
  let before = new Int32Array(256);
  const last = new Map<number, number>();
  let count = 0;
  return (frame) => {
    if ((count + 1) * width > records.length) {
      records = grown(records, new Float64Array(2 * records.length));
      before = grown(before, new Int32Array(2 * before.length));
    }
    const base = count * width;
    records[base] = frame.stage.index;
    records[base + 1] = frame.node;
    records[base + 2] = frame.here;
    // Only while no slot is filled at the node the last loop decides on the next.
    records[base + 3] = frame.here === 0 ? frame.last : -1;
    records.set(frame.sums, base + 4);
    let key = 0;
    for (let index = base; index < base + width; index += 1)
      key = Math.imul(key ^ (records[index] ?? 0), 0x9e3779b1);
    const same = last.get(key) ?? -1;
    for (let other = same; other >= 0; other = before[other] ?? -1)
      if (areEqual(records, other * width, base, width)) return false;
    before[count] = same;
    last.set(key, count);
    count += 1;
    return true;
  };
}

function grown<List extends Float64Array | Int32Array>(list: List, into: List): List {
  into.set(list);
  return into;
}

function areEqual(records: Float64Array, a: number, b: number, width: number): boolean {
  for (let index = 0; index < width; index += 1) if (records[a + index] !== records[b + index]) return false;
  return true;
}
