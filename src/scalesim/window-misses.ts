/**
 * Misses of the ifmap's buffer where windows overlap or run off the image: a word stands at several places of the stream, and is
 * there when any of them is resident. Where a place's own set is resident nothing needs a look. Behind it, the other places are as far away as
 * windows overlap: where none of these is resident, there is a miss; where some may be, the words of the resident sets are laid out as bits and
 * ranges of cycles are tested as runs.
 */
import { isResident, residentUntil, slidesTo, startAfter } from "./buffer-sets.ts";
import { type Demand, firstDepth, lanesOf, spanOf, tileAt, tilesOf } from "./demand.ts";
import { evenMisses } from "./even-misses.ts";
import { isMarked, markRun, marksFor, unmarkedIn, wipeRun } from "./marks.ts";
import { addMiss, cycleOfMiss, type MissRun, missesByFold } from "./miss-runs.ts";
import { type BufferRun, stepsOfTile } from "./misses.ts";
import { eachBlock, eachCell, lineOf } from "./segment.ts";
import { apartOf } from "./shared-words.ts";
import { eachStreamed, placeOf, setOfPlace, streamOf } from "./stream.ts";
import { addressAt, eachPlace, overRuns, runsOff, type WindowMap } from "./window.ts";

export function missesOfWindows(demand: Demand, map: WindowMap, bufferWords: number): BufferRun {
  const stream = streamOf(demand, map, bufferWords);
  const { buffer } = stream;
  const paddedWords =
    Math.ceil((demand.shape === "depthLanes" ? demand.depth : demand.rows) / demand.lanes) *
    demand.lanes *
    stepsOfTile(demand);
  const resident = marksFor(map.words);
  let start = 0;
  let laidOut = -1;
  // How much work it was to lay out the words, in runs of a few, and where the first run begins and the last ends.
  let effort = 0;
  let lowest = 0;
  let highest = 0;
  // Places looked up one by one since the ring slid, at most as many as take less time than laying out the resident words anew.
  let lookedUp = 0;
  let mostLookedUp = 0;
  const steps = stepsOfTile(demand);
  const apart = Int32Array.from(
    new Set(apartOf(demand, map).map(({ tiles, diagonals }) => tiles * steps + diagonals)),
  );
  // In a stream in which all words stand, the sets that are resident take so many diagonals, up to the one that is asked for.
  const reach =
    Math.ceil((buffer.resident * buffer.wordsPerSet) / lanesOf(demand, tilesOf(demand) - 1)) + demand.lanes;
  const alone =
    demand.shape !== "stationary" && !runsOff(map) && apart.every((each) => each > 0 || each < -reach - 2);
  const placesOfWord = Math.ceil(map.filterRows / map.rowStride) * Math.ceil(map.runWords / map.columnStep);
  const folds = buffer.slide > 0 ? demand.rowFolds * demand.columnFolds : 0;
  return { misses: missesByFold(folds, walkFold), paddedWords };

  function walkFold(fold: number, misses: MissRun[]): void {
    const span = spanOf(demand, tileAt(demand, fold));
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
      if (!elsewhere(diagonalOf(fold, cycle))) {
        serve(fold, cycle, misses);
        cycle = evenlyFrom(fold, cycle, misses) + 1;
        stride = 1;
      } else if (rangeResident(fold, cycle, end)) {
        cycle = end;
        stride *= 2;
      } else if (end === cycle + 1) {
        serve(fold, cycle, misses);
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
      if (firstDepth(demand, fold) + demand.tileDepth - 1 - cycle >= demand.depth) return cycle + 1;
      const row = diagonalOf(fold, cycle);
      const set = setOfPlace(stream, row, 0);
      if (!isResident(buffer, start, set)) return cycle;
      return setOfPlace(stream, row, demand.lanes - 1) < residentUntil(buffer, start, set)
        ? cycle + 1
        : cycle;
    }
    const base = tileAt(demand, fold) * steps;
    const firstLane = Math.max(0, cycle - steps + 1);
    const set = setOfPlace(stream, base + cycle, firstLane);
    if (!isResident(buffer, start, set)) return cycle;
    return (stream.diagonals[residentUntil(buffer, start, set)] ?? 0) - base;
  }

  /** Where the stream has what the fold asks for in a cycle. */
  function diagonalOf(fold: number, cycle: number): number {
    const step =
      demand.shape === "stationary" ? firstDepth(demand, fold) + demand.tileDepth - 1 - cycle : cycle;
    return tileAt(demand, fold) * steps + step;
  }

  /** Whether a word on this diagonal of the stream may be resident at another place: there are sets with one of the diagonals that may have it. */
  function elsewhere(diagonal: number): boolean {
    const { diagonals } = stream;
    const end = start + buffer.resident;
    const from = diagonals[start] ?? 0;
    const to = diagonals[Math.min(end, buffer.sets)] ?? 0;
    const wrapped = end > buffer.sets ? (diagonals[end - buffer.sets] ?? 0) : -1;
    for (const each of apart) {
      const other = diagonal + each;
      if ((other >= from && other <= to) || (other >= 0 && other <= wrapped)) return true;
    }
    return false;
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
    return isAnywhere(address);
  }

  function isAnywhere(address: number): boolean {
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

  /** Where no word is resident but at its own place, all misses behind that come evenly; returns the cycle of the last, or this one. */
  function evenlyFrom(fold: number, cycle: number, misses: MissRun[]): number {
    if (!alone || start + buffer.resident > buffer.sets) return cycle;
    const diagonal = diagonalOf(fold, cycle);
    const set = setOfPlace(stream, diagonal, Math.min(cycle, lanesOf(demand, tileAt(demand, fold)) - 1));
    if (!isResident(buffer, start, set)) return cycle;
    const even = evenMisses(demand, buffer, fold, cycle, start, set);
    if (even === undefined) return cycle;
    misses.push(even);
    start = startAfter(buffer, start, even.count);
    lookedUp = 0;
    return cycleOfMiss(even, even.count - 1) - fold * demand.cyclesPerFold - demand.firstCycle;
  }

  /** One cycle: where the sets that are resident end, word by word. */
  function serve(fold: number, cycle: number, misses: MissRun[]): void {
    const diagonal = diagonalOf(fold, cycle);
    const line = lineOf(demand, fold, cycle);
    const firstLane = demand.shape === "stationary" ? 0 : Math.max(0, cycle - steps + 1);
    for (let place = 0; place < line.count; place += 1) {
      const set = setOfPlace(stream, diagonal, firstLane + place);
      if (isResident(buffer, start, set)) {
        const end = residentUntil(buffer, start, set);
        if ((stream.diagonals[end] ?? 0) > diagonal) return;
        place = (stream.lanes[end] ?? 0) - firstLane - 1;
        continue;
      }
      const row = line.row + place * line.rowStep;
      const depth = line.depth + place * line.depthStep;
      const address = addressAt(map, row, depth);
      if (address < 0 || (elsewhere(diagonal) && isAnywhere(address))) continue;
      const slides = slidesTo(buffer, start, set) === 1 ? 1 : slidesToAny(address);
      start = startAfter(buffer, start, slides);
      lookedUp = 0;
      addMiss(misses, fold * demand.cyclesPerFold + demand.firstCycle + cycle, slides);
    }
  }

  /** Slides until a place of the word is resident. */
  function slidesToAny(address: number): number {
    let slides = Infinity;
    eachPlace(map, address, (row, depth) => {
      const { diagonal, lane } = placeOf(demand, row, depth);
      slides = Math.min(slides, Math.max(1, slidesTo(buffer, start, setOfPlace(stream, diagonal, lane))));
    });
    return slides;
  }

  function layOut(): void {
    if (laidOut === start) return;
    // Whichever is less: all from the first to the last, or the runs one by one.
    if (highest - lowest < 2048 * effort) resident.fill(0, lowest >>> 5, (highest + 31) >>> 5);
    else if (laidOut !== -1) overWindow(laidOut, wipeRun);
    effort = 0;
    lowest = Infinity;
    highest = 0;
    overWindow(start, (marks, from, to) => {
      effort += 1 + ((to - from) >>> 8);
      if (from < lowest) lowest = from;
      if (to > highest) highest = to;
      return markRun(marks, from, to);
    });
    laidOut = start;
    mostLookedUp = effort >>> 2;
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
