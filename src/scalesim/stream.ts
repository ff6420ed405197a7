/**
 * The stream of an ifmap whose windows overlap or run off the image. Places stand on diagonals of the stacked tiles (for a
 * stationary operand: on rows of them); taps that have run off count for nothing in it.
 */
import { type BufferSets, bufferSets } from "./buffer-sets.ts";
import { type Demand, lanesOf, tilesOf } from "./demand.ts";
import { stepsOfTile } from "./misses.ts";
import type { VisitBlock } from "./segment.ts";
import { cellsBefore } from "./skew.ts";
import { addressAt, runsOff, type WindowMap } from "./window.ts";

export interface Stream {
  readonly buffer: BufferSets;
  /** Where each set begins: the diagonal and the lane. One more entry than sets: the end. */
  readonly diagonals: Int32Array;
  readonly lanes: Int32Array;
}

export function streamOf(demand: Demand, map: WindowMap, bufferWords: number): Stream {
  const counts = wordsByDiagonal(demand, map);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const buffer = bufferSets(bufferWords, total);
  const diagonals = new Int32Array(buffer.sets + 1);
  const lanes = new Int32Array(buffer.sets + 1);
  let set = 0;
  let before = 0;
  for (const [diagonal, count] of counts.entries()) {
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

/** The set that holds a place. */
export function setOfPlace({ buffer, diagonals, lanes }: Stream, diagonal: number, lane: number): number {
  let low = 0;
  let high = buffer.sets - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const start = diagonals[middle] ?? 0;
    if (start < diagonal || (start === diagonal && (lanes[middle] ?? 0) <= lane)) low = middle;
    else high = middle - 1;
  }
  return low;
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
      for (let lane = 0; lane < lanes; ) {
        const skew = skewed ? lane : 0;
        const low = Math.max(0, start - skew + (lane < from.lane ? 1 : 0));
        const high = Math.min(steps, end - skew + (lane < to.lane ? 1 : 0));
        const next = skewed
          ? lane + 1
          : Math.min(lanes, ...[from.lane, to.lane].filter((edge) => edge > lane));
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
  if (runsOff(map)) takeOut(demand, map, counts);
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
