/**
 * Misses that come evenly. Where all lanes ask, each cycle asks for the words of the stream behind those of the cycle before, so that a buffer that holds them up
 * to some place misses there, and then after each slide's words again.
 */
import { type BufferSets, residentUntil } from "./buffer-sets.ts";
import { type Demand, lanesOf, stepsOf, tileAt, tilesOf } from "./demand.ts";
import type { MissRun } from "./miss-runs.ts";
import { cellsBefore } from "./skew.ts";

/** Where the stream has a lane's word of a tile's cycle: tiles are stacked and read along anti-diagonals. */
export function streamPosition(demand: Demand, tile: number, cycle: number, lane: number): number {
  const steps = stepsOf(demand);
  const lastTile = tilesOf(demand) - 1;
  const lastLanes = lanesOf(demand, lastTile);
  const diagonal = tile * steps + cycle;
  const inLast = diagonal - lastTile * steps;
  const before =
    cellsBefore(diagonal, lastTile * steps, demand.lanes) + cellsBefore(inLast, steps, lastLanes);
  const first = Math.max(0, inLast - steps + 1);
  const padding = Math.max(0, Math.min(lane - 1, inLast) - Math.max(first, lastLanes) + 1);
  return before + Math.max(0, lane - first) - padding;
}

/**
 * The even misses of a fold behind `cycle`, the last whose words the ring has been made to hold; undefined for none. The ring slides at each.
 * @param start where the ring starts, with set `set` resident: that of a word of the cycle
 */
export function evenMisses(
  demand: Demand,
  buffer: BufferSets,
  fold: number,
  cycle: number,
  start: number,
  set: number,
): MissRun | undefined {
  const { sets, slide, wordsPerSet } = buffer;
  const tile = tileAt(demand, fold);
  const lanes = lanesOf(demand, tile);
  // One is not worth a run.
  if (slide * wordsPerSet > stepsOf(demand) * lanes) return undefined;
  const end = residentUntil(buffer, start, set);
  const next = end * wordsPerSet;
  const words = slide * wordsPerSet;
  const full = streamPosition(demand, tile, demand.lanes - 1, 0);
  const last = streamPosition(demand, tile, cycle, Math.min(lanes - 1, cycle));
  if (words < lanes || next < full || next <= last) return undefined;
  const asked = streamPosition(demand, tile, stepsOf(demand) - 1, lanes - 1);
  const count = Math.min(Math.floor((sets - 1 - end) / slide), Math.floor((asked - next) / words)) + 1;
  if (count <= 0) return undefined;
  const base = fold * demand.cyclesPerFold + demand.firstCycle + demand.lanes - 1;
  return { base, offset: next - full, words, lanes, count, slides: 1 };
}
