/** Adds the windows that an array asks for in a range of cycles to the sets of words held. */
import { markRun } from "./marks.ts";
import { addToRows, ownSet, type RowSets } from "./row-sets.ts";
import type { Slab } from "./segment.ts";
import type { WindowMap } from "./window.ts";

/** @returns how many words are new */
export function addSlab(held: RowSets, map: WindowMap, slab: Slab): number {
  const { first, end, low, high, from, to } = slab;
  const whole = Math.min(end, Math.max(first, from - low));
  const rest = Math.max(whole, Math.min(end, to - high + 1));
  return (
    addSlanted(held, map, slab, first, whole) +
    addWhole(held, map, whole, rest, low, high) +
    addSlanted(held, map, slab, rest, end)
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
      if (start < rowWords)
        added += addToRows(held, imageRow, inside, rowStride, {
          start,
          length: next - depth,
          count,
          step: columnStep,
        });
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
      const set = ownSet(held, imageRow) * held.stride;
      const { bits } = held;
      let runStart = 0;
      let runEnd = 0;
      for (let window = each; window < last; window += 1) {
        const depth = lowest > from - window ? lowest : from - window;
        const next = highest < to - window ? highest : to - window;
        const word = (window - start) * columnStep - base;
        if (word + depth > runEnd) {
          if (runEnd > runStart) added += markRun(bits, runStart, runEnd, set);
          runStart = word + depth;
        }
        runEnd = word + next < rowWords ? word + next : rowWords;
      }
      if (runEnd > runStart) added += markRun(bits, runStart, runEnd, set);
    }
    row = stop;
  }
  return added;
}
