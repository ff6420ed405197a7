/**
 * Misses of a read buffer at a fixed bandwidth, for operands whose places hold distinct words. In each fold the array asks in
 * the order of the stream (a stationary operand: row by row from the last), so the next miss is where the resident sets end.
 */
import {
  type BufferSets,
  bufferSets,
  isResident,
  residentUntil,
  slidesTo,
  startAfter,
} from "./buffer-sets.ts";
import { type Demand, firstDepth, lanesOf, spanOf, stepsOf, tileAt, tilesOf } from "./demand.ts";
import { evenMisses, streamPosition } from "./even-misses.ts";
import { addMiss, type Misses, type MissRun, missesByFold } from "./miss-runs.ts";

export interface BufferRun {
  readonly misses: Misses;
  /** Words of the stream, with the padding of tiles that are not full. */
  readonly paddedWords: number;
}

export function missesOfDistinct(demand: Demand, bufferWords: number): BufferRun {
  const buffer = bufferSets(bufferWords, demand.rows * demand.depth);
  const ring = { start: 0 };
  const ofFold = demand.shape === "stationary" ? stationaryFold : skewedFold;
  const folds = buffer.slide > 0 ? demand.rowFolds * demand.columnFolds : 0;
  const misses = missesByFold(folds, (fold, runs) => ofFold(demand, buffer, ring, fold, runs));
  return { misses, paddedWords: tilesOf(demand) * demand.lanes * stepsOfTile(demand) };
}

/** Rows of the stream for each tile (each column of tiles). */
export const stepsOfTile = (demand: Demand): number =>
  demand.shape === "stationary" ? demand.depth : stepsOf(demand);

/** The first resident set. */
interface Ring {
  start: number;
}

/** Slides the ring until it holds the set; returns how often. */
function slideTo(buffer: BufferSets, ring: Ring, set: number): number {
  const slides = slidesTo(buffer, ring.start, set);
  ring.start = startAfter(buffer, ring.start, slides);
  return slides;
}

function skewedFold(demand: Demand, buffer: BufferSets, ring: Ring, fold: number, misses: MissRun[]): void {
  const tile = tileAt(demand, fold);
  const steps = stepsOf(demand);
  const lastPosition = streamPosition(demand, tile, spanOf(demand, tile) - 1, lanesOf(demand, tile) - 1);
  const start = fold * demand.cyclesPerFold + demand.firstCycle;
  let at = streamPosition(demand, tile, 0, 0);
  while (true) {
    const set = Math.floor(at / buffer.wordsPerSet);
    const end = isResident(buffer, ring.start, set) ? residentUntil(buffer, ring.start, set) : set;
    at = Math.max(at, end * buffer.wordsPerSet);
    if (at > lastPosition) return;
    const cycle = cycleOf(demand, tile, at);
    at = Math.max(at, streamPosition(demand, tile, cycle, Math.max(0, cycle - steps + 1)));
    const asked = Math.floor(at / buffer.wordsPerSet);
    const slides = slideTo(buffer, ring, asked);
    if (slides > 0) addMiss(misses, start + cycle, slides);
    const even = evenMisses(demand, buffer, fold, cycle, ring.start, asked);
    if (even === undefined) continue;
    misses.push(even);
    ring.start = startAfter(buffer, ring.start, even.count);
    const full = streamPosition(demand, tile, demand.lanes - 1, 0);
    at = full + even.offset + (even.count - 1) * even.words;
  }
}

/** The first cycle of the tile that asks for a word at `target` of the stream or behind. */
function cycleOf(demand: Demand, tile: number, target: number): number {
  const lanes = lanesOf(demand, tile);
  let low = 0;
  let high = spanOf(demand, tile) - 1;
  // At full width a cycle brings `lanes` words: that guess is right but for the ends of the tile, where halves are tried.
  let guess = Math.floor((target - streamPosition(demand, tile, 0, 0)) / demand.lanes) + 1;
  for (let tries = 0; low < high; tries += 1) {
    const middle = tries > 3 || guess < low || guess >= high ? Math.floor((low + high) / 2) : guess;
    guess = middle - 1;
    if (streamPosition(demand, tile, middle, Math.min(lanes - 1, middle)) >= target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function stationaryFold(
  demand: Demand,
  buffer: BufferSets,
  ring: Ring,
  fold: number,
  misses: MissRun[],
): void {
  const { depth, tileDepth, lanes: tileLanes } = demand;
  const column = tileAt(demand, fold);
  const lanes = lanesOf(demand, column);
  const first = firstDepth(demand, fold);
  const held = Math.min(tileDepth, depth - first);
  const columnStart = column * depth * tileLanes;
  const setOf = (position: number): number => Math.floor(position / buffer.wordsPerSet);
  const lowest = setOf(columnStart + first * lanes);
  const highest = setOf(columnStart + (first + held) * lanes - 1);
  if (isResident(buffer, ring.start, lowest) && highest < residentUntil(buffer, ring.start, lowest)) return;
  for (let row = 0; row < held; row += 1) {
    const start = columnStart + (first + held - 1 - row) * lanes;
    for (let at = start; at < start + lanes; ) {
      const slides = slideTo(buffer, ring, setOf(at));
      if (slides > 0) addMiss(misses, fold * demand.cyclesPerFold + tileDepth - held + row, slides);
      at = residentUntil(buffer, ring.start, setOf(at)) * buffer.wordsPerSet;
    }
  }
}
