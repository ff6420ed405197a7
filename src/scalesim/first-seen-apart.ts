/**
 * Memory reads, where the bandwidth is estimated, of windows between whose shared words the buffer is emptied each time: every place on the image is a
 * read. Windows that run off the image have fewer places at some depths, which are counted for each depth.
 */
import { type Demand, lanesOf, spanOf, tilesOf } from "./demand.ts";
import type { MemoryReads } from "./first-seen.ts";
import type { WindowMap } from "./window.ts";

/** @param demand whose lanes run along the depth, for more words than `capacity` */
export function readsOfApart(demand: Demand, map: WindowMap, capacity: number): MemoryReads {
  const { lanes, depth, columnFolds, cyclesPerFold, firstCycle } = demand;
  const perPass = placesBefore(map, depth);
  const words = perPass * columnFolds;
  const index = Math.floor(words / capacity) * capacity - 1;
  const pass = Math.floor(index / perPass);
  const inPass = index - pass * perPass;
  let tile = 0;
  while (placesBefore(map, Math.min(depth, (tile + 1) * lanes)) <= inPass) tile += 1;
  const inTile = inPass - placesBefore(map, tile * lanes);
  let cycle = 0;
  for (let last = spanOf(demand, tile) - 1; cycle < last; ) {
    const middle = (cycle + last) >>> 1;
    if (placesUntil(demand, map, tile, middle) > inTile) last = middle;
    else cycle = middle + 1;
  }
  return { words, lastEmptied: (pass * tilesOf(demand) + tile) * cyclesPerFold + firstCycle + cycle };
}

/** Rows of windows whose row of the filter is on the image. */
const rowsInside = ({ imageRows, outputRows, rowStride }: WindowMap, filterRow: number): number =>
  Math.max(0, Math.min(outputRows, Math.ceil((imageRows - filterRow) / rowStride)));

/** Windows of a row whose word `word` of the filter's row is on the image. */
const columnsInside = ({ rowWords, outputColumns, columnStep }: WindowMap, word: number): number =>
  Math.max(0, Math.min(outputColumns, Math.ceil((rowWords - word) / columnStep)));

/** Places on the image at depths below `depth`. */
function placesBefore(map: WindowMap, depth: number): number {
  const { runWords, rowWords, outputColumns, columnStep } = map;
  let sum = 0;
  for (let filterRow = 0; filterRow * runWords < depth; filterRow += 1) {
    const words = Math.min(runWords, depth - filterRow * runWords);
    // Only the last windows of a row run off it.
    let places = words * outputColumns;
    for (let column = outputColumns - 1; column * columnStep + words > rowWords; column -= 1)
      places -= Math.min(words, column * columnStep + words - rowWords);
    sum += places * rowsInside(map, filterRow);
  }
  return sum;
}

/** Places of a tile on the image that are asked for up to a cycle of its fold. */
function placesUntil(demand: Demand, map: WindowMap, tile: number, cycle: number): number {
  const { runWords, outputColumns } = map;
  const most = Math.min(lanesOf(demand, tile), cycle + 1);
  let sum = 0;
  for (let lane = 0; lane < most; lane += 1) {
    const depth = tile * demand.lanes + lane;
    const filterRow = Math.floor(depth / runWords);
    const rows = rowsInside(map, filterRow);
    const columns = columnsInside(map, depth - filterRow * runWords);
    const windows = Math.min(demand.rows, cycle - lane + 1);
    const outputRow = Math.floor(windows / outputColumns);
    const rest = outputRow < rows ? Math.min(columns, windows - outputRow * outputColumns) : 0;
    sum += Math.min(outputRow, rows) * columns + rest;
  }
  return sum;
}
