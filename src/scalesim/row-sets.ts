/**
 * The words of an image that are held: a set for each of its rows. Rows that hold the same share one set, so that what many
 * windows add alike is worked out once, however many rows the image has.
 */
import { markRun } from "./marks.ts";

export interface RowSets {
  /** The set of each row; set 0 is empty. */
  readonly setOf: Int32Array;
  /** The sets of the rows when they were kept last, in each of two places. */
  readonly kept: readonly [Int32Array, Int32Array];
  readonly rowWords: number;
  /** Integers of one set's bits. */
  readonly stride: number;
  bits: Int32Array;
  /** For each set the row that alone may change it, plus one; 0 where several rows may share it. */
  owners: Int32Array;
  sets: number;
  /** Sets below are those of `kept` too: they stay as they are. */
  frozen: number;
  /** What `frozen` was when the rows were kept in the first place. */
  frozenFirst: number;
}

/** Runs of `length` neighbours, `count` of them, each `step` words after the one before; what passes the row's end is cut off. */
export interface Comb {
  readonly start: number;
  readonly length: number;
  readonly count: number;
  readonly step: number;
}

export function rowSets(rows: number, rowWords: number): RowSets {
  const stride = Math.ceil(rowWords / 32);
  const room = 32;
  return {
    setOf: new Int32Array(rows),
    kept: [new Int32Array(rows), new Int32Array(rows)],
    rowWords,
    stride,
    bits: new Int32Array(room * stride),
    owners: new Int32Array(room),
    sets: 1,
    frozen: 1,
    frozenFirst: 1,
  };
}

/** All rows hold nothing. */
export function empty(all: RowSets): void {
  all.setOf.fill(0);
  all.sets = 1;
  all.frozen = 1;
}

/** Keeps the rows as they are, to come back to them; what is kept in the second place is lost when something is in the first. */
export function keep(all: RowSets, place: 0 | 1): void {
  if (place === 0 && all.sets > 64 + 4 * all.setOf.length) forgetUnused(all);
  all.kept[place].set(all.setOf);
  all.frozen = all.sets;
  if (place === 0) all.frozenFirst = all.sets;
}

/** Brings back the rows as they were kept. */
export function comeBack(all: RowSets, place: 0 | 1): void {
  all.setOf.set(all.kept[place]);
  if (place === 0) all.frozen = all.frozenFirst;
  all.sets = all.frozen;
}

export const holds = ({ setOf, bits, stride }: RowSets, row: number, word: number): boolean =>
  ((bits[(setOf[row] ?? 0) * stride + (word >>> 5)] ?? 0) & (1 << (word & 31))) !== 0;

/** Adds a word to a row; returns whether it is new. */
export function addWord(all: RowSets, row: number, word: number): boolean {
  if (holds(all, row, word)) return false;
  const index = ownSet(all, row) * all.stride + (word >>> 5);
  all.bits[index] = (all.bits[index] ?? 0) | (1 << (word & 31));
  return true;
}

/** Adds the words [from, to) to a row; returns how many are new. */
export function addToRow(all: RowSets, row: number, from: number, to: number): number {
  const set = ownSet(all, row);
  return markRun(all.bits, from, to, set * all.stride);
}

/** The row's set, as one that only this row has. */
export function ownSet(all: RowSets, row: number): number {
  const before = all.setOf[row] ?? 0;
  if (before >= all.frozen && all.owners[before] === row + 1) return before;
  const set = copyOf(all, before);
  all.owners[set] = row + 1;
  all.setOf[row] = set;
  return set;
}

/** Adds a comb to `count` rows, each `step` after the one before; returns how many words are new. */
export function addToRows(all: RowSets, first: number, count: number, step: number, comb: Comb): number {
  if (count === 1) return mark(all, ownSet(all, first), comb);
  const { setOf } = all;
  let sum = 0;
  // The last two sets met and what became of them: seldom are there more.
  let [last, lastNext, lastAdded] = [-1, 0, 0];
  let [other, otherNext, otherAdded] = [-1, 0, 0];
  for (let row = first, left = count; left > 0; row += step, left -= 1) {
    const set = setOf[row] ?? 0;
    if (set !== last) {
      const [again, next, added] = [other, otherNext, otherAdded];
      [other, otherNext, otherAdded] = [last, lastNext, lastAdded];
      if (set === again) [last, lastNext, lastAdded] = [again, next, added];
      else {
        last = set;
        lastNext = copyOf(all, set);
        all.owners[lastNext] = 0;
        lastAdded = mark(all, lastNext, comb);
      }
    }
    setOf[row] = lastNext;
    sum += lastAdded;
  }
  return sum;
}

function copyOf(all: RowSets, set: number): number {
  const { stride } = all;
  const copy = all.sets;
  if ((copy + 1) * stride > all.bits.length) {
    all.bits = grown(all.bits, 2 * all.bits.length);
    all.owners = grown(all.owners, 2 * all.owners.length);
  }
  all.bits.copyWithin(copy * stride, set * stride, (set + 1) * stride);
  all.sets = copy + 1;
  return copy;
}

function mark({ bits, stride, rowWords }: RowSets, set: number, comb: Comb): number {
  const { start, length, count, step } = comb;
  const base = set * stride;
  const last = start + (count - 1) * step;
  if (length >= step) return markRun(bits, start, Math.min(rowWords, last + length), base);
  let added = 0;
  for (let from = start; from <= last && from < rowWords; from += step)
    added += markRun(bits, from, Math.min(rowWords, from + length), base);
  return added;
}

function forgetUnused(all: RowSets): void {
  const { setOf, stride, bits, owners } = all;
  const renamed = new Int32Array(all.sets);
  const [fewer, fewerOwners] = [new Int32Array(bits.length), new Int32Array(owners.length)];
  all.sets = 1;
  for (const [row, set] of setOf.entries()) {
    if (set === 0) continue;
    let name = renamed[set] ?? 0;
    if (name === 0) {
      name = all.sets;
      all.sets += 1;
      renamed[set] = name;
      fewer.set(bits.subarray(set * stride, (set + 1) * stride), name * stride);
    }
    setOf[row] = name;
  }
  all.bits = fewer;
  all.owners = fewerOwners;
}

function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
