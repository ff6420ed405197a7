/**
 * SCALE-Sim's machine taken literally, address by address and cycle by cycle: matrices of addresses, sets of words, one look-up
 * for each. Slow, and written apart from the fast model, so that that has something to be equal to; by someone who had read SCALE-Sim's own source.
 */
import type { ScaleSimConfig } from "../../src/scalesim/config.ts";
import { type Layer, productOf } from "../../src/scalesim/layer.ts";
import type { Version } from "../../src/scalesim/reader.ts";

type Matrix = number[][];

export interface ReferenceResult {
  readonly finish: number;
  readonly stalls: number;
  /** start, stop and words of ifmap, filter and ofmap. */
  readonly sram: readonly (readonly [number, number, number])[];
  readonly dram: readonly (readonly [number, number, number])[];
}

interface ReadBuffer {
  /** Serves the requests of one cycle; returns the cycles from request to word. */
  serve(time: number, addresses: readonly number[]): number;
  finish(): readonly [start: number, stop: number, words: number];
}

export function runReference(layer: Layer, config: ScaleSimConfig, version: Version): ReferenceResult {
  const demand = demandOf(layer, config);
  const fixed = config.bandwidthMode === "fixed";
  const rate = (operand: "ifmap" | "filter"): number =>
    version === "v3" ? (config.layout[operand].bandwidth ?? config.bandwidth) : config.bandwidth;
  const reader = (stream: Matrix, words: number, operand: "ifmap" | "filter"): ReadBuffer =>
    fixed ? prefetching(stream, words, rate(operand), version) : estimating(words);
  const ifmap = reader(demand.ifmapStream, config.ifmapWords, "ifmap");
  const filter = reader(demand.filterStream, config.filterWords, "filter");
  const writer = writing(config.ofmapWords, fixed ? config.bandwidth : config.arrayColumns, version);

  let stalls = 0;
  let finish = 0;
  const served: number[][] = [[], [], []];
  for (const [cycle, ifmapRow] of demand.ifmap.entries()) {
    const time = cycle + stalls;
    const rows = [ifmapRow, demand.filter[cycle] ?? [], demand.ofmap[cycle] ?? []].map((row) =>
      row.filter((address) => address !== -1),
    );
    const [fromIfmap = [], fromFilter = [], toOfmap = []] = rows;
    const offsets = [ifmap.serve(time, fromIfmap), filter.serve(time, fromFilter)];
    finish = writer.store(time, toOfmap.length);
    for (const [index, row] of rows.entries())
      if (row.length > 0) served[index]?.push(index === 2 ? finish : time + (offsets[index] ?? 0));
    stalls += Math.max(finish - time, ...offsets.map((offset) => offset - 1));
  }
  const writes = writer.finish(finish);
  const span = (index: number, words: number): readonly [number, number, number] => [
    served[index]?.[0] ?? 0,
    served[index]?.at(-1) ?? 0,
    words,
  ];
  const asked = (matrix: Matrix): number => matrix.flat().filter((address) => address !== -1).length;
  return {
    finish,
    stalls,
    sram: [span(0, asked(demand.ifmap)), span(1, asked(demand.filter)), span(2, asked(demand.ofmap))],
    dram: [ifmap.finish(), filter.finish(), writes],
  };
}

interface DemandMatrices {
  readonly ifmap: Matrix;
  readonly filter: Matrix;
  readonly ofmap: Matrix;
  readonly ifmapStream: Matrix;
  readonly filterStream: Matrix;
}

