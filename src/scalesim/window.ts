/**
 * The words of the image that each pixel of the ofmap needs. Row i of the ifmap matrix is a window; along the depth its words
 * lie in runs, one for each row of the filter. Windows overlap, and the last ones may run off the image.
 */
import { type Layer, productOf } from "./layer.ts";

export interface WindowMap {
  readonly imageRows: number;
  /** Words of an image row. */
  readonly rowWords: number;
  readonly filterRows: number;
  /** Words of one filter row: the longest run. */
  readonly runWords: number;
  readonly outputRows: number;
  readonly outputColumns: number;
  readonly rowStride: number;
  /** Words from one window to the next in its row. */
  readonly columnStep: number;
  readonly words: number;
}

export function windowMap(layer: Layer): WindowMap {
  const { outputRows, outputColumns } = productOf(layer);
  const rowWords = layer.ifmapColumns * layer.channels;
  return {
    imageRows: layer.ifmapRows,
    rowWords,
    filterRows: layer.filterRows,
    runWords: layer.filterColumns * layer.channels,
    outputRows,
    outputColumns,
    rowStride: layer.rowStride,
    columnStep: layer.columnStride * layer.channels,
    words: layer.ifmapRows * rowWords,
  };
}

/** Each word belongs to one place of the matrix, and every place has a word: counting needs no addresses. */
export const isOneToOne = (map: WindowMap): boolean =>
  (map.outputColumns === 1 || map.columnStep >= map.runWords) &&
  (map.outputRows === 1 || map.rowStride >= map.filterRows) &&
  runsOff(map) === false;

export const runsOff = (map: WindowMap): boolean =>
  (map.outputRows - 1) * map.rowStride + map.filterRows > map.imageRows ||
  (map.outputColumns - 1) * map.columnStep + map.runWords > map.rowWords;

/** Windows that have not run off the image with any of their taps. */
export function windowsInside(map: WindowMap): number {
  const rows = Math.floor((map.imageRows - map.filterRows) / map.rowStride) + 1;
  const columns = Math.floor((map.rowWords - map.runWords) / map.columnStep) + 1;
  return Math.min(map.outputRows, rows) * Math.min(map.outputColumns, columns);
}

/** Distinct words that the windows touch. */
export function wordsTouched(map: WindowMap): number {
  const touched = (count: number, stride: number, size: number, limit: number): number => {
    const start = (count - 1) * stride;
    const end = Math.min(limit, start + size);
    return stride >= size ? (count - 1) * size + Math.max(0, end - start) : end;
  };
  const rows = touched(map.outputRows, map.rowStride, map.filterRows, map.imageRows);
  return rows * touched(map.outputColumns, map.columnStep, map.runWords, map.rowWords);
}

/** The address of a place, or -1 where the window has run off the image. */
export function addressAt(map: WindowMap, row: number, depth: number): number {
  const outputRow = Math.floor(row / map.outputColumns);
  const filterRow = Math.floor(depth / map.runWords);
  const imageRow = outputRow * map.rowStride + filterRow;
  const word = (row - outputRow * map.outputColumns) * map.columnStep + depth - filterRow * map.runWords;
  return imageRow < map.imageRows && word < map.rowWords ? imageRow * map.rowWords + word : -1;
}

/**
 * The sum of `work` over runs of addresses [from, to) that cover the depths [low, high) of the rows [first, end); neighbouring
 * windows whose runs touch make one run. Stops early when the sum passes `most`.
 */
export function overRuns<T>(
  map: WindowMap,
  first: number,
  end: number,
  low: number,
  high: number,
  subject: T,
  work: (subject: T, from: number, to: number) => number,
  most: number,
): number {
  const { runWords, rowWords, imageRows, columnStep, outputColumns } = map;
  let sum = 0;
  for (let row = first; row < end && sum <= most; ) {
    const outputRow = Math.floor(row / outputColumns);
    const column = row - outputRow * outputColumns;
    const columns = Math.min(end - row, outputColumns - column);
    row += columns;
    let filterRow = Math.floor(low / runWords);
    for (let depth = low; depth < high; filterRow += 1) {
      const next = Math.min(high, (filterRow + 1) * runWords);
      const imageRow = outputRow * map.rowStride + filterRow;
      if (imageRow >= imageRows) break;
      const length = next - depth;
      const joined = length >= columnStep;
      const stride = joined ? columns * columnStep : columnStep;
      const covered = joined ? stride - columnStep + length : length;
      const limit = imageRow * rowWords + rowWords;
      const base = imageRow * rowWords + column * columnStep + depth - filterRow * runWords;
      const last = Math.min(limit, base + columns * columnStep);
      for (let from = base; from < last; from += stride)
        sum += work(subject, from, Math.min(limit, from + covered));
      depth = next;
    }
  }
  return sum;
}

/** Calls `visit` with each place of the matrix that holds the word. */
export function eachPlace(
  map: WindowMap,
  address: number,
  visit: (row: number, depth: number) => void,
): void {
  const imageRow = Math.floor(address / map.rowWords);
  const word = address - imageRow * map.rowWords;
  for (let filterRow = 0; filterRow < map.filterRows; filterRow += 1) {
    const outputRow = (imageRow - filterRow) / map.rowStride;
    if (outputRow < 0) return;
    if (!Number.isInteger(outputRow) || outputRow >= map.outputRows) continue;
    const first = Math.max(0, Math.ceil((word - map.runWords + 1) / map.columnStep));
    const last = Math.min(map.outputColumns - 1, Math.floor(word / map.columnStep));
    for (let column = first; column <= last; column += 1)
      visit(
        outputRow * map.outputColumns + column,
        filterRow * map.runWords + word - column * map.columnStep,
      );
  }
}

/** Places (row, depth), (row + rowStep, depth + depthStep), .., of which each step is -1, 0 or 1. */
export interface Line {
  readonly row: number;
  readonly depth: number;
  readonly rowStep: number;
  readonly depthStep: number;
  readonly count: number;
}
