/** Places that a search has seen and not yet gone to: by the least that they can come to, and by when they were seen. */
import type { Slot } from "./slot.ts";

/** A place in the search: the one before it, and the step from there: a slot filled, or a factor added. */
export interface Place {
  readonly before: Place | undefined;
  readonly slot: Slot | undefined;
  readonly factor: number;
  readonly node: number;
  /** By the guide, as a share of what it told of the first place; and by the bound. */
  readonly guess: number;
  readonly least: number;
  /** The search has been there. */
  taken: boolean;
}

export interface Waiting {
  readonly push: (place: Place) => void;
  /** The one that can come to least; the best guess among equals. */
  readonly nearest: () => Place | undefined;
  /** The one with the best guess that can still come to less than a value. */
  readonly likeliest: (value: number) => Place | undefined;
  /** The one seen last that can still come to less than a value. */
  readonly latest: (value: number) => Place | undefined;
  /** What none of them can come below. */
  readonly least: () => number;
}

export function waitingPlaces(): Waiting {
  const byLeast: Heap = { places: [], isBefore: comesToLess };
  const byGuess: Heap = { places: [], isBefore: isLikelier };
  const stack: Place[] = [];
  return {
    push: (place) => {
      insert(byLeast, place);
      insert(byGuess, place);
      stack.push(place);
    },
    nearest: () => taken(first(byLeast, Number.POSITIVE_INFINITY)),
    likeliest: (value) => taken(first(byGuess, value)),
    latest: (value) => {
      let last = stack.pop();
      while (last !== undefined && (last.taken || last.least >= value)) last = stack.pop();
      return taken(last);
    },
    least: () => first(byLeast, Number.POSITIVE_INFINITY)?.least ?? Number.POSITIVE_INFINITY,
  };
}

function taken(place: Place | undefined): Place | undefined {
  if (place !== undefined) place.taken = true;
  return place;
}

/** A binary heap: each place is before the two below it. */
interface Heap {
  readonly places: Place[];
  readonly isBefore: (a: Place, b: Place) => boolean;
}

const comesToLess = (a: Place, b: Place): boolean =>
  a.least < b.least || (a.least === b.least && a.guess < b.guess);

const isLikelier = (a: Place, b: Place): boolean =>
  a.guess < b.guess || (a.guess === b.guess && a.least < b.least);

/** The first that waits and can come to less than a value; those before it are dropped. */
function first(heap: Heap, value: number): Place | undefined {
  let place = heap.places[0];
  while (place !== undefined && (place.taken || place.least >= value)) {
    removeFirst(heap);
    place = heap.places[0];
  }
  return place;
}

function insert({ places, isBefore }: Heap, place: Place): void {
  let hole = places.length;
  places.push(place);
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const other = places[above];
    if (other === undefined || !isBefore(place, other)) break;
    places[hole] = other;
    hole = above;
  }
  places[hole] = place;
}

function removeFirst({ places, isBefore }: Heap): void {
  const last = places.pop();
  if (last === undefined || places.length === 0) return;
  let hole = 0;
  for (;;) {
    const left = places[2 * hole + 1];
    const right = places[2 * hole + 2];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    const below = isRight ? right : left;
    if (below === undefined || !isBefore(below, last)) break;
    places[hole] = below;
    hole = 2 * hole + (isRight ? 2 : 1);
  }
  places[hole] = last;
}
