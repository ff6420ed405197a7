/** A read buffer at a fixed bandwidth as time goes on: at each miss it slides, and the array may have to wait for what memory has not sent yet. */
import { cycleOfMiss, type Misses, type MissRun, missesUntil } from "./miss-runs.ts";

/** How stalls add up. Version 3 counts a late word twice, and an early one moves time back; version 2 does neither. */
export type Version = "v2" | "v3";

export interface ReadStream {
  readonly misses: Misses;
  /** Lines that the first fill and each slide fetch, one a cycle. */
  readonly slideLines: number;
}

export interface Reader extends ReadStream {
  /** Runs of the fold with the next miss, which of them that is in, and which of its misses. */
  runs: readonly MissRun[];
  run: number;
  index: number;
  /** The cycle of the next miss, without stalls; Infinity when there is none. */
  cycle: number;
  /** Slides so far, and the cycle of the last fetch. */
  slides: number;
  last: number;
}

export function readerOf(stream: ReadStream): Reader {
  const reader = { ...stream, runs: [], run: 0, index: 0, cycle: 0, slides: 0, last: -1 };
  goTo(reader, 0);
  return reader;
}

/** From a request to its word, when the word is there. */
export const hitLatency = 1;

/** Serves the reader's next miss at `time`; returns how much longer than a hit it takes, below zero when time moves back. */
export function serveMiss(reader: Reader, version: Version, time: number): number {
  const slides = reader.runs[reader.run]?.slides ?? 0;
  const each = reader.slideLines + 1;
  goTo(reader, reader.index + 1);
  reader.slides += slides;
  if (version === "v2") {
    reader.last += slides * each;
    return Math.max(0, reader.last - time - hitLatency);
  }
  let wait = 0;
  for (let left = slides; left > 0; left -= 1) {
    // After two slides, each two more are alike: the wait exceeds the last fetch by e, then by `each` - e.
    const alike = left === slides - 2 ? left - (left % 2) : 0;
    if (alike > 0) {
      reader.last += alike * each;
      wait += alike * each;
      left -= alike;
      if (left === 0) break;
    }
    reader.last += each;
    const late = reader.last - (time + hitLatency + wait);
    wait += late > 0 ? 2 * late : late;
  }
  return wait;
}

/**
 * Up to which cycle no miss can be late, as far as the reader's run tells, if at cycle c the array is at least `stalls` + `slope` * (c - `from`)
 * cycles behind.
 */
export function earlyUntil(
  reader: Reader,
  version: Version,
  from: number,
  stalls: number,
  slope: number,
): number {
  const { cycle, last, index, slideLines } = reader;
  const run = reader.runs[reader.run];
  if (run === undefined) return Infinity;
  // More slides at once wait for each other.
  if (run.slides > 1 && version === "v3") return cycle - 1;
  const each = run.slides * (slideLines + 1);
  // How late the next miss is at most, and by how much later each one is than that before it. A cycle is less than one before what the
  // run's division gives, and another one is for rounding.
  const next = run.base + (run.offset + index * run.words) / run.lanes - 1;
  const late = last + each - hitLatency - next - (stalls + slope * (next - from)) + 1;
  const later = each - (1 + slope) * (run.words / run.lanes);
  if (late > 0) return cycle - 1;
  const early = later > 0 ? Math.floor(-late / later) + 1 : Infinity;
  return cycleOfMiss(run, Math.min(run.count - 1, index + early)) - (index + early < run.count ? 1 : 0);
}

/** Goes past the misses of the reader's run in cycles up to `cycle`, none of which is late. */
export function passMisses(reader: Reader, cycle: number): void {
  const run = reader.runs[reader.run];
  if (run === undefined || reader.cycle > cycle) return;
  const next = missesUntil(run, cycle);
  const slides = (next - reader.index) * run.slides;
  reader.slides += slides;
  reader.last += slides * (reader.slideLines + 1);
  goTo(reader, next);
}

/** Makes the miss with this index of the reader's run the next one. */
function goTo(reader: Reader, index: number): void {
  reader.index = index;
  for (;;) {
    const run = reader.runs[reader.run];
    if (run !== undefined && reader.index < run.count) {
      reader.cycle = cycleOfMiss(run, reader.index);
      return;
    }
    reader.index = 0;
    reader.run += 1;
    if (reader.run < reader.runs.length) continue;
    reader.runs = reader.misses.next();
    reader.run = 0;
    if (reader.runs.length === 0) {
      reader.cycle = Infinity;
      return;
    }
  }
}
