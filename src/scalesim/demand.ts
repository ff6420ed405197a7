/**
 * One operand as the array asks for it. The operand is a matrix of `rows` (pixels of the ofmap, or filters) x `depth`. It is cut
 * into tiles; in a tile one of the two runs along the array's side (the lanes) and the other along time (the steps).
 *
 * - depthLanes: lanes along the depth, askew (the streaming operand of ws and is); tile = row fold
 * - rowLanes: lanes along the rows, askew (both operands of os); tile = row fold or column fold
 * - stationary: lanes along the rows, one depth a cycle from the last to the first, all lanes at once; tile = column and row fold
 */
import type { Schedule } from "./schedule.ts";

export interface Demand {
  readonly shape: "depthLanes" | "rowLanes" | "stationary";
  /** Which loop of folds chooses the tile. */
  readonly tileOf: "rowFold" | "columnFold" | "both";
  readonly rows: number;
  readonly depth: number;
  /** Lanes of a whole tile. */
  readonly lanes: number;
  /** Depths that a stationary tile holds. */
  readonly tileDepth: number;
  readonly rowFolds: number;
  readonly columnFolds: number;
  readonly cyclesPerFold: number;
  /** From the start of the fold to the first step. */
  readonly firstCycle: number;
}

export function ifmapDemand(schedule: Schedule): Demand {
  const { product, dataflow } = schedule;
  if (dataflow === "os") return rowLanes(schedule, product.m, "rowFold");
  return dataflow === "ws" ? depthLanes(schedule, product.m) : stationary(schedule, product.m);
}

export function filterDemand(schedule: Schedule): Demand {
  const { product, dataflow } = schedule;
  if (dataflow === "os") return rowLanes(schedule, product.n, "columnFold");
  return dataflow === "ws" ? stationary(schedule, product.n) : depthLanes(schedule, product.n);
}

/** Tiles of the operand side by side; a stationary one has a row of them for each. */
export const tilesOf = (demand: Demand): number =>
  Math.ceil((demand.shape === "depthLanes" ? demand.depth : demand.rows) / demand.lanes);

/** Lanes that tile `tile` fills. */
export const lanesOf = (demand: Demand, tile: number): number =>
  Math.min(demand.lanes, (demand.shape === "depthLanes" ? demand.depth : demand.rows) - tile * demand.lanes);

/** Steps of a tile whose operand streams. */
export const stepsOf = (demand: Demand): number =>
  demand.shape === "depthLanes" ? demand.rows : demand.depth;

/** Cycles in which the tile is asked for. */
export const spanOf = (demand: Demand, tile: number): number =>
  demand.shape === "stationary" ? demand.tileDepth : stepsOf(demand) + lanesOf(demand, tile) - 1;

/** The tile (the column of tiles, for a stationary operand) that a fold asks for. */
export const tileAt = ({ tileOf, rowFolds }: Demand, fold: number): number =>
  tileOf === "rowFold" ? fold % rowFolds : Math.floor(fold / rowFolds);

/** The first depth of a stationary fold's tile. */
export const firstDepth = ({ rowFolds, tileDepth }: Demand, fold: number): number =>
  (fold % rowFolds) * tileDepth;

/** Every word is asked for this often: each pass over the tiles that the fold's tile does not depend on. */
export const accessesOf = ({ tileOf, rows, depth, rowFolds, columnFolds }: Demand): number =>
  rows * depth * (tileOf === "rowFold" ? columnFolds : tileOf === "columnFold" ? rowFolds : 1);

const common = ({ product, array, rowFolds, columnFolds, cyclesPerFold }: Schedule) => ({
  depth: product.k,
  tileDepth: array.rows,
  rowFolds,
  columnFolds,
  cyclesPerFold,
});

const depthLanes = (schedule: Schedule, rows: number): Demand => ({
  ...common(schedule),
  shape: "depthLanes",
  tileOf: "rowFold",
  rows,
  lanes: schedule.array.rows,
  firstCycle: schedule.array.rows,
});

const rowLanes = (schedule: Schedule, rows: number, tileOf: "rowFold" | "columnFold"): Demand => ({
  ...common(schedule),
  shape: "rowLanes",
  tileOf,
  rows,
  lanes: tileOf === "rowFold" ? schedule.array.rows : schedule.array.columns,
  firstCycle: 0,
});

const stationary = (schedule: Schedule, rows: number): Demand => ({
  ...common(schedule),
  shape: "stationary",
  tileOf: "both",
  rows,
  lanes: schedule.array.columns,
  firstCycle: 0,
});
