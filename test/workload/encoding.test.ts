import { describe, expect, test } from "vitest";
import {
  compression,
  type Encoding,
  encoded,
  keptMacs,
  storageBits,
  storageBytes,
} from "../../src/workload/encoding.ts";

const matrix = { inner: 768, columns: 3072 };
const bitsOf = (encoding: Encoding, of = matrix): number => storageBits(encoded(encoding, of));
const saved = (encoding: Encoding): number => 100 * compression(encoded(encoding, matrix), matrix, 32);

describe("2:4 against fp32, the arithmetic that papers print", () => {
  const twoOfFour = { kind: "nm", n: 2, m: 4 } as const;

  test.each([
    [8, "none", 87.5],
    [4, "none", 93.75],
    [8, "index", 84.375],
    [4, "index", 90.625],
  ] as const)("int%i with metadata %s saves %d %%", (bits, metadata, percent) => {
    expect(saved({ ...twoOfFour, bits, metadata })).toBe(percent);
  });

  test("a memory-bound product gains at most 16/9 in fp16 and 1.6 in int8", () => {
    const gain = (bits: number): number =>
      bitsOf({ kind: "dense", bits }) / bitsOf({ ...twoOfFour, bits, metadata: "index" });
    expect(gain(16)).toBeCloseTo(16 / 9, 12);
    expect(gain(8)).toBeCloseTo(1.6, 12);
  });

  test("a bitmap of 2:4 is as large as its indices; of 1:8 it is 8 bits a kept weight against 3", () => {
    const bits = (n: number, m: number, metadata: "bitmap" | "index"): number =>
      encoded({ kind: "nm", n, m, metadata, bits: 8 }, { inner: 64, columns: 1 }).metadataBits;
    expect([bits(2, 4, "bitmap"), bits(2, 4, "index")]).toEqual([64, 64]);
    expect([bits(1, 8, "bitmap"), bits(1, 8, "index")]).toEqual([64, 24]);
  });
});

test("kept weights and MACs are exactly N/M of the dense ones for every N <= M when shapes divide", () => {
  for (let m = 1; m <= 32; m += 1)
    for (let n = 1; n <= m; n += 1) {
      const stored = encoded({ kind: "nm", n, m, metadata: "bitmap", bits: 8 }, { inner: 5 * m, columns: 7 });
      expect(stored.kept).toBe(5 * n * 7);
      expect(keptMacs(stored, 3)).toBe(3 * 5 * n * 7);
    }
});

test("the last group of 3:8 over 20 positions has four, and keeps three of them", () => {
  expect(encoded({ kind: "nm", n: 3, m: 8, metadata: "index", bits: 8 }, { inner: 20, columns: 2 })).toEqual({
    kept: 18,
    valueBits: 18 * 8,
    metadataBits: 18 * 3,
    decodeSteps: 18,
  });
  expect(
    encoded({ kind: "nm", n: 6, m: 8, metadata: "index", bits: 8 }, { inner: 20, columns: 1 }).kept,
  ).toBe(6 + 6 + 4);
});

test("row-wise N:M keeps each output's own N and says so in 3 bits for M = 4", () => {
  const rowWise = { kind: "nm", n: [1, 2, 4], m: 4, metadata: "index", bits: 8 } as const;
  // Five outputs of 8 positions: 2 groups each keep 1, 2, 4, 1, 2.
  const stored = encoded(rowWise, { inner: 8, columns: 5 });
  expect(stored.kept).toBe(2 * (1 + 2 + 4 + 1 + 2));
  expect(stored.metadataBits).toBe(20 * 2 + 5 * 3);
});

describe("other formats, counted by hand for a quarter of 128 x 32 weights (1024) in 32 bits", () => {
  const small = { inner: 128, columns: 32 };

  test("csr: a column index of 5 bits each and 129 pointers of 11 bits", () => {
    const stored = encoded({ kind: "csr", density: 0.25, bits: 32 }, small);
    expect(stored).toMatchObject({ kept: 1024, valueBits: 32768, metadataBits: 1024 * 5 + 129 * 11 });
  });

  test("csc: an inner index of 7 bits each and 33 pointers of 11 bits", () => {
    expect(encoded({ kind: "csc", density: 0.25, bits: 32 }, small).metadataBits).toBe(1024 * 7 + 33 * 11);
  });

  test("ellpack pads every output to the longest: 40 slots of 32 + 7 bits", () => {
    const stored = encoded({ kind: "ellpack", density: 0.25, slots: 40, bits: 32 }, small);
    expect(stored).toMatchObject({ kept: 1024, valueBits: 32 * 40 * 32, metadataBits: 32 * 40 * 7 });
    expect(() => encoded({ kind: "ellpack", density: 0.5, slots: 40, bits: 32 }, small)).toThrow(
      "2048 kept weights do not fit 32 x 40 slots",
    );
  });

  test("patterns: four of nine by one of eight masks, 3 bits a run and a table of 72 bits", () => {
    const stored = encoded(
      { kind: "pattern", size: 9, kept: 4, patterns: 8, bits: 8 },
      { inner: 90, columns: 10 },
    );
    expect(stored).toEqual({
      kept: 400,
      valueBits: 3200,
      metadataBits: 100 * 3 + 8 * 9,
      decodeSteps: 100,
    });
  });

  test("blocks of 16 x 16: 16 blocks, a quarter kept, as a bitmap and as compressed rows", () => {
    const block = { kind: "block", inner: 16, columns: 16, density: 0.25, bits: 8 } as const;
    expect(encoded({ ...block, metadata: "bitmap" }, small)).toMatchObject({ kept: 1024, metadataBits: 16 });
    // Two blocks across: one bit an index; 9 pointers to 0..4: 3 bits.
    expect(encoded({ ...block, metadata: "index" }, small).metadataBits).toBe(4 * 1 + 9 * 3);
  });

  test("k bits with a scale of 16 bits for every 64 values: 4.25 bits a weight", () => {
    const bits = bitsOf(
      { kind: "dense", bits: 4, scale: { bits: 16, group: 64 } },
      { inner: 640, columns: 10 },
    );
    expect(bits / 6400).toBe(4.25);
  });

  test("mixed precision is the sum of its parts: an eighth of the columns dense in 16 bits, the rest 2:4 in 4", () => {
    const mixed = {
      kind: "mixed",
      parts: [
        { share: 0.125, encoding: { kind: "dense", bits: 16 } },
        { share: 0.875, encoding: { kind: "nm", n: 2, m: 4, metadata: "index", bits: 4 } },
      ],
    } as const;
    expect(bitsOf(mixed, small)).toBe(4 * 128 * 16 + (28 * 128 * (4 + 2)) / 2);
    expect(encoded(mixed, small).kept).toBe(4 * 128 + 28 * 64);
  });
});

test("traffic is whole bytes", () => {
  const stored = encoded({ kind: "nm", n: 1, m: 4, metadata: "index", bits: 3 }, { inner: 4, columns: 3 });
  expect(storageBits(stored)).toBe(15);
  expect(storageBytes(stored)).toBe(2);
});