function demandOf(layer: Layer, { arrayRows: r, arrayColumns: c, dataflow }: ScaleSimConfig): DemandMatrices {
  const { m, n, k, outputColumns } = productOf(layer);
  const ifmap = matrix(m, k, (i, j) => {
    const channel = j % layer.channels;
    const x = Math.floor(j / layer.channels) % layer.filterColumns;
    const y = Math.floor(j / (layer.channels * layer.filterColumns));
    const row = Math.floor(i / outputColumns) * layer.rowStride + y;
    const column = (i % outputColumns) * layer.columnStride + x;
    if (row >= layer.ifmapRows || column >= layer.ifmapColumns) return -1;
    return (row * layer.ifmapColumns + column) * layer.channels + channel;
  });
  const filter = matrix(k, n, (i, j) => j * k + i);
  const ofmap = matrix(m, n, (i, j) => i * n + j);
  const none = (rows: number, columns: number): Matrix => matrix(rows, columns, () => -1);
  const demands: Record<"ifmap" | "filter" | "ofmap", Matrix> = { ifmap: [], filter: [], ofmap: [] };
  const folds = (total: number, size: number): number[] =>
    Array.from({ length: Math.ceil(total / size) }, (_, fold) => fold * size);

  if (dataflow === "os") {
    const ifmapT = transposed(ifmap);
    for (const column of folds(n, c))
      for (const row of folds(m, r)) {
        demands.ifmap.push(...skewed([...part(ifmapT, 0, k, row, r), ...none(c - 1, r)]));
        demands.filter.push(...skewed([...part(filter, 0, k, column, c), ...none(r - 1, c)]));
        demands.ofmap.push(...skewed([...none(k - 1, c), ...part(ofmap, row, r, column, c).reverse()]));
      }
    const ifmapStream = [diagonals(folds(m, r).flatMap((row) => part(ifmapT, 0, k, row, r)))];
    const filterStream = [diagonals(folds(n, c).flatMap((column) => part(filter, 0, k, column, c)))];
    return { ...demands, ifmapStream, filterStream };
  }
  // Input stationary is weight stationary of the transposed product.
  const swapped = dataflow === "is";
  const streaming = swapped ? transposed(filter) : ifmap;
  const held = swapped ? transposed(ifmap) : filter;
  const results = swapped ? transposed(ofmap) : ofmap;
  const [time, width] = swapped ? [n, m] : [m, n];
  const into = { streaming: swapped ? "filter" : "ifmap", held: swapped ? "ifmap" : "filter" } as const;
  for (const column of folds(width, c))
    for (const row of folds(k, r)) {
      demands[into.streaming].push(
        ...skewed([...none(r, r), ...part(streaming, 0, time, row, r), ...none(c - 1, r)]),
      );
      demands[into.held].push(...part(held, row, r, column, c).reverse(), ...none(r + c + time - 2, c));
      demands.ofmap.push(...skewed([...none(2 * r - 1, c), ...part(results, 0, time, column, c)]));
    }
  const streamed = [diagonals(folds(k, r).flatMap((row) => part(streaming, 0, time, row, r)))];
  const stationary = folds(width, c).flatMap((column) => part(held, 0, k, column, c));
  return swapped
    ? { ...demands, ifmapStream: stationary, filterStream: streamed }
    : { ...demands, ifmapStream: streamed, filterStream: stationary };
}

const matrix = (rows: number, columns: number, at: (i: number, j: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));

const transposed = (of: Matrix): Matrix => matrix(of[0]?.length ?? 0, of.length, (i, j) => of[j]?.[i] ?? -1);

/** height x width from (row, column) on, -1 beyond the edges. */
const part = (of: Matrix, row: number, height: number, column: number, width: number): Matrix =>
  matrix(height, width, (i, j) => of[row + i]?.[column + j] ?? -1);

/** Column j is j cycles late. */
const skewed = (of: Matrix): Matrix => {
  const width = of[0]?.length ?? 0;
  return matrix(of.length + width - 1, width, (i, j) => of[i - j]?.[j] ?? -1);
};

function diagonals(of: Matrix): number[] {
  const width = of[0]?.length ?? 0;
  const list: number[] = [];
  for (let diagonal = 0; diagonal < of.length + width - 1; diagonal += 1)
    for (let column = 0; column < width; column += 1) {
      const address = of[diagonal - column]?.[column];
      if (address !== undefined) list.push(address);
    }
  return list;
}

