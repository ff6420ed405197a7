import { expect, test } from "vitest";
import { macTree, tilesOf } from "../../src/arch/mac-tree.ts";
import { hertz } from "../../src/quantity.ts";

const fields = macTree.fields.parse({
  kind: "mac-tree",
  precision: "fp16",
  width: 64,
  lanes: 16,
  multiply: "6 cycles",
  add: "8 cycles",
  scalar: "5 cycles",
});
const clock = hertz(200e6);
const spec = macTree.resolve(fields, { clock, tickRate: clock });

test("a matrix is cut into tiles of width x lanes; edges count in full", () => {
  // 1024 / 64 = 16 tiles deep, 1024 / 16 = 64 tiles wide.
  expect(tilesOf(spec, 1024, 1024)).toBe(1024);
  // One more row and one more column: 17 x 65.
  expect(tilesOf(spec, 1025, 1025)).toBe(1105);
  expect(tilesOf(spec, 1, 1)).toBe(1);
  expect(tilesOf(spec, 0, 16)).toBe(0);
});

test("a tile takes a cycle; the result follows through multiplier, tree, accumulator and scalar unit", () => {
  // Multiplier 6; 64 products need 6 levels of adders and the accumulator one more: 7 * 8; scalar unit 5.
  expect(macTree.cost(spec, { tiles: 10, macs: 10_000, passes: ["tree", "scalar"] })).toEqual({
    occupancy: 10,
    latency: 6 + 56 + 5,
    counts: { macs: 10_000 },
  });
  expect(macTree.cost(spec, { tiles: 10, macs: 0, passes: [] }).latency).toBe(0);
});

test("a tree whose width is no power of two needs the levels of the next one", () => {
  const narrow = macTree.resolve({ ...fields, width: 48 }, { clock, tickRate: clock });
  expect(narrow.treeLatency).toBe(6 + 7 * 8);
  const single = macTree.resolve({ ...fields, width: 1 }, { clock, tickRate: clock });
  // No tree, only the accumulator.
  expect(single.treeLatency).toBe(6 + 8);
});

test("on a faster tick everything takes as many ticks more", () => {
  const fast = macTree.resolve(fields, { clock, tickRate: hertz(1.2e9) });
  const cost = macTree.cost(fast, { tiles: 10, macs: 1, passes: ["tree"] });
  expect(cost).toMatchObject({ occupancy: 60, latency: 372 });
});

test("tiles may grow with a loop", () => {
  const tiles = { loop: "decode", base: 3, step: 2, per: 1 };
  expect(macTree.cost(spec, { tiles, macs: 1, passes: [] }).occupancy).toEqual(tiles);
});

test("its peak is one MAC for each multiplier and cycle", () => {
  // 64 * 16 * 200 MHz.
  expect(spec.peak).toEqual({ macs: 204.8e9 });
});
