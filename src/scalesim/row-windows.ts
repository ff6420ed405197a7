/** Adds the windows that an array asks for in a range of cycles to the sets of words held. */
import { markRun } from "./marks.ts";
import { addComb, addToRows, ownSet, type RowSets } from "./row-sets.ts";
import type { Slab } from "./segment.ts";
import type { Line, WindowMap } from "./window.ts";

/** @returns how many words are new */
export function addSlab(held: RowSets, map: WindowMap, slab: Slab): number {
  const { first, end, low, high, from, to } = slab;
  if (to <= from) return 0;
  const whole = Math.min(end, Math.max(first, from - low));
  const rest = Math.max(whole, Math.min(end, to - high + 1));
  return (
    (first < whole ? addSlanted(held, map, slab, first, whole) : 0) +
    (whole < rest ? addWhole(held, map, whole, rest, low, high) : 0) +
    (rest < end ? addSlanted(held, map, slab, rest, end) : 0)
  );
}

/** Windows [first, end), all with the same depths. */
function addWhole(
  held: RowSets,
  map: WindowMap,
  first: number,
  end: number,
  low: number,
  high: number,
): number {
  const { runWords, imageRows, rowWords, rowStride, columnStep, outputColumns } = map;
  let added = 0;
  for (let row = first; row < end; ) {
    const outputRow = Math.floor(row / outputColumns);
    const column = row - outputRow * outputColumns;
    const rows = column === 0 ? Math.max(1, Math.floor((end - row) / outputColumns)) : 1;
    const count = Math.min(end - row, outputColumns - column);
    row += rows * count;
    let filterRow = Math.floor(low / runWords);
    for (let depth = low; depth < high; filterRow += 1) {
      const next = Math.min(high, (filterRow + 1) * runWords);
      const imageRow = outputRow * rowStride + filterRow;
      const inside = Math.min(rows, Math.ceil((imageRows - imageRow) / rowStride));
      if (inside <= 0) break;
      const start = column * columnStep + depth - filterRow * runWords;
      const comb = { start, length: next - depth, count, step: columnStep };
      if (start < rowWords) added += addToRows(held, imageRow, inside, rowStride, comb);
      depth = next;
    }
  }
  return added;
}

/** Windows [first, end), the depths of each cut at both ends of the range of cycles. Neighbours that touch make one run. */
function addSlanted(held: RowSets, map: WindowMap, slab: Slab, first: number, end: number): number {
  const { low, high, from, to } = slab;
  const { runWords, imageRows, rowWords, rowStride, columnStep, outputColumns } = map;
  let added = 0;
  for (let row = first; row < end; ) {
    const outputRow = Math.floor(row / outputColumns);
    const start = outputRow * outputColumns;
    const stop = Math.min(end, start + outputColumns);
    const lastFilterRow = Math.floor((Math.min(high, to - row) - 1) / runWords);
    let filterRow = Math.floor(Math.max(low, from - stop + 1) / runWords);
    for (; filterRow <= lastFilterRow; filterRow += 1) {
      const imageRow = outputRow * rowStride + filterRow;
      if (imageRow >= imageRows) break;
      const base = filterRow * runWords;
      const lowest = Math.max(low, base);
      const highest = Math.min(high, base + runWords);
      const each = Math.max(row, from - highest + 1);
      const last = Math.min(stop, to - lowest);
      if (each >= last) continue;
      const set = ownSet(held, imageRow);
      const length = highest - lowest;
      // Windows from here on are not cut, or touch the one after them; up to there they make one comb, or one run.
      const touching = Math.min(length, to - from + 1) >= columnStep;
      const alike = Math.max(each, touching ? from + columnStep - highest - 1 : from - lowest);
      const apart = Math.min(last, touching ? to - lowest - columnStep + 2 : to - highest + 1);
      for (let window = each; window < last; window += 1) {
        const word = (window - start) * columnStep - base;
        const runStart = word + (lowest > from - window ? lowest : from - window);
        if (runStart >= rowWords) break;
        if (window === alike && apart > alike + 1) {
          window = apart - 1;
          if (!touching) {
            const count = apart - alike;
            added += addComb(held, set, { start: runStart, length, count, step: columnStep });
            continue;
          }
        }
        const runEnd = (window - start) * columnStep - base + (highest < to - window ? highest : to - window);
        added += markRun(held.bits, runStart, runEnd < rowWords ? runEnd : rowWords, set * held.stride);
      }
    }
    row = stop;
  }
  return added;
}

/** How far a line was gone along, and how many of its words were new. */
export interface Walked {
  readonly places: number;
  readonly added: number;
}

/** Adds the words along a line from the place with this index until `most` are new. */
export function addAlong(held: RowSets, map: WindowMap, line: Line, from: number, most: number): Walked {
  const { outputColumns, runWords, rowStride, columnStep, imageRows, rowWords } = map;
  const { row, depth, rowStep, depthStep, count } = line;
  const step = rowStep * columnStep + depthStep;
  let added = 0;
  for (let place = from; place < count; ) {
    const outputRow = Math.floor((row + place * rowStep) / outputColumns);
    const column = row + place * rowStep - outputRow * outputColumns;
    const filterRow = Math.floor((depth + place * depthStep) / runWords);
    const inRun = depth + place * depthStep - filterRow * runWords;
    const end = Math.min(
      count,
      place + placesUntil(column, rowStep, outputColumns),
      place + placesUntil(inRun, depthStep, runWords),
    );
    const imageRow = outputRow * rowStride + filterRow;
    let word = column * columnStep + inRun;
    // All places behind the end of the image's row, or none that matters.
    if (imageRow >= imageRows || Math.min(word, word + (end - place - 1) * step) >= rowWords) {
      place = end;
      continue;
    }
    const set = ownSet(held, imageRow) * held.stride;
    const { bits } = held;
    for (; place < end; place += 1, word += step) {
      if (word >= rowWords) continue;
      const index = set + (word >>> 5);
      const before = bits[index] ?? 0;
      const after = before | (1 << (word & 31));
      if (after === before) continue;
      bits[index] = after;
      added += 1;
      if (added === most) return { places: place + 1, added };
    }
  }
  return { places: count, added };
}

/** Steps of 1, 0 or -1 that stay in [0, end). */
const placesUntil = (at: number, step: number, end: number): number =>
  step === 0 ? Infinity : step > 0 ? end - at : at + 1;
