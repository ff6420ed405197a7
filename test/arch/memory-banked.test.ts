import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sustained } from "../../src/arch/dram/sustained.ts";
import { hbmBanked } from "../../src/arch/memory-banked.ts";
import type { MemorySpec, Walk } from "../../src/arch/memory-walk.ts";
import { hertz } from "../../src/quantity.ts";
import { presetNamed } from "../validation/dram/rows.ts";

/** 12.8 GB/s a port, less than the 13.3 GB/s that a channel of this memory gives to a stream. */
const port = { width: "512 bit", addresses: "75 MHz", latency: "80 ns" };
const document = {
  kind: "hbm",
  model: "banked",
  preset: presetNamed("u280-hbm2"),
  channels: 4,
  interleave: "64 B",
  capacity: "1 GB",
  granule: "64 B",
  outstanding: 64,
  port,
  efficiency: {},
  latency: {},
  walks: { other: { pattern: "sequential" } },
};
const clock = hertz(200e6);
const memo = new Map<string, Sustained>();
const specOf = (changes: object): MemorySpec =>
  hbmBanked.resolve(hbmBanked.fields.parse({ ...document, ...changes }), { clock, tickRate: clock }, memo);
const walking = (walk: object, changes: object = {}): Walk =>
  specOf({ ...changes, walks: { other: walk } }).walks.other;
/** Bytes a second. */
const rate = ({ ticksPerBytes: [ticks, bytes] }: Walk): number => (200e6 * bytes) / ticks;

describe("rate", () => {
  test("of a stream through slow ports: ports x width x clock, less the named losses", () => {
    // 4 * 64 B = 256 B a tick of 200 MHz; half of it is lost.
    expect(walking({ pattern: "sequential" }).ticksPerBytes).toEqual([1, 256]);
    const lossy = { efficiency: { gaps: 0.5 } };
    expect(walking({ pattern: "sequential" }, lossy).ticksPerBytes).toEqual([1, 128]);
    expect(specOf(lossy).peak).toEqual({ bytes: 4 * 12.8e9 });
  });

  test("of a stream through wide ports: what the channels give, 92.6 % of 14.4 GB/s each", () => {
    const wide = { port: { ...port, width: "1024 bit" } };
    expect(rate(walking({ pattern: "sequential" }, wide)) / 1e9).toBeCloseTo(4 * 13.33, 0);
  });

  test("of scattered accesses: the addresses that a port starts, 75 M a second of 64 B", () => {
    // 4 * 4.8 GB/s: 96 B a tick.
    expect(walking({ pattern: "random" }).ticksPerBytes).toEqual([1, 96]);
    // Unless the channel gives less: 45 % of 14.4 GB/s.
    const eager = { port: { ...port, addresses: "1 GHz" } };
    expect(rate(walking({ pattern: "random" }, eager)) / 1e9).toBeCloseTo(4 * 6.5, 0);
  });

  test("of data on some channels: the ports of those", () => {
    const two = walking({ pattern: "sequential", over: 2, first: 1 });
    expect(two).toMatchObject({ ticksPerBytes: [1, 128], channels: [1, 2] });
  });

  test("of a stride that falls on one channel: one port", () => {
    const striding = walking({ pattern: "stride", bytes: "256 B" });
    expect(striding).toMatchObject({ ticksPerBytes: [1, 64], channels: [0] });
  });

  test("without a port the pins are the limit", () => {
    const { port: _, ...bare } = document;
    const { port: __, ...preset } = document.preset;
    const fields = hbmBanked.fields.parse({ ...bare, preset });
    const spec = hbmBanked.resolve(fields, { clock, tickRate: clock }, memo);
    // 32 B in 2 clocks of 1.111 ns.
    expect((spec.peak["bytes"] ?? 0) / 4).toBeCloseTo(32 / 2.222e-9, -3);
    expect(rate(spec.walks.other) / 1e9).toBeCloseTo(4 * 13.33, 0);
  });
});

describe("latency", () => {
  /** Of 1 ps ticks. */
  const nanoseconds = (walk: object, changes: object = {}): number => {
    const fields = hbmBanked.fields.parse({ ...document, ...changes, walks: { other: walk } });
    return hbmBanked.resolve(fields, { clock, tickRate: hertz(1e12) }, memo).walks.other.latency / 1e3;
  };

  test("of scattered accesses is longer than that of a stream by what rows take to open and close", () => {
    const { tRP, tRCDRD } = document.preset.timing;
    const more = nanoseconds({ pattern: "random" }) - nanoseconds({ pattern: "sequential" });
    expect(more).toBeGreaterThan(tRCDRD * 1.111 * 0.9);
    expect(more).toBeLessThan((tRP + tRCDRD) * 1.111);
  });

  test("grows by the named parts, and by the way across the switch", () => {
    const near = nanoseconds({ pattern: "sequential" });
    const parts = { latency: { crossing: "7 ns", decoding: "3 ns" } };
    expect(nanoseconds({ pattern: "sequential" }, parts) - near).toBeCloseTo(10, 3);
    const switched = { port: { ...port, switch: { latency: "15 ns", farthest: "48 ns" } } };
    expect(nanoseconds({ pattern: "sequential" }, switched)).toBe(near);
    const across = nanoseconds({ pattern: "sequential", crosses: 0.5 }, switched);
    expect(across - near).toBeCloseTo(15 + 24, 2);
  });
});

