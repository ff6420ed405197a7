/**
 * One layer on SCALE-Sim's machine, with its quirks: what its reports say. Exact, and without walking addresses: operands
 * without overlap are counted in closed form, overlapping windows as runs of bits.
 */
import type { ScaleSimConfig } from "./config.ts";
import { accessesOf, type Demand, filterDemand, ifmapDemand, spanOf, tileAt } from "./demand.ts";
import { type MemoryReads, readsOfDistinct } from "./first-seen.ts";
import { readsOfWindows } from "./first-seen-windows.ts";
import { type Layer, type Product, productOf, type Sparsity } from "./layer.ts";
import { type BufferRun, missesOfDistinct } from "./misses.ts";
import type { ReadStream, Version } from "./reader.ts";
import {
  type ArraySize,
  computeCycles,
  foldsOf,
  type Schedule,
  type SramAccesses,
  scheduleOf,
  sramAccesses,
  utilizationOf,
} from "./schedule.ts";
import { eachCell } from "./segment.ts";
import { keptDepth, type SparseStorage, sparseStorage } from "./sparsity.ts";
import { type Requests, type Timing, timeLayer } from "./timing.ts";
import { addressAt, isOneToOne, runsOff, type WindowMap, windowMap } from "./window.ts";
import { missesOfWindows } from "./window-misses.ts";
import { type WriteBuffer, writeBuffer } from "./write-buffer.ts";
import { writesOf } from "./writes.ts";

export interface LayerResult {
  readonly name: string;
  readonly product: Product;
  /** With stalls; one less than the cycles taken, as SCALE-Sim counts. */
  readonly totalCycles: number;
  /** From the first word fetched to the last one written back. */
  readonly totalWithPrefetch: number;
  readonly stallCycles: number;
  readonly overallUtilizationPercent: number;
  readonly mappingEfficiencyPercent: number;
  readonly computeUtilizationPercent: number;
  readonly sram: Readonly<Record<Operand, Traffic>>;
  readonly dram: Readonly<Record<Operand, Traffic>>;
  /** How the weights are stored, where they are sparse. */
  readonly sparse?: SparseStorage;
}

export type Operand = "ifmap" | "filter" | "ofmap";

export interface Traffic {
  /** Cycles of the first and the last word. */
  readonly start: number;
  readonly stop: number;
  readonly words: number;
}

/** @throws RangeError for a layer that is too large to run */
export function runLayer(layer: Layer, config: ScaleSimConfig, version: Version): LayerResult {
  const array: ArraySize = { rows: config.arrayRows, columns: config.arrayColumns };
  const dense = productOf(layer);
  const sparsity = version === "v3" && config.sparsity.supported ? layer.sparsity : undefined;
  const product = sparsity === undefined ? dense : { ...dense, k: keptDepth(dense.k, sparsity) };
  const schedule = scheduleOf(product, config.dataflow, array);
  const map = windowMap(layer);
  const operands = { ifmap: ifmapDemand(schedule), filter: filterDemand(schedule) };
  refuseTooLarge(layer, config, schedule, operands, map);
  const requests = {
    ifmap: requestsOf(operands.ifmap, runsOff(map) ? map : undefined),
    filter: requestsOf(operands.filter),
  };
  const run = config.bandwidthMode === "fixed" ? fixedBandwidth : estimatedBandwidth;
  const result = run({
    layer,
    config,
    version,
    schedule,
    map,
    sram: sramAccesses(schedule),
    operands,
    requests,
  });
  return sparsity === undefined ? result : withSparsity(result, dense, sparsity, config);
}

/** Where weights stay, each kept one still reads its whole block of inputs; utilization counts the dense MACs. */
function withSparsity(
  result: LayerResult,
  dense: Product,
  sparsity: Sparsity,
  { dataflow, sparsity: { representation } }: ScaleSimConfig,
): LayerResult {
  const { ifmap } = result.sram;
  const words = dataflow === "ws" ? (ifmap.words * sparsity.m) / sparsity.n : ifmap.words;
  return {
    ...result,
    overallUtilizationPercent: (result.overallUtilizationPercent * dense.k) / result.product.k,
    sram: { ...result.sram, ifmap: { ...ifmap, words } },
    sparse: sparseStorage(dense, sparsity, representation),
  };
}

