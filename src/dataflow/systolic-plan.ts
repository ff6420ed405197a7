/**
 * Chooses the tiles of a product.
 * Models: the tile and the order of loops for which the slowest of array, memory and the round through a buffer (load, product) is
 *   fastest, with the first load on top; among equals the one that fetches less, then the one with fewer tiles.
 * Ignores: tile sizes between those tried; the vector unit, whose work is the same for all.
 * Source: loop blocking; each candidate is counted in closed form (arch/systolic-tile.ts).
 */
import {
  cutInto,
  fetchesOf,
  type Products,
  type Tiling,
  tileOverflows,
  tilesAlong,
} from "../arch/systolic-tile.ts";
import { portsOf, type Sources } from "./systolic-port.ts";
import type { System } from "./systolic-system.ts";
import { innerUnit, type StoredWeights, skipped, wordsOf } from "./systolic-weights.ts";
import type { Product } from "./systolic-window.ts";

/** Where a product's operands lie, trained parameters always in memory, and what limits its tiles. */
export interface Placement extends Sources {
  readonly stored: StoredWeights;
  /** Elements of the right operand over those of all products: heads may share keys and values. */
  readonly shared: number;
  /** Every tile has all columns, since an op on whole rows follows. */
  readonly wholeRows: boolean;
}

/** Undefined when no tile fits the buffers. */
export function tilingOf(system: System, product: Product, placement: Placement): Tiling | undefined {
  let best: (Estimate & { readonly tiling: Tiling }) | undefined;
  for (const tiling of candidates(system, product, placement)) {
    const found = { tiling, ...estimate(system, product, placement, tiling) };
    if (best === undefined || isBetter(found, best)) best = found;
  }
  return best?.tiling;
}

interface Estimate {
  readonly ticks: number;
  readonly bytes: number;
  readonly turns: number;
}

const isBetter = (one: Estimate, other: Estimate): boolean => {
  if (one.ticks !== other.ticks) return one.ticks < other.ticks;
  return one.bytes === other.bytes ? one.turns < other.turns : one.bytes < other.bytes;
};

/** What the smallest tile needs and has not; where it fits, so does a tiling. */
export function smallestOverflow(system: System, product: Product, stored: StoredWeights) {
  const buffers = buffersOf(system, { inputs: "memory", weights: "memory", stored });
  const tile = { count: 1, rows: 1, inner: product.taps, columns: 1 };
  return tileOverflows(tile, buffers, system.buffering, product.needs(1));
}

/** Rows and columns of tiles, and channels in them, from all down by factors of about two or less. */
function* candidates(system: System, product: Product, placement: Placement): Generator<Tiling> {
  const { whole, taps } = product;
  const columns = placement.wholeRows ? [whole.columns] : parts(whole.columns, system.array.columns, 1.2);
  for (const width of columns)
    for (const channels of parts(whole.inner / taps, innerUnit(system, placement.stored, taps), 1.5)) {
      const rows = mostRows(system, product, placement, width, channels);
      if (rows === 0) continue;
      const tile = { count: 1, rows, inner: channels * taps, columns: width };
      const full = rows === whole.rows && tile.inner === whole.inner && width === whole.columns;
      const count = full
        ? most(whole.count, (n) => fits(system, product, placement, { ...tile, count: n }))
        : 1;
      for (const outer of ["columns", "rows"] as const) yield { tile: { ...tile, count }, outer };
    }
}

/** Sizes that cut `size` into ever more parts, as multiples of `unit` below the whole. */
function parts(size: number, unit: number, factor: number): readonly number[] {
  const sizes = new Set<number>();
  for (
    let pieces = 1;
    pieces <= Math.ceil(size / unit);
    pieces = Math.max(pieces + 1, Math.floor(pieces * factor))
  )
    sizes.add(Math.min(size, unit * Math.ceil(size / pieces / unit)));
  sizes.add(Math.min(size, unit));
  if (unit > 1) sizes.add(1);
  return [...sizes];
}

/** As many rows as fit, evenly over the tiles, in whole lines of the image; 0 when not one does. */
function mostRows(
  system: System,
  product: Product,
  placement: Placement,
  columns: number,
  channels: number,
): number {
  const { whole, taps, line } = product;
  const inner = channels * taps;
  const rows = most(whole.rows, (n) =>
    fits(system, product, placement, { count: 1, rows: n, inner, columns }),
  );
  if (rows === 0 || rows === whole.rows) return rows;
  const even = Math.ceil(whole.rows / Math.ceil(whole.rows / rows));
  const lines = Math.ceil(even / line) * line;
  if (lines <= rows) return lines;
  return rows >= line ? rows - (rows % line) : even;
}

