import fc from "fast-check";
import { expect, test } from "vitest";
import type { Amount } from "../../src/amount.ts";
import { type ButterflySpec, type ButterflyWork, butterfly } from "../../src/arch/butterfly.ts";
import { type DmaSpec, type DmaWork, dma } from "../../src/arch/dma.ts";
import { components } from "../../src/arch/index.ts";
import { host, type LinkSpec, type LinkWork, ring } from "../../src/arch/link.ts";
import { type MacArraySpec, type MacArrayWork, macArray } from "../../src/arch/mac-array.ts";
import { type MacTreeSpec, type MacTreeWork, macTree } from "../../src/arch/mac-tree.ts";
import { ddr, hbm, type MemorySpec, type MemoryWork } from "../../src/arch/memory.ts";
import { ddrBanked, hbmBanked } from "../../src/arch/memory-banked.ts";
import { type NmSparseSpec, type NmSparseWork, nmSparse } from "../../src/arch/nm-sparse.ts";
import {
  keptInner,
  type NmSystolicSpec,
  type NmSystolicWork,
  nmSystolic,
} from "../../src/arch/nm-systolic.ts";
import { type ScratchpadSpec, type ScratchpadWork, scratchpad } from "../../src/arch/scratchpad.ts";
import { type SoftmaxSpec, type SoftmaxWork, softmax } from "../../src/arch/softmax.ts";
import { type SystolicSpec, type SystolicWork, systolic } from "../../src/arch/systolic.ts";
import { type VectorSpec, type VectorWork, vector } from "../../src/arch/vector.ts";
import { presetNamed } from "../validation/dram/rows.ts";
import { componentContract, type Samples } from "./component.ts";

const size = fc.integer({ min: 0, max: 4_000_000 });
const amount: fc.Arbitrary<Amount> = fc.oneof(
  size,
  fc.record({
    loop: fc.constant("decode"),
    base: size,
    step: fc.integer({ min: 0, max: 5000 }),
    per: fc.constant(1),
  }),
);
const plus = (a: Amount, extra: number): Amount =>
  typeof a === "number" ? a + extra : { ...a, base: a.base + extra };
const direction = fc.constantFrom("read" as const, "write" as const);

const memory: Samples<MemorySpec, MemoryWork> = {
  work: () =>
    fc.oneof(
      fc.record({ direction, bytes: amount }),
      fc.record({ direction, bytes: size, chunk: fc.integer({ min: 1, max: 300 }) }),
    ),
  more: (work, extra) => ({ ...work, bytes: plus(work.bytes, extra) }),
  unpriced: {},
};

const walk = fc.constantFrom("weights", "cache", "transposed", "other", "unheard of");
const banked: Samples<MemorySpec, MemoryWork> = {
  ...memory,
  work: (spec) => fc.tuple(memory.work(spec), walk).map(([work, walk]) => ({ ...work, walk })),
};

const link: Samples<LinkSpec, LinkWork> = {
  work: () => fc.record({ bytes: size }),
  more: ({ bytes }, extra) => ({ bytes: bytes + extra }),
  unpriced: {},
};

const dmaEngine: Samples<DmaSpec, DmaWork> = {
  work: () =>
    fc.record({ elements: size, order: fc.constantFrom("straight" as const, "transposed" as const) }),
  more: (work, extra) => ({ ...work, elements: work.elements + extra }),
  unpriced: { elements: "the transfer itself is priced where it is read and written" },
};

const matrix: Samples<MacTreeSpec, MacTreeWork> = {
  work: ({ width, lanes }) =>
    fc
      .record({
        tiles: fc.integer({ min: 0, max: 100_000 }),
        filled: fc.double({ min: 0, max: 1, noNaN: true }),
        passes: fc.array(fc.constantFrom("tree" as const, "scalar" as const), { maxLength: 2 }),
      })
      .map(({ tiles, filled, passes }) => ({
        tiles,
        macs: Math.floor(filled * tiles * width * lanes),
        passes,
      })),
  more: ({ tiles, macs, passes }, extra) => ({
    tiles: plus(tiles, extra),
    macs: plus(macs, extra),
    passes: extra % 2 === 0 ? passes : [...passes, "tree"],
  }),
  unpriced: {},
};