test("walks that a channel sees alike are simulated once, on whatever tick and over however many channels", () => {
  const seen = new Map<string, Sustained>();
  const walks = { other: { pattern: "random" }, scattered: { pattern: "chunk", bytes: "64 B", over: 2 } };
  const fields = hbmBanked.fields.parse({ ...document, walks });
  hbmBanked.resolve(fields, { clock, tickRate: clock }, seen);
  hbmBanked.resolve(fields, { clock, tickRate: hertz(1e12) }, seen);
  expect(seen.size).toBe(1);
});

describe("counts and energy", () => {
  const spec = specOf({
    walks: { other: { pattern: "sequential" }, scattered: { pattern: "random" } },
  });
  const read = (walk: string, bytes: number) =>
    hbmBanked.cost(spec, { direction: "read", bytes, walk }).counts;
  const joules = (counts: ReturnType<typeof read>): number =>
    Object.entries(counts).reduce(
      (sum, [action, count]) =>
        sum + (spec.energy?.actions[action] ?? Number.NaN) * (typeof count === "number" ? count : Number.NaN),
      0,
    );

  test("a stream opens each row of 1 KiB about once, scattered accesses open one for each command", () => {
    // The lowest bit of an address chooses the bank group: the two commands of 64 B go to two banks.
    const mebibyte = 2 ** 20;
    expect(read("other", mebibyte)["activates"]).toBeGreaterThanOrEqual(1024);
    expect(read("other", mebibyte)["activates"]).toBeLessThan(1.1 * 1024);
    expect(read("scattered", mebibyte)["activates"]).toBeGreaterThan(0.98 * 32768);
    expect(read("scattered", mebibyte)["activates"]).toBeLessThanOrEqual(32768);
  });

  test("the bytes of each walk are counted apart; a walk that it does not know is the other", () => {
    expect(read("scattered", 4096)).toMatchObject({ readBytes: 4096, "walk.scattered": 4096 });
    expect(read("unheard of", 4096)).toMatchObject({ readBytes: 4096, "walk.other": 4096 });
  });

  test("scattered traffic costs more joules, by the activates that it takes", () => {
    // 33 mA * 44 clk - (28 mA * 31 clk + 20 mA * 13 clk), at 1.2 V and 1.111 ns: 432 pJ.
    expect(spec.energy?.actions["activates"]).toBeCloseTo(
      1.2 * 1.111e-12 * (33 * 44 - 28 * 31 - 20 * 13),
      14,
    );
    const activates = (walk: string): number => Number(read(walk, 2 ** 20)["activates"]);
    const more = joules(read("scattered", 2 ** 20)) - joules(read("other", 2 ** 20));
    expect(more).toBeCloseTo(4.32e-10 * (activates("scattered") - activates("other")), 8);
  });

  test("a memory whose preset has no energy has no prices, and is not priced by a table", () => {
    const { currents: _, ...preset } = document.preset;
    expect(specOf({ preset }).energy).toEqual({ actions: { "walk.other": 0 }, background: 0 });
  });
});

describe("laws", () => {
  const walk = fc.oneof(
    fc.constant({ pattern: "sequential" }),
    fc.constant({ pattern: "random" }),
    fc.constantFrom("128 B", "1 KiB", "8 KiB").map((bytes) => ({ pattern: "chunk", bytes })),
    fc.constantFrom("64 B", "192 B", "512 B", "4 KiB").map((bytes) => ({ pattern: "stride", bytes })),
  );

  test("no walk is faster than the ports and pins of its channels", () => {
    fc.assert(
      fc.property(walk, fc.constantFrom(1, 2, 4), fc.constantFrom(undefined, port), (each, over, way) => {
        const { port: _, ...bare } = document;
        const fields = {
          ...bare,
          ...(way === undefined ? {} : { port: way }),
          walks: { other: { ...each, over } },
        };
        const spec = hbmBanked.resolve(hbmBanked.fields.parse(fields), { clock, tickRate: clock }, memo);
        const peak = ((spec.peak["bytes"] ?? 0) * spec.walks.other.channels.length) / 4;
        expect(rate(spec.walks.other)).toBeLessThanOrEqual(peak);
      }),
      { numRuns: 40 },
    );
  });

  test("more channels are never slower on streams", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3), (channels) => {
        const stream = (over: number): number => rate(walking({ pattern: "sequential", over }));
        expect(stream(channels + 1)).toBeGreaterThan(stream(channels));
      }),
    );
  });
});
