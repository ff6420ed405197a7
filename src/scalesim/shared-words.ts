/**
 * How far apart the places are at which overlapping windows hold the same word. A word at row r, depth d of the windows' matrix is also `a` rows of windows
 * and `b` windows before, as many rows of the filter and steps of the window deeper, as far as the matrix goes. So the distances are the same
 * everywhere, and as few as windows overlap.
 */
import { type Demand, lanesOf, tilesOf } from "./demand.ts";
import { stepsOfTile } from "./misses.ts";
import { type WindowMap, windowsInside } from "./window.ts";

/** From a place to another one with the same word. */
export interface Apart {
  readonly tiles: number;
  /** Diagonals of the other tile behind those of this one. */
  readonly diagonals: number;
}

export function apartOf(demand: Demand, map: WindowMap): readonly Apart[] {
  const tiles = tilesOf(demand);
  const rowsOver = Math.ceil(map.filterRows / map.rowStride) - 1;
  const windowsOver = Math.ceil(map.runWords / map.columnStep) - 1;
  const all: Apart[] = [];
  for (let a = -rowsOver; a <= rowsOver; a += 1)
    for (let b = -windowsOver; b <= windowsOver; b += 1) {
      if (a === 0 && b === 0) continue;
      const rows = -(a * map.outputColumns + b);
      const depths = a * map.rowStride * map.runWords + b * map.columnStep;
      const [along, steps] = demand.shape === "depthLanes" ? [depths, rows] : [rows, depths];
      const tile = Math.floor(along / demand.lanes);
      for (let apart = tile; apart <= tile + (along % demand.lanes === 0 ? 0 : 1); apart += 1) {
        const lanes = demand.shape === "stationary" ? 0 : along - apart * demand.lanes;
        if (Math.abs(apart) < tiles) all.push({ tiles: apart, diagonals: steps + lanes });
      }
    }
  return all;
}

/**
 * Whether between two requests for the same word there are always at least `accesses` for others, in demands whose tiles are asked for in turn.
 * A tile of fewer lanes has fewer words on each diagonal, so that the narrowest gives a bound. Windows that run off the image are taken to ask for nothing.
 */
export function isFarApart(demand: Demand, map: WindowMap, accesses: number): boolean {
  const tiles = tilesOf(demand);
  const steps = stepsOfTile(demand);
  const lanes = lanesOf(demand, tiles - 1);
  const { outputRows, outputColumns } = map;
  const none = demand.lanes * (outputRows * outputColumns - windowsInside(map));
  return apartOf(demand, map).every((apart) => {
    // In this pass over the tiles, or in the next.
    const least = apart.tiles > 0 ? apart.tiles : apart.tiles + tiles;
    const between = lanes * (least * steps - Math.max(0, -apart.diagonals) - 1) - (least + 1) * none;
    return apart.tiles !== 0 && between >= accesses;
  });
}