const registers: Samples<ScratchpadSpec, ScratchpadWork> = {
  work: () => fc.record({ direction, bytes: amount }),
  more: (work, extra) => ({ ...work, bytes: plus(work.bytes, extra) }),
  unpriced: {},
};

const instruction = fc.record({
  operation: fc.constantFrom(
    "add" as const,
    "multiply" as const,
    "reduce" as const,
    "exponential" as const,
    "reciprocal" as const,
    "reciprocalSquareRoot" as const,
    "move" as const,
  ),
  elements: fc.integer({ min: 0, max: 5000 }),
});
const chains: Samples<VectorSpec, VectorWork> = {
  work: () => fc.record({ chain: fc.array(instruction, { maxLength: 12 }) }),
  more: ({ chain }, extra) => ({ chain: [...chain, { operation: "add", elements: extra }] }),
  unpriced: { instructions: "no table prices instruction fetch and decode" },
};

/** Products of N:M sparse weights, with the MACs of the weights that are kept. */
const products = fc
  .record({
    count: fc.integer({ min: 1, max: 4 }),
    rows: fc.integer({ min: 1, max: 300 }),
    inner: fc.integer({ min: 1, max: 300 }),
    columns: fc.integer({ min: 1, max: 300 }),
    pattern: fc.option(
      fc.constantFrom(4, 8).chain((m) => fc.record({ n: fc.integer({ min: 1, max: m }), m: fc.constant(m) })),
      { nil: undefined },
    ),
  })
  .map(({ pattern, ...product }): NmSparseWork => {
    const macs = product.count * product.rows * product.columns * keptInner(product.inner, pattern);
    return pattern === undefined ? { ...product, macs } : { ...product, pattern, macs };
  });
const moreRows = (work: NmSparseWork, extra: number): NmSparseWork => ({
  ...work,
  rows: work.rows + extra,
  macs: plus(work.macs, extra),
});

const selecting: Samples<NmSparseSpec, NmSparseWork> = {
  work: () => products,
  more: moreRows,
  unpriced: { selections: "no table prices a multiplexer" },
  otherwise: {
    kind: "nm-sparse",
    precision: "int8",
    ...{ rows: 4, lanes: 8, selectors: 2, group: 8, take: 2 },
    ...{ select: "1 cycles", multiply: "3 cycles", add: "1 cycles" },
  },
};

const bufferWords = Object.fromEntries(
  ["inputReads", "weightReads", "resultReads", "resultWrites"].map((action) => [
    action,
    "words of buffers whose size the array does not know",
  ]),
);

const folding: Samples<NmSystolicSpec, NmSystolicWork> = {
  work: () => products,
  more: moreRows,
  unpriced: bufferWords,
  otherwise: {
    ...{ kind: "nm-systolic", precision: "int8", rows: 16, columns: 16, arrays: 1, group: 8 },
    ...{ stationary: "weights", folds: "serial", edges: "full" },
  },
};

const folded: Samples<SystolicSpec, SystolicWork & { readonly macs: number }> = {
  work: () =>
    fc
      .record({
        count: fc.integer({ min: 1, max: 4 }),
        rows: fc.integer({ min: 1, max: 300 }),
        inner: fc.integer({ min: 1, max: 300 }),
        columns: fc.integer({ min: 1, max: 300 }),
      })
      .map((work) => ({ ...work, macs: work.count * work.rows * work.inner * work.columns })),
  more: (work, extra) => ({ ...work, count: work.count + extra, macs: work.macs + extra }),
  unpriced: bufferWords,
  otherwise: {
    ...{ kind: "systolic", precision: "int8", rows: 16, columns: 16, arrays: 2 },
    ...{ stationary: "weights", folds: "serial", edges: "full" },
  },
};

const mappedLayer: Samples<MacArraySpec, MacArrayWork> = {
  work: ({ hierarchy }) =>
    fc.record({ cycles: size, reads: size }).map(({ cycles, reads }) => ({
      cycles,
      macs: cycles,
      traffic: { [`${hierarchy.memories[0]?.name}.reads`]: reads },
    })),
  more: (work, extra) => ({ ...work, cycles: work.cycles + extra, macs: work.macs + extra }),
  unpriced: {},
};

