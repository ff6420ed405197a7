/**
 * The stream of an ifmap whose windows overlap or run off the image. Places stand on diagonals of the stacked tiles (for a
 * stationary operand: on rows of them); taps that have run off count for nothing in it.
 */
import { type BufferSets, bufferSets } from "./buffer-sets.ts";
import { type Demand, lanesOf, tilesOf } from "./demand.ts";
import { stepsOfTile } from "./misses.ts";
import type { VisitBlock } from "./segment.ts";
import { cellsBefore, cycleOfCell } from "./skew.ts";
import { addressAt, runsOff, type WindowMap } from "./window.ts";

export interface Stream {
  readonly buffer: BufferSets;
  /** Where each set begins: the diagonal and the lane. One more entry than sets: the end. */
  readonly diagonals: Int32Array;
  readonly lanes: Int32Array;
}

export function streamOf(demand: Demand, map: WindowMap, bufferWords: number): Stream {
  return runsOff(map) ? streamByCounts(demand, map, bufferWords) : streamOfAll(demand, map, bufferWords);
}

/** Of windows that stay on the image: how many words are before a diagonal is known. */
function streamOfAll(demand: Demand, map: WindowMap, bufferWords: number): Stream {
  const steps = stepsOfTile(demand);
  const whole = (tilesOf(demand) - 1) * steps;
  const lastLanes = lanesOf(demand, tilesOf(demand) - 1);
  const before = (diagonal: number): number =>
    demand.shape === "stationary"
      ? Math.min(diagonal, whole) * demand.lanes + Math.max(0, diagonal - whole) * lastLanes
      : cellsBefore(diagonal, whole, demand.lanes) + cellsBefore(diagonal - whole, steps, lastLanes);
  const buffer = bufferSets(bufferWords, demand.rows * demand.depth);
  const diagonals = new Int32Array(buffer.sets + 1);
  const lanes = new Int32Array(buffer.sets + 1);
  const words = demand.rows * demand.depth;
  const wholeWords = before(whole);
  let diagonal = whole;
  for (let set = 0; set * buffer.wordsPerSet < words; set += 1) {
    const first = set * buffer.wordsPerSet;
    if (first < wholeWords) {
      // Before the last tile every lane has a word of its own.
      const place =
        demand.shape === "stationary" ? first / demand.lanes : cycleOfCell(first, Infinity, demand.lanes);
      diagonals[set] = Math.floor(place);
      lanes[set] = first - before(Math.floor(place));
      continue;
    }
    // A diagonal has at most `lanes` words, so that this never goes too far.
    for (let ahead = -1; ahead !== 0; diagonal += ahead) {
      ahead = Math.floor((first - before(diagonal)) / demand.lanes);
      if (ahead === 0 && before(diagonal + 1) <= first) ahead = 1;
    }
    diagonals[set] = diagonal;
    lanes[set] = laneOfWord(demand, map, diagonal, first - before(diagonal));
  }
  const end = whole + steps + (demand.shape === "stationary" ? 0 : demand.lanes - 1);
  diagonals.fill(end, Math.ceil(words / buffer.wordsPerSet));
  return { buffer, diagonals, lanes };
}

/** Of windows that run off: the words of each diagonal are counted. */
function streamByCounts(demand: Demand, map: WindowMap, bufferWords: number): Stream {
  const counts = wordsByDiagonal(demand, map);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const buffer = bufferSets(bufferWords, total);
  const diagonals = new Int32Array(buffer.sets + 1);
  const lanes = new Int32Array(buffer.sets + 1);
  let set = 0;
  let before = 0;
  for (let diagonal = 0; diagonal < counts.length; diagonal += 1) {
    const count = counts[diagonal] ?? 0;
    while (set < buffer.sets && set * buffer.wordsPerSet < before + count) {
      diagonals[set] = diagonal;
      lanes[set] = laneOfWord(demand, map, diagonal, set * buffer.wordsPerSet - before);
      set += 1;
    }
    before += count;
  }
  for (; set <= buffer.sets; set += 1) diagonals[set] = counts.length;
  return { buffer, diagonals, lanes };
}

