import { expect, test } from "vitest";
import { type SustainedMemo, sustained } from "../../../src/arch/dram/sustained.ts";
import { presetNamed } from "../../validation/dram/rows.ts";

const preset = presetNamed("hbm2-1800-u280");

test("a stream gets nine tenths of the peak, scattered bursts less than half", () => {
  const memo: SustainedMemo = new Map();
  const stream = sustained(preset, { pattern: { kind: "sequential" }, writePercent: 0 }, memo);
  const scattered = sustained(preset, { pattern: { kind: "random" }, writePercent: 0 }, memo);
  expect(stream.efficiency).toBeCloseTo(0.926, 2);
  expect(scattered.efficiency).toBeCloseTo(0.45, 2);
  expect(scattered.joulesPerByte ?? 0).toBeGreaterThan(1.5 * (stream.joulesPerByte ?? 0));
  // one activate for each 32 B against one for each 1 KB
  expect(scattered.perByte.activates / stream.perByte.activates).toBeGreaterThan(20);
});

test("the first word takes tRCD + CL + BL and the clock of the two-clock activate", () => {
  const { firstWordSeconds } = sustained(preset, { pattern: { kind: "random" }, writePercent: 0 }, new Map());
  // (1 + 14 + 13 + 2) clocks of 1.111 ns
  expect(firstWordSeconds * 1e9).toBeCloseTo(30 * 1.111, 6);
});

test("an answer is remembered", () => {
  const memo: SustainedMemo = new Map();
  const traffic = { pattern: { kind: "chunk", bytes: 256 }, writePercent: 0 } as const;
  expect(sustained(preset, traffic, memo)).toBe(sustained(preset, traffic, memo));
  expect(memo.size).toBe(1);
});
