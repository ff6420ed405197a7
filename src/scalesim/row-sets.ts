/**
 * The words of an image that are held: a set for each of its rows. Rows that hold the same share one set, and what becomes of a
 * set to which a comb of words is added is worked out once, however many rows the image has and however often they are brought back.
 */
import { combMasks, markComb, markRun } from "./marks.ts";

export interface RowSets {
  /** The set of each row; set 0 is empty. */
  readonly setOf: Int32Array;
  /** The sets of the rows when they were kept last, in each of two places. */
  readonly kept: readonly [Int32Array, Int32Array];
  readonly rowWords: number;
  /** Integers of one set's bits. */
  readonly stride: number;
  bits: Int32Array;
  /** For each set the row that alone may change it, plus one; 0 where it stays as it is, since several rows may share it. */
  owners: Int32Array;
  sets: number;
  /** Sets below stay as they are: they may be those of `kept` too. */
  frozen: number;
  /** For each set the last of its additions, and all of them. */
  lastAddition: Int32Array;
  additions: Addition[];
  /** Of `combMasks`, by length. */
  readonly masks: (Int32Array | undefined)[];
}

/** What becomes of a set when a comb is added. */
interface Addition extends Comb {
  readonly set: number;
  readonly added: number;
  /** The addition to the same set before this one; -1 for none. */
  readonly before: number;
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
  const room = 64;
  return {
    setOf: new Int32Array(rows),
    kept: [new Int32Array(rows), new Int32Array(rows)],
    rowWords,
    stride,
    bits: new Int32Array(room * stride),
    owners: new Int32Array(room),
    sets: 1,
    frozen: 1,
    lastAddition: new Int32Array(room).fill(-1),
    additions: [],
    masks: [],
  };
}

/** All rows hold nothing. */
export function empty(all: RowSets): void {
  all.setOf.fill(0);
  if (all.sets > mostSets(all)) forgetAll(all);
  all.frozen = all.sets;
}

/** Keeps the rows as they are, to come back to them; what is kept in the second place is lost when something is in the first. */
export function keep(all: RowSets, place: 0 | 1): void {
  if (place === 0 && all.sets > mostSets(all)) forgetUnused(all);
  all.kept[place].set(all.setOf);
  all.frozen = all.sets;
}

/** Brings back the rows as they were kept. */
export function comeBack(all: RowSets, place: 0 | 1): void {
  all.setOf.set(all.kept[place]);
  all.frozen = all.sets;
}

/** Sets that are not used any more are forgotten when there are so many. */
const mostSets = ({ setOf }: RowSets): number => 256 + 4 * setOf.length;

export const holds = ({ setOf, bits, stride }: RowSets, row: number, word: number): boolean =>
  ((bits[(setOf[row] ?? 0) * stride + (word >>> 5)] ?? 0) & (1 << (word & 31))) !== 0;

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
  if (count === 1) return addComb(all, ownSet(all, first), comb);
  const { setOf } = all;
  const end = first + count * step;
  let sum = 0;
  for (let row = first; row < end; ) {
    const set = setOf[row] ?? 0;
    const { set: next, added } = additionTo(all, set, comb);
    const begin = row;
    do {
      setOf[row] = next;
      row += step;
    } while (row < end && setOf[row] === set);
    sum += ((row - begin) / step) * added;
  }
  return sum;
}

function additionTo(all: RowSets, set: number, comb: Comb): Addition {
  const { start, length, count, step } = comb;
  const before = all.lastAddition[set] ?? -1;
  for (let index = before; index >= 0; ) {
    const known = all.additions[index];
    if (known === undefined) break;
    if (known.start === start && known.length === length && known.count === count && known.step === step)
      return known;
    index = known.before;
  }
  const next = copyOf(all, set);
  // From now on what the set becomes is known, so it must not change.
  all.owners[set] = 0;
  all.owners[next] = 0;
  all.lastAddition[set] = all.additions.length;
  const addition = { start, length, count, step, set: next, added: addComb(all, next, comb), before };
  all.additions.push(addition);
  return addition;
}

function copyOf(all: RowSets, set: number): number {
  const { stride } = all;
  const copy = all.sets;
  if ((copy + 1) * stride > all.bits.length) {
    all.bits = grown(all.bits, 2 * all.bits.length);
    all.owners = grown(all.owners, 2 * all.owners.length);
    all.lastAddition = grown(all.lastAddition, 2 * all.lastAddition.length);
  }
  all.bits.copyWithin(copy * stride, set * stride, (set + 1) * stride);
  all.lastAddition[copy] = -1;
  all.sets = copy + 1;
  return copy;
}

/** Adds a comb to a set that one row alone has; returns how many words are new. */
export function addComb(all: RowSets, set: number, comb: Comb): number {
  const { bits, stride, rowWords } = all;
  const { start, length, count, step } = comb;
  const base = set * stride;
  const end = start + (count - 1) * step + length;
  const last = end < rowWords ? end : rowWords;
  if (length >= step || count === 1) return markRun(bits, start, last, base);
  if (step < 32) return markComb(bits, start, last, length, masksOf(all, length, step), base);
  let added = 0;
  for (let from = start; from < last; from += step)
    added += markRun(bits, from, Math.min(last, from + length), base);
  return added;
}

/** Images have one step. */
function masksOf({ masks }: RowSets, length: number, step: number): Int32Array {
  const known = masks[length];
  if (known !== undefined && known.length === step) return known;
  const made = combMasks(length, step);
  masks[length] = made;
  return made;
}

function forgetAll(all: RowSets): void {
  all.lastAddition[0] = -1;
  all.additions = [];
  all.sets = 1;
}

function forgetUnused(all: RowSets): void {
  const { setOf, stride, bits, owners } = all;
  const renamed = new Int32Array(all.sets);
  const [fewer, fewerOwners] = [new Int32Array(bits.length), new Int32Array(owners.length)];
  forgetAll(all);
  for (const [row, set] of setOf.entries()) {
    if (set === 0) continue;
    let name = renamed[set] ?? 0;
    if (name === 0) {
      name = all.sets;
      all.sets += 1;
      all.lastAddition[name] = -1;
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
