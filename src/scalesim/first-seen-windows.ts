/**
 * Memory reads of an ifmap whose windows overlap, where the bandwidth is estimated. Between two moments at which the buffer is
 * emptied the order of accesses does not matter, so whole rows of windows are counted at once; only the moment itself is searched
 * for, behind the last steps that all lanes have surely gone through.
 */
import { type Demand, lanesOf, spanOf, tileAt } from "./demand.ts";
import type { MemoryReads } from "./first-seen.ts";
import { readsOfApart } from "./first-seen-apart.ts";
import { comeBack, empty, keep, rowSets } from "./row-sets.ts";
import { addAlong, addSlab } from "./row-windows.ts";
import { lineOf, slabOf } from "./segment.ts";
import { isFarApart } from "./shared-words.ts";
import { cellsBefore, cycleOfCell } from "./skew.ts";
import { type WindowMap, wordsTouched } from "./window.ts";

/** @param capacity distinct words that the buffer takes before it is emptied */
export function readsOfWindows(demand: Demand, map: WindowMap, capacity: number): MemoryReads {
  const touched = wordsTouched(map);
  if (touched < capacity) return { words: touched };
  if (demand.shape === "depthLanes" && isFarApart(demand, map, capacity))
    return readsOfApart(demand, map, capacity);
  const held = rowSets(map.imageRows, map.rowWords);
  const folds = demand.rowFolds * demand.columnFolds;
  let words = 0;
  let inBuffer = 0;
  let lastEmptied = 0;
  // New words of a step, as the ranges before have had them: a guess of how far the buffer reaches.
  let pace = demand.lanes;
  // By how much more of them come with the cells of lanes that are ahead, behind straight steps or without.
  const bias = { behind: 1, alone: 1 };
  for (let fold = 0; fold < folds; fold += 1) {
    const span = spanOf(demand, tileAt(demand, fold));
    for (let cycle = 0; cycle < span; ) cycle = takeFrom(fold, cycle, span);
  }
  return { words, lastEmptied };

  /** Takes all that is left of the fold, or what comes before the buffer is emptied; returns the next cycle. */
  function takeFrom(fold: number, cycle: number, span: number): number {
    // The last lane is as many cycles behind the first.
    const lag = demand.shape === "stationary" ? 0 : lanesOf(demand, tileAt(demand, fold)) - 1;
    const steps = span - lag;
    const first = Math.max(0, cycle - lag);
    const free = capacity - inBuffer;
    keep(held, 0);
    let most = steps;
    for (;;) {
      const { next: step, added } = takeSteps(fold, cycle, first, most, free, lag);
      if (step === steps) return commit(added, span);
      keep(held, 1);
      const least = step === first ? cycle : Math.max(cycle, step + lag);
      const { next, added: rest } = takeAskew(fold, cycle, step, least, span, free - added, lag);
      if (next >= 0) {
        commit(added + rest, next);
        return walk(fold, next, span);
      }
      // Some of these steps come behind that moment: without any.
      comeBack(held, 0);
      most = first;
    }
  }

  function commit(added: number, next: number): number {
    inBuffer += added;
    words += added;
    return next;
  }

  /** Takes what is left of the steps from `first` on for all lanes, as many as the buffer may take: how far, and the new words. */
  function takeSteps(
    fold: number,
    cycle: number,
    first: number,
    most: number,
    free: number,
    lag: number,
  ): Taken {
    let step = first;
    let added = 0;
    let reach = Math.ceil(free / pace);
    if (reach < most - step) reach = Math.max(1, Math.floor((0.9 * free) / pace) - lag);
    while (step < most && reach > 0) {
      // Where lanes are so far behind, all steps or none are worth it.
      if (most <= 2 * lag && reach < most - step) break;
      const end = wholeRows(Math.min(most, step + reach), most);
      if (end <= step) break;
      const more = addSlab(held, map, slabOf(demand, fold, step, end, cycle, Infinity));
      const rate = more / (end - step);
      if (added + more >= free) {
        comeBack(held, step === first ? 0 : 1);
        reach = Math.min(end - step - 1, Math.floor((0.98 * (free - added)) / rate));
        continue;
      }
      pace = Math.max(rate, pace / 8);
      added += more;
      step = end;
      keep(held, 1);
      reach = Math.floor((free - added) / pace) - lag;
    }
    return { next: step, added };
  }

  /** The steps up to `end`, without the beginning of a row of windows where they are windows: rows that are whole are alike. */
  function wholeRows(end: number, most: number): number {
    return demand.shape !== "depthLanes" || end === most ? end : end - (end % map.outputColumns);
  }

  /**
   * Takes the next steps, from `step` on, as far as each lane is in them just before the buffer is full, or the fold ends: the next
   * cycle and the new words; -1 when it is full already at `least`, the first cycle at which no lane is behind `step`.
   */
  function takeAskew(
    fold: number,
    cycle: number,
    step: number,
    least: number,
    span: number,
    free: number,
    lag: number,
  ): Taken {
    // Words are taken to come evenly with cells of the tile, of which a cycle has fewer where it fills and drains.
    const lanes = lanesOf(demand, tileAt(demand, fold));
    const cellsAt = (end: number): number => (lag === 0 ? lanes * end : cellsBefore(end, span - lag, lanes));
    const cycleAt = (cell: number): number => {
      const index = Math.max(0, Math.min(lanes * (span - lag) - 1, Math.floor(cell)));
      return lag === 0 ? Math.floor(index / lanes) : cycleOfCell(index, span - lag, lanes);
    };
    let low = least;
    let cells = least > cycle ? step * lanes : cellsAt(cycle);
    let best = 0;
    let high = span + 1;
    const kind = least > cycle ? "behind" : "alone";
    let density = (bias[kind] * pace) / lanes;
    const first = Math.max(least, cycleAt(cells + (free - pace) / density));
    for (let end = first; ; ) {
      const added = addSlab(
        held,
        map,
        slabOf(demand, fold, Math.max(step, cycle - lag), Math.min(end, span - lag), cycle, end),
      );
      const taken = cellsAt(end);
      if (taken > cells && added > best) density = (added - best) / (taken - cells);
      if (end === first && density > 0) bias[kind] = (density * lanes) / pace;
      if (added < free) {
        const more = cycleAt(taken + (free - added) / density) - end;
        if (end === span || more <= walkedCycles || end + 1 === high) return { next: end, added };
        low = end;
        cells = taken;
        best = added;
        end = Math.min(high - 1, end + more);
      } else {
        if (end === least) return { next: -1, added };
        high = end;
        end = Math.min(high - 1, Math.max(low, cycleAt(cells + (free - best) / density)));
      }
      comeBack(held, 1);
    }
  }

  /** Takes cycles word by word until the buffer is emptied, or for a few; returns the next one. */
  function walk(fold: number, from: number, span: number): number {
    const end = Math.min(span, from + 2 * walkedCycles);
    for (let cycle = from; cycle < end; cycle += 1) if (takeCycle(fold, cycle)) return cycle + 1;
    return end;
  }

  /** Whether the buffer was emptied. */
  function takeCycle(fold: number, cycle: number): boolean {
    const line = lineOf(demand, fold, cycle);
    let emptied = false;
    for (let place = 0; place < line.count; ) {
      const { places, added } = addAlong(held, map, line, place, capacity - inBuffer);
      place = places;
      words += added;
      inBuffer += added;
      if (inBuffer < capacity) break;
      empty(held);
      inBuffer = 0;
      emptied = true;
      lastEmptied = fold * demand.cyclesPerFold + demand.firstCycle + cycle;
    }
    return emptied;
  }
}

/** The step or the cycle after those taken, and the words that were new. */
interface Taken {
  readonly next: number;
  readonly added: number;
}

/** Cycles that are rather walked word by word than searched. */
const walkedCycles = 2;
