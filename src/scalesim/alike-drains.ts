/**
 * Drains of the write buffer that come again and again. Where folds write alike and nothing else happens, all that follows an event of
 * the buffer depends on where in its fold it is, on what the buffer holds, and on how far its drains have come. So when all this is as it was
 * some folds before, those folds go on repeating themselves, each time with the same stalls and the same words drained: they are
 * skipped, up to where anything else begins.
 */
import type { WriteBuffer } from "./write-buffer.ts";
import type { AlikeFolds } from "./writes.ts";

export interface DrainWatch {
  /** The first event of some folds, replaced after 1, 2, 4, 8 .. of them: any period is found. */
  reference: FirstEvent | undefined;
  latestFold: number;
  sinceReference: number;
  patience: number;
}

interface FirstEvent {
  readonly fold: number;
  readonly stalls: number;
  readonly memoryWrites: number;
  readonly state: readonly number[];
}

export const drainWatch = (): DrainWatch => ({
  reference: undefined,
  latestFold: -1,
  sinceReference: 0,
  patience: 1,
});

/** What was seen does not repeat: something else than the buffer has acted. */
export function lookAnew(watch: DrainWatch): void {
  watch.reference = undefined;
  watch.sinceReference = 0;
  watch.patience = 1;
}

/**
 * Looks at an event of the buffer, before it is served; skips what repeats. A loop over events has then to ask for the next event anew.
 * @param limit the first cycle at which anything but the buffer may act
 * @returns the stalls of what was skipped; undefined when nothing was
 */
export function skipAlike(
  watch: DrainWatch,
  buffer: WriteBuffer,
  cycle: number,
  stalls: number,
  limit: number,
): number | undefined {
  const alike = buffer.writes.alikeAt(cycle);
  const fold = Math.floor(cycle / alike.cycles);
  const room = Math.min(alike.end, limit) - 1 - cycle;
  if (fold === watch.latestFold || room < alike.cycles) return undefined;
  watch.latestFold = fold;
  const event: FirstEvent = {
    fold,
    stalls,
    memoryWrites: buffer.memoryWrites,
    state: stateAt(buffer, alike, cycle, stalls),
  };
  const { reference } = watch;
  if (reference === undefined || !isSame(reference.state, event.state)) {
    watch.sinceReference += 1;
    if (watch.sinceReference < watch.patience) return undefined;
    watch.reference = event;
    watch.sinceReference = 0;
    watch.patience *= 2;
    return undefined;
  }
  const period = fold - reference.fold;
  const times = Math.floor(room / (period * alike.cycles));
  if (times <= 0) return undefined;
  const stallsOfAll = times * (stalls - reference.stalls);
  const later = times * period * alike.cycles + stallsOfAll;
  buffer.written += times * period * alike.words;
  buffer.memoryWrites += times * (buffer.memoryWrites - reference.memoryWrites);
  buffer.drainEnd += later;
  buffer.lastDrain += later;
  buffer.latestDrain += later;
  lookAnew(watch);
  return stallsOfAll;
}

function stateAt(
  { written, free, inLine, fullLines, batches, lastDrain, latestDrain, drainEnd, firstDrain }: WriteBuffer,
  { cycles, words, end }: AlikeFolds,
  cycle: number,
  stalls: number,
): readonly number[] {
  const fold = Math.floor(cycle / cycles);
  const time = cycle + stalls;
  const state = [end, cycle - fold * cycles, written - fold * words, free, inLine, fullLines];
  state.push(lastDrain - time, latestDrain - time, drainEnd - time, firstDrain === undefined ? 0 : 1);
  for (const { lines, lastLine } of batches) state.push(lines, lastLine);
  return state;
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index]);
