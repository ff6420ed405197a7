/**
 * Memory reads of an ifmap whose windows overlap, where the bandwidth is estimated. Between two moments at which the buffer is
 * emptied the order of accesses does not matter, so ranges of cycles are counted as runs of bits; only the moment itself is
 * searched for, by shorter and shorter ranges.
 */
import { type Demand, spanOf, tileAt } from "./demand.ts";
import type { MemoryReads } from "./first-seen.ts";
import { isMarked, markRun, marksFor } from "./marks.ts";
import { boundsOf, eachBlock, eachCell } from "./segment.ts";
import { addressAt, overRuns, type WindowMap, wordsTouched } from "./window.ts";

/** @param capacity distinct words that the buffer takes before it is emptied */
export function readsOfWindows(demand: Demand, map: WindowMap, capacity: number): MemoryReads {
  const touched = wordsTouched(map);
  if (touched < capacity) return { words: touched };
  const held = marksFor(map.words);
  const saved = new Int32Array(held.length);
  /** Pieces of `held` that may have marks. */
  let written: (readonly [low: number, high: number])[] = [];
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
    const [low, high] = piece(fold, from, to);
    const mayFill = (to - from) * demand.lanes >= capacity - inBuffer;
    if (mayFill) saved.set(held.subarray(low, high), low);
    let added = 0;
    eachBlock(demand, fold, from, to, (first, end, start, stop) => {
      added += overRuns(map, first, end, start, stop, held, markRun, Infinity);
    });
    if (inBuffer + added >= capacity) {
      held.set(saved.subarray(low, high), low);
      return -added;
    }
    inBuffer += added;
    words += added;
    written.push([low, high]);
    return added;
  }

  function takeCycle(fold: number, cycle: number): number {
    const before = words;
    const within = piece(fold, cycle, cycle + 1);
    written.push(within);
    eachCell(demand, fold, cycle, 0, (row, depth) => {
      const address = addressAt(map, row, depth);
      if (address < 0 || isMarked(held, address)) return true;
      markRun(held, address, address + 1);
      words += 1;
      inBuffer += 1;
      if (inBuffer === capacity) {
        for (const [low, high] of written) held.fill(0, low, high);
        written = [within];
        inBuffer = 0;
        lastEmptied = fold * demand.cyclesPerFold + demand.firstCycle + cycle;
      }
      return true;
    });
    return words - before;
  }

  /** The part of the marks that a range of cycles may touch. */
  function piece(fold: number, from: number, to: number): readonly [low: number, high: number] {
    const [first, last] = boundsOf(demand, map, fold, from, to);
    return [first >>> 5, ((last - 1) >>> 5) + 1];
  }
}
