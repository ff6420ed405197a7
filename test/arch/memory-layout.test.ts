import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Layout, seenByChannel, type Walking } from "../../src/arch/memory-layout.ts";

/** 8 channels, a granule of 64 B each in turn: address a lies in channel floor(a / 64) mod 8. */
const layout: Layout = { channels: 8, interleave: 64, granule: 64, transaction: 32 };
const all = [0, 1, 2, 3, 4, 5, 6, 7];

describe("what a channel sees", () => {
  test("of a stream: a stream of its own, on every channel", () => {
    expect(seenByChannel({ pattern: "sequential" }, layout)).toEqual({
      channels: all,
      pattern: { kind: "sequential" },
      burst: Number.POSITIVE_INFINITY,
    });
  });

  test("of chunks: 1 KiB is two turns over 8 channels, so 128 B that lie together in each", () => {
    const seen = seenByChannel({ pattern: "chunk", bytes: 1024 }, layout);
    expect(seen).toEqual({ channels: all, pattern: { kind: "chunk", bytes: 128 }, burst: 128 });
  });

  test("of chunks of 256 B: one granule in each of four channels", () => {
    expect(seenByChannel({ pattern: "chunk", bytes: 256 }, layout).pattern).toEqual({
      kind: "chunk",
      bytes: 64,
    });
  });

  test("of random accesses: whole granules; single commands where a granule is one", () => {
    expect(seenByChannel({ pattern: "random" }, layout).pattern).toEqual({ kind: "chunk", bytes: 64 });
    const fine = { ...layout, granule: 32 };
    expect(seenByChannel({ pattern: "random" }, fine)).toMatchObject({
      pattern: { kind: "random" },
      burst: 32,
    });
  });

  test("of steps as long as a turn: all in one channel, where they are neighbours", () => {
    // 512 B = 8 granules: channel 0 each time, granule 0, 1, 2 .. there.
    expect(seenByChannel({ pattern: "stride", bytes: 512 }, layout)).toMatchObject({
      channels: [0],
      pattern: { kind: "sequential" },
    });
  });

  test("of steps of three granules: every channel, each every eighth step, 3 * 64 B further on", () => {
    // Channels 0, 3, 6, 1, 4, 7, 2, 5, 0: after 8 steps 1536 B on, 192 B in the channel.
    expect(seenByChannel({ pattern: "stride", bytes: 192 }, layout)).toMatchObject({
      channels: all,
      pattern: { kind: "stride", bytes: 192, pieceBytes: 64 },
      burst: 64,
    });
  });

  test("of 4 streams: 4 streams, staggered by its share", () => {
    const walk: Walking = { pattern: "streams", streams: 4, stagger: 8192 };
    expect(seenByChannel(walk, layout).pattern).toEqual({ kind: "streams", streams: 4, staggerBytes: 1024 });
  });
});

test("strides meet the channels, and are there the strides, that walking address by address shows", () => {
  const powers = (from: number, to: number) => fc.integer({ min: from, max: to }).map((power) => 2 ** power);
  fc.assert(
    fc.property(powers(0, 5), fc.integer({ min: 1, max: 200 }), (channels, granules) => {
      const bytes = 64 * granules;
      const seen = seenByChannel({ pattern: "stride", bytes }, { ...layout, channels });
      const places = Array.from({ length: 4 * channels }, (_, step) => {
        const granule = (step * bytes) / 64;
        return { channel: granule % channels, local: 64 * Math.floor(granule / channels) };
      });
      expect(new Set(places.map(({ channel }) => channel))).toEqual(new Set(seen.channels));
      const [first = 0, second = 0] = places.flatMap(({ channel, local }) => (channel === 0 ? [local] : []));
      const step = second - first;
      expect(seen.pattern).toEqual(
        step === 64 ? { kind: "sequential" } : { kind: "stride", bytes: step, pieceBytes: 64 },
      );
    }),
  );
});
