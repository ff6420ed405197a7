import { expect, test } from "vitest";
import { ADDRESS_SEED, sequence, type Traffic, xorshift32 } from "../../../src/arch/dram/sequence.ts";

const space = { bytes: 1024, transactionBytes: 32, rowBytes: 64 };
const first = (traffic: Traffic, count: number): number[] => {
  const next = sequence(traffic, space);
  return Array.from({ length: count }, next);
};

test("xorshift32 gives the numbers that its definition gives by hand", () => {
  // seed 1: 1 ^ 1<<13 = 0x2001; ^ >>>17 = 0x2001; ^ <<5 = 0x42021
  expect(xorshift32(1)()).toBe(0x42021);
});

test("a sequential read walks from zero and wraps at the capacity", () => {
  const walk = first({ pattern: { kind: "sequential" }, writePercent: 0 }, 33);
  expect(walk.slice(0, 3)).toEqual([0, 2, 4]);
  expect(walk[32]).toBe(0);
});

test("a stride turns at the capacity and goes on one transaction further", () => {
  // 1024 / 256 = 4 steps a turn, 8 transactions each
  expect(first({ pattern: { kind: "stride", bytes: 256 }, writePercent: 0 }, 6)).toEqual([
    0, 16, 32, 48, 2, 18,
  ]);
});

test("streams take turns, staggered by rows where asked", () => {
  // two streams at 0 and 16 transactions, the second one row (2 transactions) on
  const pattern = { kind: "streams", streams: 2, staggerBytes: 64 } as const;
  expect(first({ pattern, writePercent: 0 }, 4)).toEqual([0, 36, 2, 38]);
});

test("in a mix, reads walk the lower half and writes the upper from three rows on", () => {
  const walk = first({ pattern: { kind: "sequential" }, writePercent: 50 }, 200);
  const reads = walk.filter((request) => request % 2 === 0).map((request) => request / 2);
  const writes = walk.filter((request) => request % 2 === 1).map((request) => (request - 1) / 2);
  expect(reads.slice(0, 3)).toEqual([0, 1, 2]);
  expect(writes.slice(0, 3)).toEqual([22, 23, 24]);
  expect(Math.max(...reads)).toBeLessThan(16);
  expect(Math.min(...writes)).toBe(16);
});

test("a chunk is read whole from a random aligned base", () => {
  const draw = xorshift32(ADDRESS_SEED);
  const base = ((draw() >>> 0) % 8) * 4;
  const pattern = { kind: "chunk", bytes: 128 } as const;
  expect(first({ pattern, writePercent: 0 }, 4)).toEqual([0, 1, 2, 3].map((step) => 2 * (base + step)));
});

test("streams and strides that do not divide the memory fall on whole transactions", () => {
  // three streams over 32 transactions: bases 0, 32/3 and 64/3, rounded down
  const pattern = { kind: "streams", streams: 3, staggerBytes: 0 } as const;
  expect(first({ pattern, writePercent: 0 }, 4)).toEqual([0, 20, 42, 2]);
  // steps of 48 B: bytes 0, 48, 96, 144 are transactions 0, 1, 3, 4
  expect(first({ pattern: { kind: "stride", bytes: 48 }, writePercent: 0 }, 4)).toEqual([0, 2, 6, 8]);
});
