import fc from "fast-check";
import { expect, test } from "vitest";
import { ROW_HIT_FIRST, rowHitFirstModel } from "../../../src/arch/dram/controller.ts";
import { commandEnergy, dramEnergy } from "../../../src/arch/dram/energy.ts";
import { channelBytes } from "../../../src/arch/dram/organization.ts";
import { type MemoryPreset, peakBytesPerSecond, presetProblems } from "../../../src/arch/dram/preset.ts";
import { type Run, replay, replayOn } from "../../../src/arch/dram/replay.ts";
import type { Pattern } from "../../../src/arch/dram/sequence.ts";
import { presetFiles, presetNamed } from "../../validation/dram/rows.ts";

const presets = presetFiles().map(presetNamed);
const anyPreset = fc.constantFrom(...presets);
const anyPattern = fc.oneof(
  fc.constant<Pattern>({ kind: "sequential" }),
  fc.constant<Pattern>({ kind: "random" }),
  fc.integer({ min: 6, max: 16 }).map((power): Pattern => ({ kind: "stride", bytes: 2 ** power })),
  fc.integer({ min: 6, max: 12 }).map((power): Pattern => ({ kind: "chunk", bytes: 2 ** power })),
  fc
    .integer({ min: 1, max: 4 })
    .map((power): Pattern => ({ kind: "streams", streams: 2 ** power, staggerBytes: 0 })),
);
const stream = (requests = 3000, outstanding = 64): Run => ({
  traffic: { pattern: { kind: "sequential" }, writePercent: 0 },
  arrivals: { kind: "closed", outstanding },
  requests,
  warmUp: 200,
});

test("nothing is ever above the peak", () => {
  fc.assert(
    fc.property(anyPreset, anyPattern, fc.constantFrom(0, 10, 50, 100), (preset, pattern, writePercent) => {
      const run = { ...stream(1500), traffic: { pattern, writePercent } };
      // Posted writes may be done before they are written, by what the queues hold.
      const posted = writePercent === 0 ? 0 : 0.15;
      expect(replay(preset, run).bytesPerSecond).toBeLessThanOrEqual(
        peakBytesPerSecond(preset) * (1.002 + posted),
      );
    }),
    { numRuns: 60 },
  );
});

test("more banks are never slower on a stream", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...presets.filter(({ organization }) => organization.banks < 8)),
      (preset) => {
        const { organization } = preset;
        const half = { ...preset, organization: { ...organization, banks: organization.banks / 2 } };
        if (organization.banks < 2) return;
        // Where the refresh falls in a row differs, which is worth a few clocks in a thousand.
        expect(replay(preset, stream(6000)).efficiency).toBeGreaterThan(
          replay(half, stream(6000)).efficiency - 0.005,
        );
      },
    ),
    { numRuns: 12 },
  );
});

test("a larger window is never slower on a stream", () => {
  const bounds = fc.tuple(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }));
  fc.assert(
    fc.property(anyPreset, bounds, (preset, [a, b]) => {
      const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
      // A stream longer than many refreshes; a round robin may fall into a worse turn by 0.22 % (docs/memory.md).
      const slow = replay(preset, stream(30_000, fewer)).efficiency;
      expect(replay(preset, stream(30_000, more)).efficiency).toBeGreaterThan(slow - 0.003);
    }),
    { numRuns: 30 },
  );
});

test("more channels are never slower on a stream", () => {
  const preset = presetNamed("hbm2-1800-u280");
  const rates = [1, 2, 4].map(
    (channels) =>
      replayOn(rowHitFirstModel(ROW_HIT_FIRST), preset, {
        ...stream(4000 * channels, 64 * channels),
        channels,
        perClock: channels,
        mapping: "ro ra ba co bg ch",
      }).bytesPerSecond,
  );
  expect(rates[1]).toBeGreaterThan((rates[0] ?? 0) * 1.9);
  expect(rates[2]).toBeGreaterThan((rates[1] ?? 0) * 1.9);
});

