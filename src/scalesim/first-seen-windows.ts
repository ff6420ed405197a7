/**
 * Memory reads of an ifmap whose windows overlap, where the bandwidth is estimated. Between two moments at which the buffer is
 * emptied the order of accesses does not matter, so ranges of cycles are counted by whole rows of windows; only the moment itself
 * is searched for, by shorter and shorter ranges.
 */
import { type Demand, spanOf, tileAt } from "./demand.ts";
import type { MemoryReads } from "./first-seen.ts";
import { addToRow, comeBack, empty, holds, keep, rowSets } from "./row-sets.ts";
import { addSlab } from "./row-windows.ts";
import { eachCell, slabOf } from "./segment.ts";
import { addressAt, type WindowMap, wordsTouched } from "./window.ts";

/** @param capacity distinct words that the buffer takes before it is emptied */
export function readsOfWindows(demand: Demand, map: WindowMap, capacity: number): MemoryReads {
  const touched = wordsTouched(map);
  if (touched < capacity) return { words: touched };
  const held = rowSets(map.imageRows, map.rowWords);
  const folds = demand.rowFolds * demand.columnFolds;
  let words = 0;
  let inBuffer = 0;
  let lastEmptied = 0;
  // Distinct words of a cycle, as the ranges before have had them: a guess of how far the buffer reaches.
  let pace = demand.lanes;
  for (let fold = 0; fold < folds; fold += 1) takeFold(fold, spanOf(demand, tileAt(demand, fold)));
  return { words, lastEmptied };

  function takeFold(fold: number, span: number): void {
    for (let cycle = 0; cycle < span; ) {
      const free = capacity - inBuffer;
      let length = Math.min(span - cycle, Math.max(1, Math.floor(free / pace)));
      for (let added = -1; added < 0; ) {
        added = length === 1 ? takeCycle(fold, cycle) : takeRange(fold, cycle, cycle + length);
        if (added < 0) length = Math.max(1, Math.floor((0.95 * length * free) / -added));
        else pace = Math.min(demand.lanes, Math.max(added / length, pace / 2));
      }
      cycle += length;
    }
  }

  /** Takes the words of a range of cycles; returns how many are new. When they would fill the buffer: takes none, and minus that. */
  function takeRange(fold: number, from: number, to: number): number {
    keep(held);
    const added = addSlab(held, map, slabOf(demand, fold, from, to));
    if (inBuffer + added >= capacity) {
      comeBack(held);
      return -added;
    }
    inBuffer += added;
    words += added;
    return added;
  }

  function takeCycle(fold: number, cycle: number): number {
    const before = words;
    eachCell(demand, fold, cycle, 0, (row, depth) => {
      const address = addressAt(map, row, depth);
      if (address < 0) return true;
      const imageRow = Math.floor(address / map.rowWords);
      const start = address - imageRow * map.rowWords;
      if (holds(held, imageRow, start)) return true;
      addToRow(held, imageRow, start, start + 1);
      words += 1;
      inBuffer += 1;
      if (inBuffer === capacity) {
        empty(held);
        inBuffer = 0;
        lastEmptied = fold * demand.cyclesPerFold + demand.firstCycle + cycle;
      }
      return true;
    });
    return words - before;
  }
}