function estimating(words: number): ReadBuffer {
  const wordsPerSet = Math.floor(words / 100);
  let held = new Set<number>();
  let first: number | undefined;
  let lastEmptied: number | undefined;
  let reads = 0;
  return {
    serve(time, addresses) {
      for (const address of addresses) {
        first ??= time;
        if (held.has(address)) continue;
        held.add(address);
        reads += 1;
        if (held.size < 50 * wordsPerSet) continue;
        held = new Set();
        lastEmptied = time;
      }
      return 1;
    },
    finish() {
      const filled = lastEmptied === undefined ? Math.ceil(reads / wordsPerSet) : 50;
      const before = Math.ceil((filled * wordsPerSet) / 10);
      return lastEmptied === undefined
        ? [-before, -1, reads]
        : [(first ?? 0) - before, lastEmptied + 1, reads];
    },
  };
}

function prefetching(stream: Matrix, words: number, rate: number, version: Version): ReadBuffer {
  const list = stream.flat();
  const wordsPerSet = Math.ceil(words / 100);
  const sets: Set<number>[] = [];
  let current = new Set<number>();
  let count = 0;
  for (const address of list) {
    if (address === -1) continue;
    current.add(address);
    count += 1;
    if (count < wordsPerSet) continue;
    sets.push(current);
    current = new Set();
    count = 0;
  }
  sets.push(current);
  const active = Math.ceil(words / 2);
  const ahead = words - active;
  const resident = Math.min(Math.ceil(active / wordsPerSet), sets.length);
  const slide = Math.min(Math.ceil(ahead / wordsPerSet), sets.length - resident);
  const firstLines = Math.min(Math.ceil(active / rate), Math.ceil(list.length / rate));
  const slideLines = Math.ceil(ahead / rate);
  let start = 0;
  let last = -1;
  let lines = firstLines;
  const has = (address: number): boolean =>
    Array.from({ length: resident }, (_, i) => sets[(start + i) % sets.length]).some((set) =>
      set?.has(address),
    );
  return {
    serve(time, addresses) {
      let offset = 1;
      for (const address of addresses)
        while (!has(address)) {
          start = (start + slide) % sets.length;
          last += slideLines + 1;
          lines += slideLines;
          const late = last - (time + offset);
          offset += version === "v2" ? Math.max(late, 0) : late + Math.max(late, 0);
        }
      return offset;
    },
    finish: () => [-firstLines, last, lines * rate],
  };
}

function writing(words: number, rate: number, version: Version) {
  const drainWords = words - Math.ceil(words / 2);
  const lines: number[] = [];
  let line = 0;
  let free = words;
  let drainEnd = 0;
  let written = 0;
  const drains: [start: number, end: number][] = [];
  const close = (): void => {
    if (line > 0) lines.push(line);
    line = 0;
  };
  const drain = (time: number): void => {
    const taken = lines.splice(0, Math.ceil(drainWords / rate));
    const size = taken.length * rate - (rate - (taken.at(-1) ?? rate));
    written += size;
    free += size;
    drainEnd = time + taken.length - 1;
    drains.push([time, drainEnd]);
  };
  return {
    store(time: number, count: number): number {
      let now = time;
      for (let i = 0; i < count; i += 1) {
        line += 1;
        free -= 1;
        if (line === rate) close();
        if (now < drainEnd) {
          if (free <= 0) now = drainEnd;
        } else if (free < Math.ceil(words / 2)) {
          close();
          drain(now);
        }
      }
      return now;
    },
    finish(time: number): readonly [number, number, number] {
      close();
      for (let now = time; lines.length > 0; now = drainEnd + 1) drain(now);
      const ends = drains.map(([, end]) => end);
      const stop = version === "v2" ? (ends.at(-1) ?? 0) : Math.max(...ends);
      return [drains[0]?.[0] ?? 0, stop, written];
    },
  };
}