const rows: Samples<SoftmaxSpec, SoftmaxWork> = {
  work: () => fc.record({ rows: fc.nat(500), width: fc.nat(500) }),
  more: ({ rows, width }, extra) => ({ rows: rows + extra, width }),
  unpriced: {},
  otherwise: {
    kind: "softmax",
    precision: "int16",
    ...{ pipelines: 4, lanes: 16, capacity: "8 KiB" },
    ...{ add: "1 cycles", multiply: "2 cycles", exponential: "4 cycles", reciprocal: "8 cycles" },
  },
};

const transform = fc.record({
  mode: fc.constantFrom("butterfly" as const, "fft" as const),
  points: fc.constantFrom(16, 64, 256, 1024),
  layerNorm: fc.boolean(),
  shortcut: fc.boolean(),
  parallelOutput: fc.boolean(),
});
const vectors: Samples<ButterflySpec, ButterflyWork> = {
  work: ({ engines }) =>
    fc.oneof(
      fc.record({ part: fc.constant("weights" as const), points: fc.constantFrom(16, 64, 256) }),
      fc.record({
        part: fc.constantFrom("input" as const, "output" as const, "results" as const),
        transform,
        vectors: fc.integer({ min: 1, max: engines }),
      }),
      fc
        .record({
          part: fc.constant("compute" as const),
          transform,
          vectors: fc.integer({ min: 1, max: engines }),
        })
        .map((work) => ({
          ...work, // Two products for each element and stage.
          macs: work.vectors * 2 * work.transform.points * Math.log2(work.transform.points),
        })),
    ),
  more: (work, extra) =>
    work.part === "weights"
      ? { ...work, points: work.points * (1 + (extra % 2)) }
      : { ...work, vectors: work.vectors + extra },
  unpriced: { weights: "the buffer's fill is priced where the weights are read" },
  otherwise: {
    kind: "butterfly",
    precision: "fp16",
    ...{ engines: 4, unitsPerEngine: 4, bankDepth: 1024, rotationBits: 7 },
    ...{ gather: "4 cycles", turn: "1 cycles", read: "4 cycles", release: "1 cycles" },
    ...{ scatter: "2 cycles", shortcut: "3 cycles" },
    pipeline: { butterfly: "8 cycles", fft: "10 cycles" },
    layerNorm: {
      ...{ add: "1 cycles", multiply: "2 cycles", divide: "16 cycles" },
      ...{ reciprocalSquareRoot: "5 cycles", registers: "8 cycles" },
    },
    weightBuffer: { rows: 1024, width: "128 bit" },
  },
};

componentContract(butterfly, vectors);
componentContract(ddr, memory);
componentContract(ddrBanked, {
  ...banked,
  otherwise: {
    ...{ kind: "ddr", model: "banked", preset: presetNamed("ddr4-2400-dramsim3"), channels: 2 },
    ...{ interleave: "256 B", capacity: "8 GB", granule: "64 B", outstanding: 32 },
    ...{ efficiency: {}, latency: { controller: "20 ns" } },
    walks: { weights: { pattern: "sequential", over: 1 }, other: { pattern: "random", writes: 0.5 } },
  },
});
componentContract(dma, dmaEngine);
componentContract(hbm, memory);
componentContract(hbmBanked, banked);
componentContract(host, link);
componentContract(macArray, mappedLayer);
componentContract(macTree, matrix);
componentContract(nmSparse, selecting);
componentContract(nmSystolic, folding);
componentContract(ring, link);
componentContract(scratchpad, registers);
componentContract(softmax, rows);
componentContract(systolic, folded);
componentContract(vector, chains);

test("every listed component is under contract", () => {
  const held: readonly string[] = [
    ...[
      butterfly,
      ddr,
      dma,
      hbm,
      host,
      macArray,
      macTree,
      nmSparse,
      nmSystolic,
      ring,
      scratchpad,
      softmax,
      systolic,
      vector,
    ],
  ].map(({ kind }) => kind);
  const lines = components
    .filter(({ kind }) => !held.includes(kind))
    .map(({ kind }) => `componentContract(${kind}, { work, more, unpriced, otherwise });`);
  expect(lines, "add to test/contract/component.test.ts").toEqual([]);
});
