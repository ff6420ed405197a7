import fc from "fast-check";
import { expect, test } from "vitest";
import type { ScaleSimConfig, Stationary } from "../../src/scalesim/config.ts";
import { type Layer, matrixLayer, productOf } from "../../src/scalesim/layer.ts";
import { type LayerResult, runLayer } from "../../src/scalesim/run-layer.ts";
import { runReference } from "./reference-model.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });

const matrices = fc
  .tuple(whole(1, 40), whole(1, 40), whole(1, 40))
  .map(([m, n, k]) => matrixLayer("product", m, n, k));

const convolutions = fc
  .record({
    name: fc.constant("convolution"),
    ifmapRows: whole(1, 12),
    ifmapColumns: whole(1, 12),
    filterRows: whole(1, 5),
    filterColumns: whole(1, 5),
    channels: whole(1, 5),
    filters: whole(1, 12),
    rowStride: whole(1, 4),
    columnStride: whole(1, 4),
  })
  .filter((layer) => layer.filterRows <= layer.ifmapRows && layer.filterColumns <= layer.ifmapColumns);

const layers: fc.Arbitrary<Layer> = fc
  .oneof({ weight: 1, arbitrary: matrices }, { weight: 3, arbitrary: convolutions })
  .filter((layer) => {
    const { m, n, k } = productOf(layer);
    return m * n * k < 20_000;
  });

const configs: fc.Arbitrary<ScaleSimConfig> = fc.record({
  runName: fc.constant("random"),
  arrayRows: whole(1, 9),
  arrayColumns: whole(1, 9),
  ifmapWords: whole(50, 900).map((half) => 2 * half),
  filterWords: whole(50, 900).map((half) => 2 * half),
  ofmapWords: whole(4, 200).map((half) => 2 * half),
  dataflow: fc.constantFrom<Stationary>("os", "ws", "is"),
  bandwidthMode: fc.constantFrom("estimate" as const, "fixed" as const),
  bandwidth: whole(1, 40),
  layout: fc.record({
    ifmap: fc.record({ custom: fc.constant(false), bandwidth: whole(1, 40) }),
    filter: fc.record({ custom: fc.constant(false), bandwidth: whole(1, 40) }),
  }),
  sparsity: fc.constant({ supported: false, representation: "csr" as const, rowWise: false, blockSize: 1 }),
  ramulator: fc.constant(false),
});

const operands = ["ifmap", "filter", "ofmap"] as const;

const spans = (of: LayerResult["sram"]) =>
  operands.map((operand) => [of[operand].start, of[operand].stop, of[operand].words]);

/** Many folds that write alike, through a small write buffer: what is skipped. */
const repetitive = fc
  .tuple(configs, whole(1, 4), whole(1, 4), whole(2, 30))
  .map(([config, arrayRows, arrayColumns, half]) => ({
    ...config,
    ...{ arrayRows, arrayColumns, ofmapWords: 2 * half },
    bandwidth: 1 + (config.bandwidth % 6),
  }));
const manyFolds = fc
  .tuple(whole(1, 16), whole(1, 60), whole(1, 100))
  .map(([m, n, k]) => matrixLayer("product", m, n, k))
  .filter((layer) => {
    const { m, n, k } = productOf(layer);
    return m * n * k < 20_000;
  });

/** Folds many times as long as wide, through a small write buffer: most drains of a fold are skipped, be memory slower than the array or not. */
const longFolds = fc
  .tuple(whole(60, 700), whole(1, 6), whole(1, 6))
  .map(([m, n, k]) => matrixLayer("product", m, n, k))
  .filter((layer) => {
    const { m, n, k } = productOf(layer);
    return m * n * k < 10_000;
  });
const slowMemory = fc
  .tuple(configs, whole(1, 4), whole(2, 6), whole(4, 30), whole(1, 4))
  .map(([config, arrayRows, arrayColumns, half, bandwidth]) => ({
    ...config,
    ...{ arrayRows, arrayColumns, ofmapWords: 2 * half, bandwidth, dataflow: "ws" as const },
  }));

/** Windows whose shared words are asked for long after each other, on the image or off it: each place is a read. */
const farApart = fc
  .record({
    name: fc.constant("convolution"),
    ifmapRows: whole(3, 12),
    ifmapColumns: whole(3, 12),
    filterRows: whole(1, 3),
    filterColumns: whole(1, 3),
    channels: whole(4, 12),
    filters: whole(1, 4),
    rowStride: whole(1, 3),
    columnStride: whole(1, 3),
  })
  .filter((layer) => {
    const { m, n, k } = productOf(layer);
    return m * n * k < 20_000;
  });
const smallBuffers = fc.tuple(configs, whole(1, 5), whole(50, 100)).map(([config, arrayRows, half]) => ({
  ...config,
  ...{ arrayRows, ifmapWords: 2 * half, dataflow: "ws" as const, bandwidthMode: "estimate" as const },
}));

test.each([
  ["random layers, arrays and buffers", layers, configs, 1500],
  ["many folds that drain alike", manyFolds, repetitive, 700],
  ["long folds that drain evenly", longFolds, slowMemory, 400],
  ["windows that share words far apart", farApart, smallBuffers, 300],
])(
  "the fast model equals the machine taken literally, word for word, on %s",
  (_, layers, configs, runs) => {
    fc.assert(
      fc.property(
        layers,
        configs,
        fc.constantFrom("v2" as const, "v3" as const),
        (layer, config, version) => {
          const expected = runReference(layer, config, version);
          const result = runLayer(layer, config, version);
          expect({ finish: result.totalCycles, stalls: result.stallCycles }).toEqual({
            finish: expected.finish,
            stalls: expected.stalls,
          });
          expect(spans(result.dram)).toEqual(expected.dram);
          const starts = (all: readonly (readonly number[])[]) => all.map(([start, stop]) => [start, stop]);
          expect(starts(spans(result.sram))).toEqual(starts(expected.sram));
        },
      ),
      { numRuns: Number(process.env["RUNS"] ?? runs) },
    );
  },
  60_000,
);

// [262144 x 4096] x [4096 x 16384] on 32 x 32 with weights staying: 128 x 512 folds of 262144 + 2 x 32 + 32 - 2 cycles, told one short. Each
// writes 2^23 words, and a drain takes 2^16 / 2 of them: 2^24 drains.
test("millions of drains repeat from fold to fold", () => {
  const result = runLayer(
    {
      ...{ name: "feed-forward", ifmapRows: 512, ifmapColumns: 512, filterRows: 1, filterColumns: 1 },
      ...{ channels: 4096, filters: 16384, rowStride: 1, columnStride: 1 },
    },
    {
      ...{ runName: "large", arrayRows: 32, arrayColumns: 32, dataflow: "ws", bandwidthMode: "estimate" },
      ...{ ifmapWords: 2 ** 16, filterWords: 2 ** 16, ofmapWords: 2 ** 16, bandwidth: 1, ramulator: false },
      layout: { ifmap: { custom: false }, filter: { custom: false } },
      sparsity: { supported: false, representation: "csr", rowWise: false, blockSize: 1 },
    },
    "v3",
  );
  expect(result).toMatchObject({ totalCycles: 128 * 512 * 262_238 - 1, stallCycles: 0 });
  expect(result.dram.ofmap.words - 128 * 262_144 * 16_384).toBeLessThan(32);
});
