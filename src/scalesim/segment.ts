/** Pieces of the windows' matrix that a fold asks for in a range of cycles. */
import { type Demand, firstDepth, lanesOf, tileAt } from "./demand.ts";
import type { WindowMap } from "./window.ts";

/** Called with the depths [low, high) of the rows [first, end). */
export type VisitBlock = (first: number, end: number, low: number, high: number) => void;

/** Calls `visit` with what the fold asks for in its demand cycles [from, to): rows of the same depths together. */
export function eachBlock(demand: Demand, fold: number, from: number, to: number, visit: VisitBlock): void {
  const tile = tileAt(demand, fold);
  const lanes = lanesOf(demand, tile);
  const base = tile * demand.lanes;
  if (demand.shape === "depthLanes") {
    const lastRow = Math.min(demand.rows, to);
    const whole = to - lanes + 1;
    for (let row = Math.max(0, from - lanes + 1); row < lastRow; ) {
      const end = row >= from && row < whole ? Math.min(lastRow, whole) : row + 1;
      visit(row, end, base + Math.max(0, from - row), base + Math.min(lanes, to - row));
      row = end;
    }
  } else if (demand.shape === "rowLanes") {
    const whole = from === 0 ? to - demand.depth + 1 : 0;
    for (let lane = Math.max(0, from - demand.depth + 1); lane < lanes && lane < to; ) {
      const end = lane < whole ? Math.min(lanes, whole) : lane + 1;
      visit(base + lane, base + end, Math.max(0, from - lane), Math.min(demand.depth, to - lane));
      lane = end;
    }
  } else {
    const first = firstDepth(demand, fold);
    const low = Math.max(first, first + demand.tileDepth - to);
    const high = Math.min(demand.depth, first + demand.tileDepth - from);
    if (low < high) visit(base, base + lanes, low, high);
  }
}

/** Calls `visit` with each place that the fold asks for in one demand cycle, in the order of its lanes from `firstLane`. */
export function eachCell(
  demand: Demand,
  fold: number,
  cycle: number,
  firstLane: number,
  visit: (row: number, depth: number, lane: number) => boolean,
): void {
  const tile = tileAt(demand, fold);
  const lanes = lanesOf(demand, tile);
  const base = tile * demand.lanes;
  if (demand.shape === "stationary") {
    const depth = firstDepth(demand, fold) + demand.tileDepth - 1 - cycle;
    if (depth >= demand.depth) return;
    for (let lane = firstLane; lane < lanes; lane += 1) if (!visit(base + lane, depth, lane)) return;
    return;
  }
  const steps = demand.shape === "depthLanes" ? demand.rows : demand.depth;
  const last = Math.min(lanes - 1, cycle);
  for (let lane = Math.max(firstLane, cycle - steps + 1); lane <= last; lane += 1) {
    const step = cycle - lane;
    const going =
      demand.shape === "depthLanes" ? visit(step, base + lane, lane) : visit(base + lane, step, lane);
    if (!going) return;
  }
}

/** Addresses [first, last) that contain all that the fold asks for in its demand cycles [from, to). */
export function boundsOf(
  demand: Demand,
  map: WindowMap,
  fold: number,
  from: number,
  to: number,
): readonly [first: number, last: number] {
  const tile = tileAt(demand, fold);
  const lanes = lanesOf(demand, tile);
  const base = tile * demand.lanes;
  const streamed = [Math.max(0, from - lanes + 1), to] as const;
  const [firstRow, endRow] = demand.shape === "depthLanes" ? streamed : [base, base + lanes];
  const depths = firstDepth(demand, fold);
  const [low, high] =
    demand.shape === "depthLanes"
      ? [base, base + lanes]
      : demand.shape === "rowLanes"
        ? streamed
        : [depths, depths + demand.tileDepth];
  const lastRow = Math.min(demand.rows, endRow) - 1;
  const lastDepth = Math.min(demand.depth, high) - 1;
  return [
    imageRow(map, firstRow, low) * map.rowWords,
    Math.min(map.words, (imageRow(map, lastRow, lastDepth) + 1) * map.rowWords),
  ];
}

const imageRow = (map: WindowMap, row: number, depth: number): number =>
  Math.min(
    map.imageRows - 1,
    Math.floor(row / map.outputColumns) * map.rowStride + Math.floor(depth / map.runWords),
  );