interface Setting {
  readonly layer: Layer;
  readonly config: ScaleSimConfig;
  readonly version: Version;
  readonly schedule: Schedule;
  readonly map: WindowMap;
  readonly sram: SramAccesses;
  readonly operands: { readonly ifmap: Demand; readonly filter: Demand };
  readonly requests: { readonly ifmap: Requests; readonly filter: Requests };
}

/** CALC: reads never stall; memory is as fast as it turns out to have to be. */
function estimatedBandwidth(setting: Setting): LayerResult {
  const { config, version, schedule, map, operands, requests } = setting;
  const capacityOf = (words: number): number => 50 * Math.floor(words / 100);
  const ifmapReads = isOneToOne(map) ? readsOfDistinct : readsOfOverlapping(map);
  const ifmap = ifmapReads(operands.ifmap, capacityOf(config.ifmapWords));
  const filter = readsOfDistinct(operands.filter, capacityOf(config.filterWords));
  const writes = writesOf(schedule);
  const buffer = writeBuffer(writes, config.ofmapWords, config.arrayColumns);
  const timing = timeLayer({ version, cycles: computeCycles(schedule), writes, ...requests }, buffer);
  return resultOf(setting, timing, {
    ifmap: estimatedTraffic(ifmap, config.ifmapWords, requests.ifmap.first),
    filter: estimatedTraffic(filter, config.filterWords, requests.filter.first),
    ofmap: drainTraffic(buffer, version),
  });
}

const readsOfOverlapping =
  (map: WindowMap) =>
  (demand: Demand, capacity: number): MemoryReads =>
    readsOfWindows(demand, map, capacity);

/** Before its first request the buffer is taken to be filled at 10 words a cycle. */
function estimatedTraffic({ words, lastEmptied }: MemoryReads, bufferWords: number, first: number): Traffic {
  const wordsPerSet = Math.floor(bufferWords / 100);
  const fillRate = 10;
  if (lastEmptied !== undefined)
    return { start: first - Math.ceil((50 * wordsPerSet) / fillRate), stop: lastEmptied + 1, words };
  const sets = Math.ceil(words / wordsPerSet);
  return { start: -Math.ceil((sets * wordsPerSet) / fillRate), stop: -1, words };
}

/** USER: each operand at a bandwidth of its own. */
function fixedBandwidth(setting: Setting): LayerResult {
  const { config, version, schedule, map, operands, requests } = setting;
  const rateOf = (operand: "ifmap" | "filter"): number =>
    version === "v3" ? (config.layout[operand].bandwidth ?? config.bandwidth) : config.bandwidth;
  const ifmapRun = isOneToOne(map)
    ? missesOfDistinct(operands.ifmap, config.ifmapWords)
    : missesOfWindows(operands.ifmap, map, config.ifmapWords);
  const ifmap = fetches(ifmapRun, config.ifmapWords, rateOf("ifmap"));
  const filter = fetches(
    missesOfDistinct(operands.filter, config.filterWords),
    config.filterWords,
    rateOf("filter"),
  );
  const writes = writesOf(schedule);
  const buffer = writeBuffer(writes, config.ofmapWords, config.bandwidth);
  const cycles = computeCycles(schedule);
  const timing = timeLayer(
    { version, cycles, writes, ...requests, streams: [ifmap.stream, filter.stream] },
    buffer,
  );
  return resultOf(setting, timing, {
    ifmap: { start: -ifmap.firstLines, stop: timing.lastFetch[0], words: ifmap.wordsAfter(timing.slides[0]) },
    filter: {
      start: -filter.firstLines,
      stop: timing.lastFetch[1],
      words: filter.wordsAfter(timing.slides[1]),
    },
    ofmap: drainTraffic(buffer, version),
  });
}

/** Version 2 reports the end of the drain begun last, version 3 of the one that ended last. */
const drainTraffic = (buffer: WriteBuffer, version: Version): Traffic => ({
  start: buffer.firstDrain ?? 0,
  stop: version === "v2" ? buffer.lastDrain : buffer.latestDrain,
  words: buffer.memoryWrites,
});

