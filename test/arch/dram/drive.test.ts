import fc from "fast-check";
import { expect, test } from "vitest";
import { replay } from "../../../src/arch/dram/replay.ts";
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
