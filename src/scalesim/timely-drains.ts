/**
 * Drains of a write buffer each of which ends before the next begins. Then no one waits for them, however late the array is, and which words they take does not depend
 * on time: where every cycle writes as many words, they are skipped, all but the last.
 *
 * What is skipped: a drain begins with the word that takes more than half of the buffer. When it drains as many words as have come since the one
 * before, the next comes after as many again. So it is where nothing else waits and a drain takes all lines, and where
 * all lines are whole and the new ones are as many as a drain takes. It takes `lines` - 1 cycles from its first to its last, and
 * longer the array takes for the words in between, later and later or not.
 */
import { linesOfDrain, onlyFullLines, type WriteBuffer } from "./write-buffer.ts";

/** Skips from the buffer's next event, which is in `cycle`, to a later one; returns whether it has. */
export function skipTimely(buffer: WriteBuffer, cycle: number, stalls: number): boolean {
  const { written, free, inLine, fullLines, lineWords, batches, writes } = buffer;
  const room = buffer.capacity - buffer.drainWords;
  const next = written + free - room;
  if (buffer.firstDrain === undefined || next < written || cycle + stalls < buffer.drainEnd) return false;
  const even = writes.evenAt(next);
  if (even === undefined || writes.cycleOf(next) !== cycle) return false;
  const words = fullLines * lineWords + inLine + next + 1 - written;
  const most = linesOfDrain(buffer);
  const lines = Math.min(most, Math.ceil(words / lineWords));
  const alike =
    batches.length === 0 ? words <= most * lineWords : words === most * lineWords && onlyFullLines(buffer);
  if (!alike || words <= even.wordsPerCycle || lines - 1 > Math.floor(words / even.wordsPerCycle))
    return false;
  const drains = Math.floor((even.end - 1 - next) / words);
  if (drains <= 0) return false;
  buffer.memoryWrites += drains * words;
  // Just behind the word with which the last of them began.
  buffer.written = next + (drains - 1) * words + 1;
  buffer.free = room - 1 + words;
  buffer.fullLines = 0;
  buffer.inLine = 0;
  return true;
}