interface Fetches {
  readonly stream: ReadStream;
  readonly firstLines: number;
  /** Whole lines, with their padding, when the buffer has slid so often. */
  readonly wordsAfter: (slides: number) => number;
}

function fetches({ misses, paddedWords }: BufferRun, bufferWords: number, rate: number): Fetches {
  const slideLines = Math.ceil(bufferWords / 2 / rate);
  const firstLines = Math.min(slideLines, Math.ceil(paddedWords / rate));
  const wordsAfter = (slides: number): number => (firstLines + slides * slideLines) * rate;
  return { stream: { misses, slideLines }, firstLines, wordsAfter };
}

function resultOf(setting: Setting, timing: Timing, dram: LayerResult["dram"]): LayerResult {
  const { layer, schedule, sram } = setting;
  const { m, n, k } = schedule.product;
  const { rows, columns } = schedule.array;
  const { mapping, compute } = utilizationOf(schedule);
  return {
    name: layer.name,
    product: schedule.product,
    totalCycles: timing.finish,
    totalWithPrefetch: dram.ofmap.stop - Math.min(dram.ifmap.start, dram.filter.start),
    stallCycles: timing.stallCycles,
    overallUtilizationPercent: (m * n * k * 100) / (timing.finish * rows * columns),
    mappingEfficiencyPercent: mapping * 100,
    computeUtilizationPercent: compute * 100,
    sram: {
      ifmap: { start: timing.ifmap.first, stop: timing.ifmap.last, words: sram.ifmapReads },
      filter: { start: timing.filter.first, stop: timing.filter.last, words: sram.filterReads },
      ofmap: { start: timing.ofmap.first, stop: timing.ofmap.last, words: sram.ofmapWrites },
    },
    dram,
  };
}

/** First and last cycle with a request. Windows that have run off ask for nothing. */
function requestsOf(demand: Demand, map?: WindowMap): Requests {
  const start = (fold: number): number => fold * demand.cyclesPerFold + demand.firstCycle;
  const asks = (fold: number, cycle: number): boolean => {
    let any = false;
    eachCell(demand, fold, cycle, 0, (row, depth) => {
      any = map === undefined || addressAt(map, row, depth) >= 0;
      return !any;
    });
    return any;
  };
  // Rows of the array below a stationary tile that is not full come first, and ask for nothing.
  const first = demand.shape === "stationary" ? Math.max(0, demand.tileDepth - demand.depth) : 0;
  for (let fold = demand.rowFolds * demand.columnFolds - 1; ; fold -= 1)
    for (let cycle = spanOf(demand, tileAt(demand, fold)) - 1; cycle >= 0; cycle -= 1)
      if (asks(fold, cycle)) return { first: start(0) + first, last: start(fold) + cycle };
}

/** A wrong file fails at once, instead of running for hours. */
function refuseTooLarge(
  { name }: Layer,
  config: ScaleSimConfig,
  schedule: Schedule,
  operands: Setting["operands"],
  map: WindowMap,
): void {
  const overlap = !isOneToOne(map);
  const ifmapReads = accessesOf(operands.ifmap);
  const slides = ifmapReads / config.ifmapWords + accessesOf(operands.filter) / config.filterWords;
  const writes = writesOf(schedule).words / config.ofmapWords;
  // Places of a word that overlapping windows share, each looked at when its buffer slides.
  const places = Math.ceil(map.filterRows / map.rowStride) * Math.ceil(map.runWords / map.columnStep);
  for (const [size, most, what] of [
    [foldsOf(schedule), 2e7, "folds"],
    [slides + writes, overlap ? 4e6 : 1e8, "fills of the buffers"],
    [overlap ? slides * (operands.ifmap.lanes + places) : 0, 1e8, "looks into the ifmap's buffer"],
    [overlap ? map.words : 0, 2 ** 30, "words of an ifmap with overlapping windows"],
    [overlap ? ifmapReads : 0, 2 ** 36, "reads of an ifmap with overlapping windows"],
  ] as const)
    if (size > most) throw new RangeError(`layer ${name}: ${Math.round(size)} ${what}, more than ${most}`);
}