test("two streams on disjoint channels do not slow each other", () => {
  const preset = presetNamed("hbm2-1800-u280");
  const model = rowHitFirstModel(ROW_HIT_FIRST);
  const alone = replayOn(model, preset, stream(4000));
  // The channel is the top bit: each of two streams walks a channel of its own, taking turns, two requests a clock.
  const pattern: Pattern = { kind: "streams", streams: 2, staggerBytes: 0 };
  const both = replayOn(model, preset, {
    ...stream(8000, 128),
    traffic: { pattern, writePercent: 0 },
    channels: 2,
    perClock: 2,
    mapping: "ch ro ra ba co bg",
  });
  expect(channelBytes(preset) % 2).toBe(0);
  expect(both.efficiency).toBeCloseTo(alone.efficiency, 2);
});

test("energy grows with each activate", () => {
  const each = { activate: 10, read: 1, write: 1, refresh: 5, openClock: 0.1, closedClock: 0.1, pins: 0 };
  const counts = { activates: 1, reads: 100, writes: 0, refreshes: 0 };
  const more = { ...counts, activates: 2 };
  expect(dramEnergy(each, more, 50, 0).total - dramEnergy(each, counts, 50, 0).total).toBe(10);
});

test("scattered transactions take more activates and more joules than whole rows", () => {
  const priced = presets.filter((preset) => commandEnergy(preset) !== undefined);
  expect(priced.length).toBeGreaterThan(5);
  for (const preset of priced) {
    const { transactionBytes, rowBytes } = preset.organization;
    const [scattered, rows] = [transactionBytes, 2 * rowBytes].map((bytes) => {
      const traffic = { pattern: { kind: "chunk", bytes }, writePercent: 0 } as const;
      const { counts, rankClocks, closedClocks } = replay(preset, { ...stream(4000), traffic });
      const each = commandEnergy(preset) ?? expect.fail();
      return {
        activates: counts.activates,
        joules: dramEnergy(each, counts, rankClocks, closedClocks).total,
      };
    });
    expect(scattered?.activates).toBeGreaterThan(2 * (rows?.activates ?? Number.NaN));
    expect(scattered?.joules).toBeGreaterThan(rows?.joules ?? Number.NaN);
  }
});

test("the same run gives the same answer", () => {
  const run = { ...stream(), traffic: { pattern: { kind: "random" }, writePercent: 50 } } as const;
  const preset: MemoryPreset = presetNamed("lpddr5-6400");
  expect(replay(preset, run)).toEqual(replay(preset, run));
});

/** Organizations that no shipped preset has: one bank, no groups, stacks, four ranks, bursts of any length. */
const anyOwnPreset = fc
  .record({
    base: anyPreset,
    controller: fc.constantFrom("row-hit-first" as const, "bank-queues" as const),
    ranks: fc.constantFrom(1, 2, 4),
    stacks: fc.constantFrom(1, 2, 4),
    bankGroups: fc.constantFrom(1, 2, 8),
    banks: fc.constantFrom(1, 2, 4),
    columns: fc.constantFrom(1, 4, 32),
    burst: fc.integer({ min: 1, max: 16 }),
    order: fc.shuffledSubarray(["ro", "ra", "si", "bg", "ba", "co"], { minLength: 6 }),
  })
  .map(({ base, controller, ranks, stacks, bankGroups, banks, columns, burst, order }): MemoryPreset => {
    const { transactionBytes } = base.organization;
    const rowBytes = columns * transactionBytes;
    const apart = burst + 2;
    return {
      ...base,
      controller,
      organization: { ranks, stacks, bankGroups, banks, rows: 4096, rowBytes, transactionBytes },
      timing: { ...base.timing, BL: burst, tCCD_R: base.timing.tCCD_S + 1 },
      rankSwitch: { readToRead: apart, readToWrite: apart, writeToRead: apart, writeToWrite: apart },
      mapping: order.join(" "),
    };
  });

test("a preset of one's own runs in any organization and mapping, on any pattern, within the peak", () => {
  fc.assert(
    fc.property(anyOwnPreset, anyPattern, fc.constantFrom(0, 30), (preset, pattern, writePercent) => {
      const run = replay(preset, { ...stream(1000), traffic: { pattern, writePercent } });
      expect(presetProblems(preset)).toEqual([]);
      expect(run.bytesPerSecond).toBeGreaterThan(0);
      expect(run.readLatencyCycles).toBeGreaterThanOrEqual(preset.timing.CL + preset.timing.BL);
      if (writePercent === 0)
        expect(run.bytesPerSecond).toBeLessThanOrEqual(1.002 * peakBytesPerSecond(preset));
    }),
    { numRuns: 80 },
  );
});
