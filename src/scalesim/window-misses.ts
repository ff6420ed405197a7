/**
 * Misses of the ifmap's buffer where windows overlap or run off the image: a word stands at several places of the stream, and is
 * there when any of them is resident. Where a place's own set is resident nothing needs a look; behind it, the words of the
 * resident sets are laid out as bits and ranges of cycles are tested as runs.
 */
import { addMiss, isResident, type Misses, residentUntil, slidesTo, startAfter } from "./buffer-sets.ts";
import { type Demand, firstDepth, spanOf, tileAt } from "./demand.ts";
import { isMarked, markRun, marksFor, unmarkedIn, wipeRun } from "./marks.ts";
import { type BufferRun, stepsOfTile } from "./misses.ts";
import { eachBlock, eachCell } from "./segment.ts";
import { eachStreamed, placeOf, setOfPlace, streamOf } from "./stream.ts";
import { addressAt, eachPlace, overRuns, type WindowMap } from "./window.ts";

export function missesOfWindows(demand: Demand, map: WindowMap, bufferWords: number): BufferRun {
  const stream = streamOf(demand, map, bufferWords);
  const { buffer } = stream;
  const misses: Misses = { cycles: [], slides: [] };
  const paddedWords =
    Math.ceil((demand.shape === "depthLanes" ? demand.depth : demand.rows) / demand.lanes) *
    demand.lanes *
    stepsOfTile(demand);
  if (buffer.slide === 0) return { misses, paddedWords };

  const resident = marksFor(map.words);
  let start = 0;
  let laidOut = -1;
  // Places looked up one by one since the ring slid, at most as many as take less time than laying out the resident words anew.
  let lookedUp = 0;
  let mostLookedUp = 0;
  const placesOfWord = Math.ceil(map.filterRows / map.rowStride) * Math.ceil(map.runWords / map.columnStep);
  const folds = demand.rowFolds * demand.columnFolds;
  for (let fold = 0; fold < folds; fold += 1) walkFold(fold, spanOf(demand, tileAt(demand, fold)));
  return { misses, paddedWords };

  function walkFold(fold: number, span: number): void {
    if (demand.shape === "stationary" && tileResident(fold)) return;
    let cycle = 0;
    let stride = 1;
    while (cycle < span) {
      const next = Math.min(span, ownResidentUntil(fold, cycle));
      if (next > cycle) {
        cycle = next;
        stride = 1;
        continue;
      }
      const end = Math.min(span, cycle + stride);
      if (rangeResident(fold, cycle, end)) {
        cycle = end;
        stride *= 2;
      } else if (end === cycle + 1) {
        serve(fold, cycle);
        cycle += 1;
        stride = 1;
      } else stride = Math.max(1, stride >>> 1);
    }
  }

  /** All sets that hold a stationary tile are there. */
  function tileResident(fold: number): boolean {
    const row = tileAt(demand, fold) * stepsOfTile(demand) + firstDepth(demand, fold);
    const held = Math.min(demand.tileDepth, demand.depth - firstDepth(demand, fold));
    const lowest = setOfPlace(stream, row, 0);
    const highest = setOfPlace(stream, row + held - 1, demand.lanes - 1);
    return isResident(buffer, start, lowest) && highest < residentUntil(buffer, start, lowest);
  }

  /** The first cycle from `cycle` on that asks for a place whose own set is not resident. */
  function ownResidentUntil(fold: number, cycle: number): number {
    if (demand.shape === "stationary") {
      const depth = firstDepth(demand, fold) + demand.tileDepth - 1 - cycle;
      if (depth >= demand.depth) return cycle + 1;
      const row = tileAt(demand, fold) * stepsOfTile(demand) + depth;
      const set = setOfPlace(stream, row, 0);
      if (!isResident(buffer, start, set)) return cycle;
      return setOfPlace(stream, row, demand.lanes - 1) < residentUntil(buffer, start, set)
        ? cycle + 1
        : cycle;
    }
    const base = tileAt(demand, fold) * stepsOfTile(demand);
    const firstLane = Math.max(0, cycle - stepsOfTile(demand) + 1);
    const set = setOfPlace(stream, base + cycle, firstLane);
    if (!isResident(buffer, start, set)) return cycle;
    return (stream.diagonals[residentUntil(buffer, start, set)] ?? 0) - base;
  }

  function rangeResident(fold: number, from: number, to: number): boolean {
    const places = (to - from) * demand.lanes * placesOfWord;
    if (laidOut !== start && lookedUp + places <= mostLookedUp) return cyclesResident(fold, from, to);
    layOut();
    let missing = 0;
    eachBlock(demand, fold, from, to, (first, end, low, high) => {
      if (missing === 0) missing = overRuns(map, first, end, low, high, resident, unmarkedIn, 0);
    });
    return missing === 0;
  }

  function cyclesResident(fold: number, from: number, to: number): boolean {
    let missing = false;
    for (let cycle = from; cycle < to && !missing; cycle += 1)
      eachCell(demand, fold, cycle, 0, (row, depth) => {
        missing = !isThere(row, depth);
        return !missing;
      });
    return !missing;
  }

  /** Whether the word of a place of the windows' matrix is resident, there or at another place; none is needed off the image. */
  function isThere(row: number, depth: number): boolean {
    if (placeResident(row, depth)) return true;
    const address = addressAt(map, row, depth);
    if (address < 0) return true;
    lookedUp += placesOfWord;
    if (lookedUp > mostLookedUp) layOut();
    if (laidOut === start) return isMarked(resident, address);
    let any = false;
    eachPlace(map, address, (otherRow, otherDepth) => {
      any ||= placeResident(otherRow, otherDepth);
    });
    return any;
  }

  function placeResident(row: number, depth: number): boolean {
    const { diagonal, lane } = placeOf(demand, row, depth);
    return isResident(buffer, start, setOfPlace(stream, diagonal, lane));
  }

  /** One cycle, word by word. */
  function serve(fold: number, cycle: number): void {
    eachCell(demand, fold, cycle, 0, (row, depth) => {
      if (isThere(row, depth)) return true;
      const slides = slideTo(addressAt(map, row, depth));
      addMiss(misses, fold * demand.cyclesPerFold + demand.firstCycle + cycle, slides);
      return true;
    });
  }

  function slideTo(address: number): number {
    const sets: number[] = [];
    eachPlace(map, address, (row, depth) => {
      const { diagonal, lane } = placeOf(demand, row, depth);
      sets.push(setOfPlace(stream, diagonal, lane));
    });
    const slides = Math.min(...sets.map((set) => Math.max(1, slidesTo(buffer, start, set))));
    start = startAfter(buffer, start, slides);
    lookedUp = 0;
    return slides;
  }

  function layOut(): void {
    if (laidOut === start) return;
    if (laidOut !== -1) overWindow(laidOut, wipeRun);
    let runs = 0;
    overWindow(start, (marks, from, to) => {
      runs += 1;
      return markRun(marks, from, to);
    });
    laidOut = start;
    mostLookedUp = runs >>> 2;
  }

  /** Works on the words of the sets that are resident when the ring starts at `from`. */
  function overWindow(from: number, work: typeof wipeRun): void {
    const end = from + buffer.resident;
    overSets(from, Math.min(end, buffer.sets), work);
    if (end > buffer.sets) overSets(0, end - buffer.sets, work);
  }

  function overSets(from: number, to: number, work: typeof wipeRun): void {
    eachStreamed(demand, boundary(from), boundary(to), (first, end, low, high) => {
      overRuns(map, first, end, low, high, resident, work, Infinity);
    });
  }

  function boundary(set: number): { diagonal: number; lane: number } {
    return { diagonal: stream.diagonals[set] ?? 0, lane: stream.lanes[set] ?? 0 };
  }
}
