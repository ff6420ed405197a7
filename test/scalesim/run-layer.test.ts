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

test("the fast model equals the machine taken literally, word for word, on random layers, arrays and buffers", () => {
  fc.assert(
    fc.property(layers, configs, fc.constantFrom("v2" as const, "v3" as const), (layer, config, version) => {
      const expected = runReference(layer, config, version);
      const result = runLayer(layer, config, version);
      expect({ finish: result.totalCycles, stalls: result.stallCycles }).toEqual({
        finish: expected.finish,
        stalls: expected.stalls,
      });
      expect(spans(result.dram)).toEqual(expected.dram);
      const starts = (all: readonly (readonly number[])[]) => all.map(([start, stop]) => [start, stop]);
      expect(starts(spans(result.sram))).toEqual(starts(expected.sram));
    }),
    { numRuns: Number(process.env["RUNS"] ?? 1500) },
  );
}, 60_000);
