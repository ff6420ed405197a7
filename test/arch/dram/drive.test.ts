import fc from "fast-check";
import { expect, test } from "vitest";
import { ROW_HIT_FIRST, rowHitFirstModel } from "../../../src/arch/dram/controller.ts";
import { replay, replayOn } from "../../../src/arch/dram/replay.ts";
import type { Pattern } from "../../../src/arch/dram/sequence.ts";
import { presetFiles, presetNamed } from "../../validation/dram/rows.ts";

const anyPreset = fc.constantFrom(...presetFiles().map(presetNamed));

test("one request at a time goes on after a write as after a read", () => {
  fc.assert(
    fc.property(anyPreset, fc.constantFrom(0, 10, 50, 100), (preset, writePercent) => {
      const run = replay(preset, {
        traffic: { pattern: { kind: "random" }, writePercent },
        arrivals: { kind: "idle", gap: 150, jitter: 97 },
        requests: 200,
        warmUp: 10,
      });
      // From one to the next at least 150 clocks, 246 and what a refresh and a request take at most.
      expect(run.cycles).toBeGreaterThan(200 * 150);
      expect(run.cycles).toBeLessThan(200 * (246 + 100) + 20 * preset.timing.tRFC);
    }),
    { numRuns: 40 },
  );
});

test("a controller that is stepped only when it asks does what one stepped at every tick does", () => {
  const model = rowHitFirstModel(ROW_HIT_FIRST);
  const everyTick = { ...model, next: (_: unknown, t: number) => t + 1 };
  const patterns: readonly Pattern[] = [
    { kind: "random" },
    { kind: "sequential" },
    { kind: "chunk", bytes: 256 },
    { kind: "streams", streams: 3, staggerBytes: 1024 },
  ];
  fc.assert(
    fc.property(
      anyPreset,
      fc.constantFrom(...patterns),
      fc.constantFrom(0, 0, 10, 50, 100),
      fc.constantFrom(1, 7, 64),
      (preset, pattern, writePercent, outstanding) => {
        const run = {
          traffic: { pattern, writePercent },
          arrivals: { kind: "closed", outstanding },
          requests: 3000,
          warmUp: 100,
        } as const;
        expect(replayOn(model, preset, run)).toEqual(replayOn(everyTick, preset, run));
      },
    ),
    { numRuns: 60 },
  );
});
