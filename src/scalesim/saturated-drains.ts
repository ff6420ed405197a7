/**
 * Drains of a write buffer that is full whenever one of them ends. Then the array waits for memory's port alone, which makes all these drains alike: where
 * every cycle writes as many words, they are skipped.
 *
 * What is skipped: a drain begins with the first word for which there was no room, so that the words since the one before are those
 * that it freed and no more. If they are as many whole lines as a drain takes, and all lines that wait are whole, each drain takes as many lines
 * and frees as many words as the one before, and the lines that wait stay as many. It takes `lines` - 1 cycles from its
 * first to its last; the next begins in that one, or in the cycle after when the word for which there was room was the last of its cycle.
 * The buffer is full before a drain ends as long as the words of a drain are written in fewer cycles than that, rounded up.
 *
 * Reads come in between. A miss that is not late changes nothing but its own buffer, and the array is later and later: so up to where the first
 * could be late, none acts.
 */
import { earlyUntil, passMisses, type Reader, type Version } from "./reader.ts";
import { linesOfDrain, onlyFullLines, type WriteBuffer } from "./write-buffer.ts";

/**
 * @param cycle of the buffer's next event
 * @param limit the first cycle at which anything but the buffer and the readers may act
 * @returns the stalls of what was skipped, up to before an event of the buffer; undefined when nothing was
 */
export function skipSaturated(
  buffer: WriteBuffer,
  readers: readonly Reader[],
  version: Version,
  cycle: number,
  stalls: number,
  limit: number,
): number | undefined {
  const { written, free, inLine, fullLines, lineWords, drainEnd } = buffer;
  const lines = linesOfDrain(buffer);
  const words = lines * lineWords;
  if (cycle + stalls >= drainEnd || free + fullLines * lineWords + inLine + 1 !== words) return undefined;
  if (!onlyFullLines(buffer)) return undefined;
  // The words that fill the buffer are every `words`th from this one on.
  const full = written + free - 1;
  const even = buffer.writes.evenAt(full);
  if (even === undefined || even.end - 2 - full < words) return undefined;
  const { first, end, firstCycle, wordsPerCycle } = even;
  const cycles = words / wordsPerCycle;
  if (lines - 1 <= Math.ceil(cycles) || words <= wordsPerCycle) return undefined;
  // By how much the array falls behind in each cycle. A bound of how far it is: as if it were a drain earlier.
  const slope = (lines - 1 - cycles) / cycles;
  const fullAt = firstCycle + (full - first) / wordsPerCycle;
  const behind = Math.min(stalls, drainEnd - fullAt - slope * cycles);
  let last = limit - 1;
  for (const reader of readers) last = Math.min(last, earlyUntil(reader, version, fullAt, behind, slope));
  const lastWord = Math.min(end - 2, first + (last - firstCycle + 1) * wordsPerCycle - 1);
  const drains = Math.floor((lastWord - full) / words) + 1;
  if (drains < 2) return undefined;

  const lastFull = firstCycle + Math.floor((full + (drains - 1) * words - first) / wordsPerCycle);
  for (const reader of readers) passMisses(reader, lastFull);
  const lastEnd =
    drainEnd + (drains - 1) * (lines - 1) + lastOfCycle(full - first, words, wordsPerCycle, drains - 1);
  // Just behind the word with which the last of them began.
  buffer.written = full + (drains - 1) * words + 2;
  buffer.free = words - 1;
  buffer.fullLines = 0;
  buffer.inLine = 0;
  buffer.memoryWrites += drains * words;
  buffer.drainEnd =
    lastEnd + lines - 1 + lastOfCycle(full - first + (drains - 1) * words, words, wordsPerCycle, 1);
  buffer.lastDrain = buffer.drainEnd;
  buffer.latestDrain = buffer.drainEnd;
  return lastEnd - lastFull - stalls;
}

/** How many of `count` words, each `words` after the one before, are the last of their cycle. */
function lastOfCycle(first: number, words: number, wordsPerCycle: number, count: number): number {
  let sum = 0;
  const period = Math.min(count, wordsPerCycle);
  for (let index = 0; index < period; index += 1)
    if ((first + index * words + 1) % wordsPerCycle === 0)
      sum += 1 + Math.floor((count - 1 - index) / wordsPerCycle);
  return sum;
}
