import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSelected, multipliersOf, type NmShape, nmSparseCycles } from "../../src/arch/nm-sparse.ts";
import { encoded, keptMacs, storageBits } from "../../src/workload/encoding.ts";
import type { Nm } from "../../src/workload/encoding-nm.ts";
import {
  bitStream,
  compressed,
  masked,
  matrixOf,
  mostInGroup,
  plainProduct,
  prunedMask,
  runBypassed,
  runSelected,
} from "./nm-sparse-model.ts";

const upTo = (max: number) => fc.integer({ min: 1, max });

const engine = fc.record({
  rows: upTo(4),
  lanes: upTo(5),
  selectors: upTo(4),
  group: upTo(8),
  take: upTo(3),
});

const product = fc.record({ rows: upTo(7), inner: upTo(40), columns: upTo(9), seed: fc.integer() });

const ratio = upTo(12).chain((m) => fc.record({ n: upTo(m), m: fc.constant(m) }));

/** Small whole numbers, so that sums are exact in any order; some are zero. */
const filled = (rows: number, columns: number, seed: number) => {
  let state = seed >>> 0;
  return matrixOf(rows, columns, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) % 15) - 7;
  });
};

const nmOf = (n: Nm["n"], m: number, metadata: Nm["metadata"] = "index"): Nm => ({
  kind: "nm",
  n,
  m,
  metadata,
  bits: 5,
});

describe("the micro-model that selects and multiplies values", () => {
  test("equals the dense product with the pruned weights, and the closed form's cycles", () => {
    const law = fc.property(engine, product, ratio, (shape, { rows, inner, columns, seed }, { n, m }) => {
      const [activations, weights] = [filled(rows, inner, seed), filled(inner, columns, seed + 1)];
      const mask = prunedMask(weights, () => n, m);
      const pruned = masked(weights, mask);
      const slots = (group: number): number => mostInGroup(group, shape.group, inner, n, m);
      const selected = runSelected(shape, activations, compressed(weights, mask, shape.group), slots);
      const bypassed = runBypassed(shape, activations, pruned);
      const expected = plainProduct(activations, pruned).data;
      expect(selected.output.data).toEqual(expected);
      expect(bypassed.output.data).toEqual(expected);
      const stored = encoded(nmOf(n, m), { inner, columns });
      expect(selected.useful).toBe(keptMacs(stored, rows));
      const work = { rows, inner, columns };
      expect(nmSparseCycles(shape, work)).toBe(bypassed.cycles);
      expect(nmSparseCycles(shape, { ...work, pattern: { n, m } })).toBe(
        Math.min(selected.cycles, bypassed.cycles),
      );
      expect(isSelected(shape, inner, columns, { n, m })).toBe(selected.cycles < bypassed.cycles);
    });
    fc.assert(law, { numRuns: 3000 });
  });

  test("with an N for each output, lanes wait for the fullest among them", () => {
    const lists = upTo(8).chain((m) =>
      fc.record({ m: fc.constant(m), n: fc.array(upTo(m), { minLength: 1, maxLength: 6 }) }),
    );
    const law = fc.property(engine, product, lists, (shape, { rows, inner, columns, seed }, { n, m }) => {
      const [activations, weights] = [filled(rows, inner, seed), filled(inner, columns, seed + 1)];
      const ofColumn = (column: number): number => n[column % n.length] ?? 0;
      const mask = prunedMask(weights, ofColumn, m);
      const slots = (group: number, column: number): number =>
        mostInGroup(group, shape.group, inner, ofColumn(column), m);
      const run = runSelected(shape, activations, compressed(weights, mask, shape.group), slots);
      const bypassed = runBypassed(shape, activations, masked(weights, mask));
      expect(run.output.data).toEqual(bypassed.output.data);
      expect(nmSparseCycles(shape, { rows, inner, columns, pattern: { n, m } })).toBe(
        Math.min(run.cycles, bypassed.cycles),
      );
    });
    fc.assert(law, { numRuns: 1000 });
  });

  test("its compressed bits are the encoding's count", () => {
    const metadata = fc.constantFrom("bitmap", "index", "none");
    const law = fc.property(product, ratio, metadata, ({ inner, columns, seed }, { n, m }, kind) => {
      const mask = prunedMask(filled(inner, columns, seed), () => n, m);
      const stored = encoded(nmOf(n, m, kind), { inner, columns });
      expect(storageBits(stored)).toBe(bitStream(mask, m, 5, kind).length);
    });
    fc.assert(law, { numRuns: 2000 });
  });

  test("no group of pruned weights ever holds more than the schedule has room for", () => {
    const law = fc.property(engine, product, ratio, (shape, { inner, columns, seed }, { n, m }) => {
      const weights = filled(inner, columns, seed);
      const groups = compressed(
        weights,
        prunedMask(weights, () => n, m),
        shape.group,
      );
      for (const column of groups)
        for (const [group, slots] of column.entries())
          expect(slots.length).toBeLessThanOrEqual(mostInGroup(group, shape.group, inner, n, m));
    });
    fc.assert(law, { numRuns: 500 });
  });
});

describe("cycles by hand", () => {
  const sta: NmShape = { rows: 4, lanes: 8, selectors: 4, group: 8, take: 1 };
  const product = { rows: 4, inner: 256, columns: 8 };
  const cycles = (shape: NmShape, n: number, m: number): number =>
    nmSparseCycles(shape, { ...product, pattern: { n, m } });

  test("scale by N/M for every N <= M when shapes divide", () => {
    for (let m = 1; m <= 32; m += 1)
      for (let n = 1; n <= m; n += 1) {
        const shape = { ...sta, group: m };
        const inner = 3 * 4 * m;
        const dense = nmSparseCycles(shape, { rows: 8, inner, columns: 16 });
        const sparse = nmSparseCycles(shape, { rows: 8, inner, columns: 16, pattern: { n, m } });
        expect(dense).toBe(2 * 2 * 3 * m);
        expect(sparse).toBe(2 * 2 * 3 * n);
      }
  });

  test("a dense product fills every multiplier: 4 * 256 * 8 MACs on 128 of them are 64 cycles", () => {
    expect(multipliersOf(sta)).toBe(128);
    expect(nmSparseCycles(sta, product)).toBe(64);
  });

  test("patterns that divide the engine's group use it in full, multiples of it only when their weights spread", () => {
    // 64 positions a lane and selector, in eight groups of eight.
    expect(cycles(sta, 2, 8)).toBe(16);
    expect(cycles(sta, 1, 4)).toBe(16);
    expect(cycles(sta, 2, 4)).toBe(32);
    // 4:16 may put all its four weights in one group of eight: twice as long as its share.
    expect(cycles(sta, 4, 16)).toBe(32);
  });

  test("on a 2:4 tensor core 1:4 gains no more than 2:4, and 3:4 gains nothing", () => {
    const tensorCore: NmShape = { rows: 4, lanes: 8, selectors: 4, group: 4, take: 2 };
    const dense = nmSparseCycles(tensorCore, product);
    const gain = (n: number, m: number): number => dense / cycles(tensorCore, n, m);
    expect([gain(1, 4), gain(2, 4), gain(3, 4), gain(4, 4)]).toEqual([2, 2, 1, 1]);
    expect([gain(2, 8), gain(4, 8), gain(1, 2)]).toEqual([2, 1, 2]);
  });
});