/** The set that holds a place. Sets have about the same number of diagonals, so that the search begins close by. */
export function setOfPlace(stream: Stream, diagonal: number, lane: number): number {
  const last = stream.buffer.sets - 1;
  const end = stream.diagonals[last + 1] ?? 0;
  let low = Math.min(last, Math.floor((diagonal * last) / end));
  let high = last;
  for (let stride = 1; low > 0 && !begins(stream, low, diagonal, lane); stride *= 2) {
    high = low - 1;
    low = Math.max(0, low - stride);
  }
  for (let stride = 1; low + stride <= high; stride *= 2) {
    if (begins(stream, low + stride, diagonal, lane)) low += stride;
    else high = low + stride - 1;
  }
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (begins(stream, middle, diagonal, lane)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether the set begins with the place or before it. */
function begins({ diagonals, lanes }: Stream, set: number, diagonal: number, lane: number): boolean {
  const start = diagonals[set] ?? 0;
  return start < diagonal || (start === diagonal && (lanes[set] ?? 0) <= lane);
}

export interface Place {
  readonly diagonal: number;
  readonly lane: number;
}

/** Where the stream has row `row`, depth `depth` of the windows' matrix. */
export function placeOf(demand: Demand, row: number, depth: number): Place {
  if (demand.shape === "depthLanes") {
    const tile = Math.floor(depth / demand.lanes);
    const lane = depth - tile * demand.lanes;
    return { diagonal: tile * demand.rows + row + lane, lane };
  }
  const tile = Math.floor(row / demand.lanes);
  const lane = row - tile * demand.lanes;
  const skew = demand.shape === "stationary" ? 0 : lane;
  return { diagonal: tile * demand.depth + depth + skew, lane };
}

/** Calls `visit` with what the stream holds from one place up to another. */
export function eachStreamed(demand: Demand, from: Place, to: Place, visit: VisitBlock): void {
  const steps = stepsOfTile(demand);
  const skewed = demand.shape !== "stationary";
  const most = demand.lanes - 1;
  const firstTile = Math.max(0, Math.floor((from.diagonal - (skewed ? most : 0)) / steps));
  const lastTile = Math.min(tilesOf(demand) - 1, Math.floor(to.diagonal / steps));
  for (let tile = firstTile; tile <= lastTile; tile += 1) {
    const lanes = lanesOf(demand, tile);
    const base = tile * demand.lanes;
    const start = from.diagonal - tile * steps;
    const end = to.diagonal - tile * steps;
    if (demand.shape === "depthLanes") {
      const lastRow = Math.min(steps - 1, end);
      for (let row = Math.max(0, start - most); row <= lastRow; ) {
        const low = Math.max(0, start - row + (start - row < from.lane ? 1 : 0));
        const high = Math.min(lanes, end - row + (end - row < to.lane ? 1 : 0));
        const next =
          low === 0 && high === lanes ? Math.max(row + 1, Math.min(steps, end - lanes + 1)) : row + 1;
        if (low < high) visit(row, next, base + low, base + high);
        row = next;
      }
    } else {
      // Lanes that are in with all their steps.
      const whole = skewed ? Math.max(0, start + 1) : 0;
      const afterWhole = skewed ? Math.min(lanes, end - steps + 1) : 0;
      for (let lane = 0; lane < lanes; ) {
        const skew = skewed ? lane : 0;
        const low = Math.max(0, start - skew + (lane < from.lane ? 1 : 0));
        const high = Math.min(steps, end - skew + (lane < to.lane ? 1 : 0));
        const next = !skewed
          ? Math.min(lanes, ...[from.lane, to.lane].filter((edge) => edge > lane))
          : lane >= whole && lane < afterWhole
            ? afterWhole
            : lane + 1;
        if (low < high) visit(base + lane, base + next, low, high);
        lane = next;
      }
    }
  }
}

function wordsByDiagonal(demand: Demand, map: WindowMap): Int32Array {
  const steps = stepsOfTile(demand);
  const tiles = tilesOf(demand);
  const lastLanes = lanesOf(demand, tiles - 1);
  const skewed = demand.shape !== "stationary";
  const counts = new Int32Array(tiles * steps + (skewed ? demand.lanes : 1) - 1);
  for (let diagonal = 0; diagonal < counts.length; diagonal += 1)
    counts[diagonal] = skewed
      ? onDiagonal(diagonal, (tiles - 1) * steps, demand.lanes) +
        onDiagonal(diagonal - (tiles - 1) * steps, steps, lastLanes)
      : diagonal < (tiles - 1) * steps
        ? demand.lanes
        : lastLanes;
  takeOut(demand, map, counts);
  return counts;
}

const onDiagonal = (diagonal: number, steps: number, lanes: number): number =>
  cellsBefore(diagonal + 1, steps, lanes) - cellsBefore(diagonal, steps, lanes);

/** Takes out the taps that have run off: those of the last windows of a row and of the last row of windows. */
function takeOut(demand: Demand, map: WindowMap, counts: Int32Array): void {
  for (let row = 0; row < demand.rows; row += 1) {
    const outputRow = Math.floor(row / map.outputColumns);
    const column = row - outputRow * map.outputColumns;
    const past = column * map.columnStep + map.runWords - map.rowWords;
    const over = Math.min(map.runWords, Math.max(0, past));
    for (let filterRow = 0; filterRow < map.filterRows; filterRow += 1) {
      const off = outputRow * map.rowStride + filterRow >= map.imageRows ? map.runWords : over;
      const end = (filterRow + 1) * map.runWords;
      for (let depth = end - off; depth < end; depth += 1) {
        const { diagonal } = placeOf(demand, row, depth);
        counts[diagonal] = (counts[diagonal] ?? 0) - 1;
      }
    }
  }
}

/** The lane of a diagonal's word with this index. */
function laneOfWord(demand: Demand, map: WindowMap, diagonal: number, index: number): number {
  const steps = stepsOfTile(demand);
  const lastTile = tilesOf(demand) - 1;
  let left = index;
  for (let lane = 0; lane < demand.lanes; lane += 1) {
    const stacked = demand.shape === "stationary" ? diagonal : diagonal - lane;
    const tile = Math.floor(stacked / steps);
    if (tile < 0 || tile > lastTile || lane >= lanesOf(demand, tile)) continue;
    const step = stacked - tile * steps;
    const other = tile * demand.lanes + lane;
    const address = demand.shape === "depthLanes" ? addressAt(map, step, other) : addressAt(map, other, step);
    if (address >= 0) left -= 1;
    if (left < 0) return lane;
  }
  return demand.lanes;
}
