/**
 * Addresses dealt out over channels: what a walk over all of them is to each one.
 * Models: interleaving at a fixed granularity, in order; which channels a walk meets, and the walk that each of them sees.
 * Ignores: hashed channel numbers; walks whose pieces straddle a granule that they need not.
 * Source: arithmetic on addresses: granule k lies in channel k mod n, as its granule k div n.
 */
import { greatestCommonDivisor } from "../amount.ts";
import type { Pattern } from "./dram/sequence.ts";

export interface Layout {
  /** Channels that consecutive granules are dealt to. */
  readonly channels: number;
  /** Bytes after which the next channel follows. */
  readonly interleave: number;
  /** The least that one access moves. */
  readonly granule: number;
  /** Of the memory's commands. */
  readonly transaction: number;
}

/** A walk over the addresses of the whole memory. Bytes are multiples of a transaction. */
export type Walking =
  | { readonly pattern: "sequential" }
  | { readonly pattern: "random" }
  | { readonly pattern: "chunk"; readonly bytes: number }
  | { readonly pattern: "stride"; readonly bytes: number }
  | { readonly pattern: "streams"; readonly streams: number; readonly stagger: number };

export interface ChannelView {
  /** Those that the walk meets, counted from the first of the layout; they share it evenly. */
  readonly channels: readonly number[];
  /** What each of them sees. */
  readonly pattern: Pattern;
  /** Bytes that lie together in one channel; infinite for a stream. */
  readonly burst: number;
}

export function seenByChannel(walk: Walking, layout: Layout): ChannelView {
  const { channels: count, granule, transaction } = layout;
  const all = Array.from({ length: count }, (_, channel) => channel);
  switch (walk.pattern) {
    case "sequential":
      return { channels: all, pattern: { kind: "sequential" }, burst: Number.POSITIVE_INFINITY };
    case "streams": {
      const staggerBytes = Math.floor(walk.stagger / count / transaction) * transaction;
      const pattern: Pattern = { kind: "streams", streams: walk.streams, staggerBytes };
      return { channels: all, pattern, burst: Number.POSITIVE_INFINITY };
    }
    case "random":
      return { channels: all, ...pieces(granule, layout) };
    case "chunk":
      return { channels: all, ...pieces(Math.max(walk.bytes, granule), layout) };
    case "stride":
      return strided(walk.bytes, layout);
  }
}

/** Pieces at random places meet all channels in the long run, each as a piece of its own. */
function pieces(bytes: number, layout: Layout): Pick<ChannelView, "pattern" | "burst"> {
  const burst = inOneChannel(bytes, layout);
  return {
    pattern: burst === layout.transaction ? { kind: "random" } : { kind: "chunk", bytes: burst },
    burst,
  };
}

/** Of a run of bytes that starts with a granule: what falls to the channel that gets most. */
const inOneChannel = (bytes: number, { channels, interleave }: Layout): number =>
  bytes <= interleave ? bytes : interleave * Math.ceil(bytes / (interleave * channels));

/**
 * Steps of a whole number of granules come back to a channel after `channels / common` steps, where `common` is the greatest
 * common divisor of that number and the channels: steps of a power of two can leave most channels alone.
 */
function strided(bytes: number, layout: Layout): ChannelView {
  const { channels: count, interleave, granule } = layout;
  const common = bytes < interleave ? 1 : greatestCommonDivisor(bytes / interleave, count);
  const channels = Array.from({ length: count / common }, (_, index) => index * common);
  const piece = Math.min(inOneChannel(granule, layout), bytes);
  const local = bytes / common;
  if (local <= piece) return { channels, pattern: { kind: "sequential" }, burst: Number.POSITIVE_INFINITY };
  return { channels, pattern: { kind: "stride", bytes: local, pieceBytes: piece }, burst: piece };
}
