/**
 * Memory reads where the bandwidth is estimated. The read buffer is a set that forgets everything when it is half full: a word
 * that is not in it is one read; the read that fills it empties it. Here for operands whose places hold distinct words.
 */
import { accessesOf, type Demand, firstDepth, lanesOf, stepsOf, tilesOf } from "./demand.ts";
import { cycleOfCell } from "./skew.ts";

export interface MemoryReads {
  readonly words: number;
  /** The cycle, without stalls, in which the buffer was emptied last; absent when it never was. */
  readonly lastEmptied?: number;
}

/** @param capacity distinct words that the buffer takes before it is emptied */
export function readsOfDistinct(demand: Demand, capacity: number): MemoryReads {
  if (demand.tileOf === "columnFold") return readsOfRepeatedTiles(demand, capacity);
  const distinct = demand.rows * demand.depth;
  // A pass over more words than the buffer takes finds none of them again in the next pass.
  if (distinct < capacity) return { words: distinct };
  const words = accessesOf(demand);
  const index = Math.floor(words / capacity) * capacity - 1;
  return { words, lastEmptied: cycleInPasses(demand, index) };
}

/** The cycle of the access with this index, where tiles are asked for in turn. */
function cycleInPasses(demand: Demand, index: number): number {
  const { rows, depth, lanes, tileDepth, rowFolds, cyclesPerFold } = demand;
  if (demand.shape === "stationary") {
    const column = Math.min(tilesOf(demand) - 1, Math.floor(index / (lanes * depth)));
    const inColumn = index - column * lanes * depth;
    const width = lanesOf(demand, column);
    const rowFold = Math.floor(inColumn / (width * tileDepth));
    const fold = column * rowFolds + rowFold;
    const held = Math.min(tileDepth, depth - firstDepth(demand, fold));
    const row = Math.floor((inColumn - rowFold * width * tileDepth) / width);
    return fold * cyclesPerFold + tileDepth - held + row;
  }
  const pass = Math.floor(index / (rows * depth));
  const inPass = index - pass * rows * depth;
  const steps = stepsOf(demand);
  const tile = Math.floor(inPass / (steps * lanes));
  const cell = inPass - tile * steps * lanes;
  const fold = pass * tilesOf(demand) + tile;
  return fold * cyclesPerFold + demand.firstCycle + cycleOfCell(cell, steps, lanesOf(demand, tile));
}

/** Each tile is asked for `rowFolds` times before the next. */
function readsOfRepeatedTiles(demand: Demand, capacity: number): MemoryReads {
  const { rowFolds, cyclesPerFold } = demand;
  const steps = stepsOf(demand);
  let words = 0;
  let held = 0;
  let lastEmptied: number | undefined;
  for (let tile = 0; tile < tilesOf(demand); tile += 1) {
    const lanes = lanesOf(demand, tile);
    const size = steps * lanes;
    if (held + size < capacity) {
      held += size;
      words += size;
      continue;
    }
    const first = capacity - held;
    const after = size * rowFolds - first;
    const emptiedAgain = size < capacity ? 0 : Math.floor(after / capacity);
    const last = first + emptiedAgain * capacity - 1;
    const repetition = Math.floor(last / size);
    const fold = tile * rowFolds + repetition;
    lastEmptied = fold * cyclesPerFold + cycleOfCell(last - repetition * size, steps, lanes);
    held = size < capacity ? Math.min(after, size) : after - emptiedAgain * capacity;
    words += first + (size < capacity ? held : after);
  }
  return lastEmptied === undefined ? { words } : { words, lastEmptied };
}
