/**
 * The write buffer: words gather in lines as wide as the memory's port; when more than half of the buffer is taken and no
 * drain runs, half a buffer of lines is drained, one a cycle, and their space is free at once. A line that is not full
 * goes as it is. While a drain runs and no space is left, the array waits for its end.
 */
import type { Writes } from "./writes.ts";

export interface WriteBuffer {
  readonly writes: Writes;
  readonly lineWords: number;
  readonly capacity: number;
  readonly drainWords: number;
  free: number;
  /** Words written so far, and those in the line that is being filled. */
  written: number;
  inLine: number;
  fullLines: number;
  /** Lines that wait to be drained: each batch ends in a line that may not be full. */
  readonly batches: Batch[];
  drainEnd: number;
  memoryWrites: number;
  firstDrain?: number;
  /** The last cycle of the drain begun last, and of the one that ended last: what is left at the end may overlap a drain. */
  lastDrain: number;
  latestDrain: number;
}

interface Batch {
  lines: number;
  lastLine: number;
}

export function writeBuffer(writes: Writes, capacity: number, lineWords: number): WriteBuffer {
  return {
    writes,
    lineWords,
    capacity,
    drainWords: Math.floor(capacity / 2),
    free: capacity,
    written: 0,
    inLine: 0,
    fullLines: 0,
    batches: [],
    drainEnd: 0,
    memoryWrites: 0,
    lastDrain: 0,
    latestDrain: 0,
  };
}

/** The next cycle from `from` on in which more happens than words being stored, if the stalls so far stay as they are; Infinity for none. */
export function nextEvent(buffer: WriteBuffer, stalls: number, from: number): number {
  const { free, drainEnd } = buffer;
  const full = cycleBehind(buffer, free);
  if (full + stalls < drainEnd) return full;
  const half = cycleBehind(buffer, free - (buffer.capacity - buffer.drainWords) + 1);
  const idle = Math.max(drainEnd - stalls, from);
  return half >= idle ? half : cycleBehind(buffer, buffer.writes.before(idle) + 1 - buffer.written);
}

/** The cycle that writes the last of so many words from now on; Infinity when there are not so many. */
function cycleBehind({ writes, written }: WriteBuffer, words: number): number {
  const index = written + Math.max(1, words) - 1;
  return index < writes.words ? writes.cycleOf(index) : Infinity;
}

/** Stores all words of the cycles before `cycle`, in which nothing else happens. */
export function storeUntil(buffer: WriteBuffer, cycle: number): void {
  store(buffer, buffer.writes.before(cycle) - buffer.written);
}

/** Stores the words of a cycle that begins at `time`; returns when the array may go on. */
export function storeCycle(buffer: WriteBuffer, cycle: number, time: number): number {
  let now = time;
  for (let left = buffer.writes.before(cycle + 1) - buffer.written; left > 0; ) {
    const draining = now < buffer.drainEnd;
    const untilNext = draining ? buffer.free : buffer.free - (buffer.capacity - buffer.drainWords) + 1;
    const words = Math.min(left, Math.max(1, untilNext));
    store(buffer, words);
    left -= words;
    if (words < untilNext) continue;
    if (draining) now = buffer.drainEnd;
    else {
      closeLine(buffer);
      buffer.drainEnd = drain(buffer, now);
    }
  }
  return now;
}

/** Drains all that is left from `time` on. */
export function drainAll(buffer: WriteBuffer, time: number): void {
  closeLine(buffer);
  let now = time;
  while (buffer.batches.length > 0) now = drain(buffer, now) + 1;
}

/** Lines that a drain takes, when there are so many. */
export const linesOfDrain = ({ drainWords, lineWords }: WriteBuffer): number =>
  Math.ceil(drainWords / lineWords);

/** Whether all lines that wait to be drained are full. */
export function onlyFullLines({ batches, lineWords }: WriteBuffer): boolean {
  for (const { lastLine } of batches) if (lastLine !== lineWords) return false;
  return true;
}

function store(buffer: WriteBuffer, words: number): void {
  const inLine = buffer.inLine + words;
  buffer.fullLines += Math.floor(inLine / buffer.lineWords);
  buffer.inLine = inLine % buffer.lineWords;
  buffer.written += words;
  buffer.free -= words;
}

function closeLine(buffer: WriteBuffer): void {
  const { batches, inLine, lineWords } = buffer;
  const lines = buffer.fullLines + (inLine > 0 ? 1 : 0);
  const before = batches.at(-1);
  // Behind a line that is full the next batch goes on.
  if (before?.lastLine === lineWords) {
    before.lines += lines;
    if (inLine > 0) before.lastLine = inLine;
  } else if (lines > 0) batches.push({ lines, lastLine: inLine || lineWords });
  buffer.fullLines = 0;
  buffer.inLine = 0;
}

/** Drains up to half a buffer from `time` on; the padding of lines counts, but that of the last. Returns the last cycle. */
function drain(buffer: WriteBuffer, time: number): number {
  const { batches, lineWords } = buffer;
  let lines = 0;
  let lastLine = lineWords;
  const most = linesOfDrain(buffer);
  while (lines < most) {
    const batch = batches[0];
    if (batch === undefined) break;
    const taken = Math.min(most - lines, batch.lines);
    lines += taken;
    batch.lines -= taken;
    lastLine = batch.lines === 0 ? batch.lastLine : lineWords;
    if (batch.lines === 0) batches.shift();
  }
  const words = lines * lineWords - (lineWords - lastLine);
  buffer.memoryWrites += words;
  buffer.free += words;
  buffer.firstDrain ??= time;
  buffer.lastDrain = time + lines - 1;
  buffer.latestDrain = Math.max(buffer.latestDrain, buffer.lastDrain);
  return buffer.lastDrain;
}
