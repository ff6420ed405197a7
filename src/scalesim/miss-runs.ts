/**
 * The times at which an array asks for what a read buffer has not got. Where it asks evenly, buffers are used up evenly: such misses are
 * one run, however many they are.
 */

/** Miss k of a run is in cycle `base` + floor((`offset` + k * `words`) / `lanes`), without stalls. */
export interface MissRun {
  readonly base: number;
  readonly offset: number;
  readonly words: number;
  readonly lanes: number;
  readonly count: number;
  /** Slides of the buffer at each of them. */
  slides: number;
}

/** The misses of a layer from its beginning on, as far as they are asked for. */
export interface Misses {
  /** Runs of the next fold that has any, their cycles ascending, none twice; none when there is no such fold. */
  readonly next: () => readonly MissRun[];
}

/** @param of the misses of a fold */
export function missesByFold(folds: number, of: (fold: number, runs: MissRun[]) => void): Misses {
  let fold = 0;
  return {
    next() {
      const runs: MissRun[] = [];
      for (; fold < folds && runs.length === 0; fold += 1) of(fold, runs);
      return runs;
    },
  };
}

export const cycleOfMiss = ({ base, offset, words, lanes }: MissRun, index: number): number =>
  base + Math.floor((offset + index * words) / lanes);

/** How many of the run's misses are in cycles up to `cycle`. */
export const missesUntil = ({ base, offset, words, lanes, count }: MissRun, cycle: number): number =>
  Math.max(0, Math.min(count, Math.ceil(((cycle + 1 - base) * lanes - offset) / words)));

/** Adds one miss, in the cycle of the last one or behind. */
export function addMiss(runs: MissRun[], cycle: number, slides: number): void {
  const last = runs.at(-1);
  if (last?.base === cycle && last.count === 1) last.slides += slides;
  else runs.push({ base: cycle, offset: 0, words: 1, lanes: 1, count: 1, slides });
}