/** The largest number up to `limit` that fits, where more never fits better. */
function most(limit: number, fits: (n: number) => boolean): number {
  if (fits(limit)) return limit;
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function fits(system: System, product: Product, placement: Placement, tile: Products): boolean {
  const elements = (tile.count * product.needs(tile.rows) * tile.inner) / product.taps;
  return tileOverflows(tile, buffersOf(system, placement), system.buffering, elements).length === 0;
}

/** What already lies on chip takes no room in an operand buffer. */
const buffersOf = (
  { inputs, weights, results, elementBytes, sumBytes }: System,
  placement: Sources & Pick<Placement, "stored">,
) => ({
  inputs: placement.inputs === "chip" ? Infinity : inputs.capacity,
  weights: placement.weights === "chip" ? Infinity : weights.capacity,
  results: results.capacity,
  elementBytes,
  weightBytes: placement.stored.bytesPerPosition,
  sumBytes,
});

function estimate(system: System, product: Product, placement: Placement, tiling: Tiling): Estimate {
  const { memory, elementBytes } = system;
  const { whole, taps } = product;
  const { ticksPerBytes, latency } = memory.walks.other;
  const [ticksPer, bytesPer] = ticksPerBytes;
  const fetches = fetchesOf(whole, tiling);
  const rowsNeeded = cutInto(whole.rows, tiling.tile.rows).reduce(
    (sum, { size, times }) => sum + times * product.needs(size),
    0,
  );
  const weights =
    placement.weights === "chip" ? 0 : whole.count * whole.inner * whole.columns * placement.shared;
  const inputs = placement.inputs === "chip" ? 0 : (whole.count * rowsNeeded * whole.inner) / taps;
  const [weightBytes, inputBytes] = [weights * placement.stored.bytesPerPosition, inputs * elementBytes];
  const bytes = fetches.weights * weightBytes + fetches.inputs * inputBytes;
  const tiles = tilesAlong(whole, tiling);
  const [weightTiles, inputTiles] = [
    tiles.count * tiles.inner * tiles.columns,
    tiles.count * tiles.inner * tiles.rows,
  ];
  const first = weightBytes / weightTiles + inputBytes / inputTiles;
  const asked = Math.max(
    weights === 0 ? 0 : fetches.weights * weightTiles,
    inputs === 0 ? 0 : fetches.inputs * inputTiles,
  );
  const turns = weightTiles * tiles.rows;
  const array = arrayTicks(system, whole, tiling, placement);
  const transfer = (bytes * ticksPer) / bytesPer;
  // The buffer of the next tile is free when the product before has left the array: load and product take turns in each buffer.
  const round = (transfer + asked * latency + array.taken + array.left) / system.buffering;
  const ticks = Math.max(array.taken, transfer, round) + (first * ticksPer) / bytesPer;
  return { ticks, bytes, turns };
}

/** What the tiles take the array, one behind the other, and how much later their results are there. */
function arrayTicks(system: System, whole: Products, { tile }: Tiling, placement: Placement) {
  const { stored } = placement;
  const sums = { taken: 0, left: 0 };
  for (const inner of innerCuts(system, whole.inner, tile.inner, placement))
    for (const count of cutInto(whole.count, tile.count))
      for (const rows of cutInto(whole.rows, tile.rows))
        for (const columns of cutInto(whole.columns, tile.columns)) {
          const size = { count: count.size, rows: rows.size, inner: inner.size, columns: columns.size };
          const { occupancy, latency } = system.product({
            ...{ ...size, ...skipped(stored), macs: 0, precision: system.precision },
            ports: inner.ports,
          });
          const times = count.times * rows.times * inner.times * columns.times;
          sums.taken += times * Number(occupancy);
          sums.left += times * latency;
        }
  return sums;
}

/** The inner size in tiles, with the ports of each; tiles behind the first add to its sums, which may take the result buffer longer. */
function innerCuts(system: System, inner: number, tile: number, placement: Placement) {
  return cutInto(inner, tile).flatMap(({ size, times }, index) => {
    const words = wordsOf(placement.stored, size);
    const ports = portsOf(system, placement, words, index > 0).cycles;
    if (index > 0 || times === 1 || ports.result === ports.sum) return [{ size, times, ports }];
    const adding = portsOf(system, placement, words, true).cycles;
    return [
      { size, times: 1, ports },
      { size, times: times - 1, ports: adding },
    ];
  });
}

/** Whether a tile with all columns still fills the array, so that an op on whole rows can follow it. */
export function holdsRows(system: System, product: Product): boolean {
  const { whole, taps } = product;
  const stored = { bytesPerPosition: system.elementBytes };
  const placement: Placement = { inputs: "memory", weights: "memory", stored, shared: 1, wholeRows: true };
  const channels = Math.min(whole.inner / taps, Math.ceil(system.array.rows / taps));
  const rows = mostRows(system, product, placement, whole.columns, channels);
  return rows >= Math.min(whole.rows, system.array.rows);
}
