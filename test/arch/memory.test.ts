import { describe, expect, test } from "vitest";
import { ddr, hbm } from "../../src/arch/memory.ts";
import { hertz } from "../../src/quantity.ts";
import { amountAt } from "../amount.ts";

const clock = hertz(200e6);
const document = {
  kind: "hbm",
  channels: 32,
  width: "512 bit",
  transfersPerCycle: 1,
  capacity: "8 GB",
  granule: "64 B",
  efficiency: {},
  latency: {},
};
const fields = hbm.fields.parse({
  ...document,
  efficiency: { refresh: 0.8, turnaround: 0.625 },
  latency: { controller: "7 ns", array: "3 ns" },
});
const spec = hbm.resolve(fields, { clock, tickRate: clock });

describe("rate", () => {
  test("channels x width x clock, less the product of the losses", () => {
    // 32 * 64 B = 2048 B a cycle; 0.8 * 0.625 = 0.5 of that arrives.
    expect(spec.walks.other.ticksPerBytes).toEqual([1, 1024]);
    expect(spec.peak).toEqual({ bytes: 409.6e9 });
    const read = (bytes: number) => hbm.cost(spec, { direction: "read", bytes }).occupancy;
    expect([read(0), read(1), read(1024), read(1025)]).toEqual([0, 1, 1, 2]);
  });

  test("is a ratio of whole numbers, so that no traffic is large enough to round wrongly", () => {
    // 3 channels of a byte at 100 MHz on a tick of 10 ns: 3 B a tick.
    const odd = { ...fields, channels: 3, efficiency: {} };
    const byte = hbm.fields.parse({ ...document, width: "8 bit" }).width;
    const narrow = hbm.resolve({ ...odd, width: byte }, { clock: hertz(100e6), tickRate: hertz(100e6) });
    expect(narrow.walks.other.ticksPerBytes).toEqual([1, 3]);
    const ticks = (bytes: number) => hbm.cost(narrow, { direction: "read", bytes }).occupancy;
    expect(ticks(3e12)).toBe(1e12);
    expect(ticks(3e12 + 1)).toBe(1e12 + 1);
  });

  test("a double data rate port moves twice as much", () => {
    // 2 * 8 B * 2 * 1.2 GHz = 38.4 GB/s: 192 B in each tick of 5 ns.
    const card = ddr.resolve(
      ddr.fields.parse({ ...document, kind: "ddr", channels: 2, width: "64 bit", transfersPerCycle: 2 }),
      { clock: hertz(1.2e9), tickRate: hertz(200e6) },
    );
    expect(card.peak).toEqual({ bytes: 38.4e9 });
    expect(card.walks.other.ticksPerBytes).toEqual([1, 192]);
  });
});

describe("latency", () => {
  test("its named parts are rounded up one by one and add up", () => {
    // 7 ns are 1.4 cycles of 5 ns, 3 ns are 0.6.
    expect(spec.walks.other.latency).toBe(2 + 1);
    expect(hbm.resolve({ ...fields, latency: {} }, { clock, tickRate: clock }).walks.other.latency).toBe(0);
  });
});

describe("granule", () => {
  const write = (bytes: number, chunk?: number) =>
    hbm.cost(spec, { direction: "write", bytes, ...(chunk === undefined ? {} : { chunk }) });

  test("pieces smaller than an access move a whole access each", () => {
    // 128 B in elements of 2 B: 64 accesses of 64 B.
    expect(write(128, 2)).toEqual({ occupancy: 4, latency: 3, counts: { writeBytes: 4096 } });
    // The last, shorter piece is an access too.
    expect(write(129, 2).counts).toEqual({ writeBytes: 65 * 64 });
  });

  test("pieces of an access or more move what they hold", () => {
    expect(write(128, 64)).toEqual({ occupancy: 1, latency: 3, counts: { writeBytes: 128 } });
    expect(write(128)).toEqual(write(128, 64));
  });
});

describe("growing traffic", () => {
  const bytes = { loop: "decode", base: 128, step: 128, per: 1 };

  test("grows in ticks as in bytes, rounded up at each iteration", () => {
    const { occupancy, counts } = hbm.cost(spec, { direction: "read", bytes });
    // 128 B more each time at 1024 B a tick: the eighth fills the first tick.
    expect([0, 7, 8, 15, 16].map((i) => amountAt(occupancy, i))).toEqual([1, 1, 2, 2, 3]);
    expect(counts).toEqual({ readBytes: bytes });
  });

  test("cannot be scattered in pieces of several bytes: that would round twice", () => {
    expect(() => hbm.cost(spec, { direction: "read", bytes, chunk: 2 })).toThrow(RangeError);
  });
});
