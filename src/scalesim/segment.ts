/** Pieces of the windows' matrix that a fold asks for in a range of cycles. */
import { type Demand, firstDepth, lanesOf, tileAt } from "./demand.ts";
import type { Line } from "./window.ts";

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

/**
 * The same as one piece: the rows [first, end), each with the depths [low, high) as far as they are from `from` - row on and before
 * `to` - row, since each lane is a cycle later than the one before.
 */
export interface Slab {
  readonly first: number;
  readonly end: number;
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/** What the fold asks for in its steps [step, end), as far as that is in its demand cycles [from, to). */
export function slabOf(
  demand: Demand,
  fold: number,
  step: number,
  end: number,
  from: number,
  to: number,
): Slab {
  const tile = tileAt(demand, fold);
  const base = tile * demand.lanes;
  const top = base + lanesOf(demand, tile);
  if (demand.shape === "depthLanes")
    return { first: step, end, low: base, high: top, from: from + base, to: to + base };
  if (demand.shape === "rowLanes")
    return { first: base, end: top, low: step, high: end, from: from + base, to: to + base };
  const last = firstDepth(demand, fold) + demand.tileDepth;
  const high = Math.min(demand.depth, last - step);
  return { first: base, end: top, low: last - end, high, from: -Infinity, to: Infinity };
}

/** What the fold asks for in one demand cycle, in the order of its lanes: a line through the windows' matrix. */
export function lineOf(demand: Demand, fold: number, cycle: number): Line {
  const tile = tileAt(demand, fold);
  const lanes = lanesOf(demand, tile);
  const base = tile * demand.lanes;
  if (demand.shape === "stationary") {
    const depth = firstDepth(demand, fold) + demand.tileDepth - 1 - cycle;
    return { row: base, depth, rowStep: 1, depthStep: 0, count: depth < demand.depth ? lanes : 0 };
  }
  const steps = demand.shape === "depthLanes" ? demand.rows : demand.depth;
  const first = Math.max(0, cycle - steps + 1);
  const count = Math.min(lanes - 1, cycle) - first + 1;
  return demand.shape === "depthLanes"
    ? { row: cycle - first, depth: base + first, rowStep: -1, depthStep: 1, count }
    : { row: base + first, depth: cycle - first, rowStep: 1, depthStep: -1, count };
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
