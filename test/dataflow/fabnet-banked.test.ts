import { expect, test } from "vitest";
import { reportOf } from "../library.ts";

const latency = (machine: string, set: readonly string[] = []): number =>
  reportOf(machine, "fabnet-base", ["workload.sequence=1024", ...set]).totals.latencySeconds;
const interleaved = (bytes: string): readonly string[] =>
  ["input", "output"].map((memory) => `hardware.units.${memory}.interleave=${bytes}`);
const banked = "fabnet-vcu128-be120-banked";

test("takes what it takes by rate where columns come in bursts of a port", () => {
  expect(Math.abs(latency(banked) / latency("fabnet-vcu128-be120") - 1)).toBeLessThan(0.001);
});

test("takes longer where each beat of a column is an address of its own", () => {
  expect(latency(banked, interleaved("32 B"))).toBeGreaterThan(1.1 * latency(banked));
});

test("tells the bytes of rows and columns, and of each channel, though nothing is held", () => {
  const { memories } = reportOf(banked, "fabnet-base", ["workload.sequence=1024"]);
  const input = memories.find(({ memory }) => memory === "input");
  const moved = Object.fromEntries((input?.walks ?? []).map(({ walk, bytes }) => [walk, bytes]));
  // 12 layers, 1024 tokens, 768 wide, two bytes: the transform along the sequence reads real numbers by columns.
  const matrix = 12 * 1024 * 768 * 2;
  // The one over the hidden size reads complex ones, four butterflies side by side the widening layer's, and 4 * 768 the narrowing one.
  expect(moved).toEqual({ columns: matrix, rows: (2 + 4 + 4) * matrix, other: 0 });
  expect(input?.channels?.bytes).toEqual(Array.from({ length: 8 }, () => (11 * matrix) / 8));
  expect(memories.map(({ memory }) => memory)).toEqual(["input", "output", "coefficients"]);
  expect(input?.peakBytes).toBe(0);
});
