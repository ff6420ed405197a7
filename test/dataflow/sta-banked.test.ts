import { expect, test } from "vitest";
import { reportOf } from "../library.ts";

const generation = ["workload.inputTokens=32", "workload.outputTokens=32"];
const rate = reportOf("sta-fpga", "gpt2", generation);
const banked = reportOf("sta-fpga-banked", "gpt2", generation);
const walk = (name: string) => banked.memories[0]?.walks?.find((each) => each.walk === name);

test("weights and keys and values go through the DDR4 by walks of their own", () => {
  // 12 layers of 768 elements of 2 B, keys and values: 32 steps read contexts of 33 to 64, and 64 positions are written.
  const position = 12 * 768 * 2 * 2;
  const contexts = (32 * (33 + 64)) / 2;
  expect(walk("cache")?.bytes).toBe(position * (contexts + 64));
  // An embedding's row of each of 64 tokens, and its position's.
  expect(walk("embedding")?.bytes).toBe(64 * 2 * 768 * 2);
  expect(walk("other")?.bytes).toBe(0);
});

test("tokens come faster as a stream gets 95 % of the pins where the rate assumes 85 %", () => {
  const perToken = (of: typeof rate): number =>
    of.totals.latencySeconds -
    (of.phases.find(({ name }) => name === "prefill")?.latencySeconds ?? Number.NaN);
  expect(walk("weights")?.shareOfPeak).toBeCloseTo(0.955, 3);
  // All but 0.7 % of the bytes are weights; the rest, in pieces of 128 B, takes nearly twice its share.
  expect(walk("cache")?.shareOfPeak).toBeLessThan(0.65);
  expect(Math.abs(perToken(banked) / perToken(rate) / (0.85 / 0.955) - 1)).toBeLessThan(0.02);
});

test("keys and values of all heads side by side come faster than a head at a time", () => {
  const whole = "units.memory.walks.cache.bytes=1536 B";
  const wide = reportOf("sta-fpga-banked", "gpt2", [...generation, whole]);
  expect(wide.totals.latencySeconds).toBeLessThan(banked.totals.latencySeconds);
});
