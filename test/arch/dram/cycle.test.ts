import fc from "fast-check";
import { expect, test } from "vitest";
import { ROW_HIT_FIRST, rowHitFirstModel } from "../../../src/arch/dram/controller.ts";
import { type Run, replay, replayOn } from "../../../src/arch/dram/replay.ts";
import { presetNamed } from "../../validation/dram/rows.ts";

test("skipping the repetitions of a stream changes nothing at all", () => {
  const presets = ["hbm2-1800-u280", "ddr4-2400", "hbm3-6400", "lpddr5-6400", "gddr6-14000"].map(presetNamed);
  const orders = fc.constantFrom("ro ra ba co bg", "ro ra ba bg co", "ro ra co ba bg", "ro bg1 ra ba co bg0");
  fc.assert(
    fc.property(
      fc.constantFrom(...presets),
      orders,
      fc.constantFrom(0, 100),
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 20_000, max: 250_000 }),
      (full, mapping, writePercent, outstanding, requests) => {
        // A small refresh interval, so that states come again within a short run.
        const preset = {
          ...full,
          organization: { ...full.organization, rowBytes: 8 * full.organization.transactionBytes },
          timing: { ...full.timing, tREFI: full.timing.tRFC + 300 },
        };
        const run: Run = {
          traffic: { pattern: { kind: "sequential" }, writePercent },
          arrivals: { kind: "closed", outstanding },
          requests,
          warmUp: 1000,
          mapping,
        };
        expect(replay(preset, run)).toEqual(replayOn(rowHitFirstModel(ROW_HIT_FIRST), preset, run));
      },
    ),
    { numRuns: 12 },
  );
});

test("a stream of a thousand million requests is skipped, not simulated", () => {
  const run = (requests: number): Run => ({
    traffic: { pattern: { kind: "sequential" }, writePercent: 0 },
    arrivals: { kind: "closed", outstanding: 64 },
    requests,
    warmUp: 2000,
  });
  const long = replay(presetNamed("hbm2-1800-u280"), run(1e9));
  expect(long.counts.reads).toBe(1e9 + 2000);
  expect(long.efficiency).toBeCloseTo(0.924, 3);
});
