/**
 * Request sequences: the standard patterns, replayed address by address.
 * Models: sequential, strided, random, random chunks, interleaved streams; reads, writes and mixes.
 * Ignores: data; what a master does between requests (see replay.ts).
 * Source: the definitions that the reference runs of Ramulator 2.1 and DRAMsim3 used (test/validation/dram/README.md).
 */
export type Pattern =
  | { readonly kind: "sequential" }
  /** Steps of `bytes`, with `pieceBytes` read at each, one transaction where absent; with a window, over and over the same addresses. */
  | {
      readonly kind: "stride";
      readonly bytes: number;
      readonly pieceBytes?: number;
      readonly windowBytes?: number;
    }
  | { readonly kind: "random" }
  | { readonly kind: "chunk"; readonly bytes: number }
  | { readonly kind: "streams"; readonly streams: number; readonly staggerBytes: number };

export interface Traffic {
  readonly pattern: Pattern;
  /** Share of writes in percent; 0 and 100 draw no random number. */
  readonly writePercent: number;
}

/** The address space that a sequence walks, in bytes. */
export interface Space {
  readonly bytes: number;
  readonly transactionBytes: number;
  readonly rowBytes: number;
}

/** Gives the next request: twice the transaction number, plus one for a write. */
export type Next = () => number;

/** A 32-bit xorshift generator (13, 17, 5); gives its state as a signed number. */
export function xorshift32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

/** A number below `n`: the next unsigned number modulo n. */
export function below(random: () => number, n: number): number {
  const mask = n - 1;
  return (n & mask) === 0 && n <= 2 ** 30 ? random() & mask : (random() >>> 0) % n;
}

/** As `below` with one n, many times. */
function uniform(random: () => number, n: number): () => number {
  const mask = (n - 1) | 0;
  return (n & mask) === 0 && n <= 2 ** 30 ? () => random() & mask : () => below(random, n);
}

export const ADDRESS_SEED = 0x12345678;
export const ARRIVAL_SEED = 0x9e3779b9;

/** A fresh run through a sequence. The generator is shared with the caller where it also draws the gaps between requests. */
export function sequence(traffic: Traffic, space: Space, random = xorshift32(ADDRESS_SEED)): Next {
  const next = addresses(traffic, space, random);
  const { writePercent } = traffic;
  if (writePercent <= 0) return () => 2 * next(0);
  if (writePercent >= 100) return () => 2 * next(1) + 1;
  return () => {
    const write = below(random, 100) < writePercent ? 1 : 0;
    return 2 * next(write) + write;
  };
}

/** Transaction numbers in order; the argument is 1 for a write. */
function addresses(traffic: Traffic, space: Space, random: () => number): (write: number) => number {
  const { pattern } = traffic;
  const capacity = space.bytes / space.transactionBytes;
  const mixed = traffic.writePercent > 0 && traffic.writePercent < 100;
  switch (pattern.kind) {
    case "sequential":
      return mixed ? halves(capacity, space) : sequential(capacity);
    case "stride":
      return pattern.windowBytes === undefined
        ? strided(
            capacity,
            pattern.bytes / space.transactionBytes,
            (pattern.pieceBytes ?? space.transactionBytes) / space.transactionBytes,
          )
        : windowed(pattern.windowBytes / pattern.bytes, pattern.bytes / space.transactionBytes);
    case "random":
      return uniform(random, capacity);
    case "chunk":
      return chunks(capacity, pattern.bytes / space.transactionBytes, random);
    case "streams":
      return streams(capacity, pattern.streams, pattern.staggerBytes / space.transactionBytes);
  }
}

function sequential(capacity: number): () => number {
  let index = -1;
  return () => {
    index = index + 1 === capacity ? 0 : index + 1;
    return index;
  };
}

/** Reads walk the lower half, writes the upper half from three rows on, so that the two do not share rows in step. */
function halves(capacity: number, space: Space): (write: number) => number {
  const half = capacity / 2;
  const ahead = (3 * space.rowBytes) / space.transactionBytes;
  const at = [-1, -1];
  return (write) => {
    const index = (at[write] ?? 0) + 1;
    at[write] = index;
    return write === 0 ? index % half : half + ((ahead + index) % half);
  };
}

function strided(capacity: number, stride: number, piece: number): () => number {
  const turns = Math.floor(capacity / stride);
  let index = 0;
  let within = -1;
  return () => {
    within += 1;
    if (within === piece) {
      within = 0;
      index += 1;
    }
    const step = Math.floor((index % turns) * stride);
    return (step + Math.floor(index / turns) * piece + within) % capacity;
  };
}

function windowed(steps: number, stride: number): () => number {
  let index = -1;
  return () => {
    index = index + 1 >= steps ? 0 : index + 1;
    return Math.floor(index * stride);
  };
}

function chunks(capacity: number, chunk: number, random: () => number): () => number {
  const whole = Math.floor(chunk);
  let base = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      base = Math.floor(below(random, Math.floor(capacity / chunk)) * chunk);
      left = whole;
    }
    left -= 1;
    return base + whole - 1 - left;
  };
}

function streams(capacity: number, count: number, stagger: number): () => number {
  let index = -1;
  return () => {
    index += 1;
    const stream = index % count;
    const base = Math.floor((stream * capacity) / count);
    return (base + stream * stagger + Math.floor(index / count)) % capacity;
  };
}
