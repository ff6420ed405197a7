/**
 * A read buffer at a fixed bandwidth. The words that memory sends stand in one list (the stream); the list is cut into sets of
 * equal numbers of words. A ring of sets is resident, and slides by half a buffer until it holds the word asked for.
 */

export interface BufferSets {
  readonly wordsPerSet: number;
  /** All of them; the last may be empty. */
  readonly sets: number;
  /** Sets that are resident, and sets by which they slide. */
  readonly resident: number;
  readonly slide: number;
}

export function bufferSets(bufferWords: number, streamWords: number): BufferSets {
  const wordsPerSet = Math.ceil(bufferWords / 100);
  const half = Math.ceil(bufferWords / 2 / wordsPerSet);
  const sets = Math.floor(streamWords / wordsPerSet) + 1;
  const resident = Math.min(half, sets);
  return { wordsPerSet, sets, resident, slide: Math.min(half, sets - resident) };
}

/** Where a set stands in a ring of residents that starts at set `start`; resident if below `resident`. */
export const placeInRing = ({ sets }: BufferSets, start: number, set: number): number =>
  set >= start ? set - start : set - start + sets;

export const isResident = (buffer: BufferSets, start: number, set: number): boolean =>
  placeInRing(buffer, start, set) < buffer.resident;

/** How often a ring that starts at `start` slides until it holds the set: it slides by no more than it holds, so that none is passed. */
export function slidesTo(buffer: BufferSets, start: number, set: number): number {
  const missing = placeInRing(buffer, start, set) + 1 - buffer.resident;
  return missing <= 0 ? 0 : Math.ceil(missing / buffer.slide);
}

/** Where the ring starts after so many slides. */
export const startAfter = ({ sets, slide }: BufferSets, start: number, slides: number): number =>
  (start + slides * slide) % sets;

/** The first set after `set` that is not resident, before the list of sets ends; `sets` when there is none. */
export function residentUntil({ sets, resident }: BufferSets, start: number, set: number): number {
  const end = start + resident;
  return set >= start ? Math.min(sets, end) : end - sets;
}
