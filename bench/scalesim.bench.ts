/**
 * SCALE-Sim's own runs inside a running process, against the CPU seconds that it took for them (the fastest of its measurements,
 * v2 or v3, 2026-11). `npx vitest bench bench/scalesim.bench.ts`; the wanted factor is 10,000.
 */
import { bench, describe } from "vitest";
import type { ScaleSimConfig, Stationary } from "../src/scalesim/config.ts";
import type { Layer } from "../src/scalesim/layer.ts";
import { matrixLayer } from "../src/scalesim/layer.ts";
import { runLayer } from "../src/scalesim/run-layer.ts";

const config = (size: number, dataflow: Stationary, bandwidthMode: "estimate" | "fixed"): ScaleSimConfig => ({
  runName: "bench",
  arrayRows: size,
  arrayColumns: size,
  ifmapWords: 65536,
  filterWords: 65536,
  ofmapWords: 65536,
  dataflow,
  bandwidthMode,
  bandwidth: 10,
  layout: { ifmap: { custom: false }, filter: { custom: false } },
  sparsity: { supported: false, representation: "csr", rowWise: false, blockSize: 1 },
  ramulator: false,
});

const convolution = (
  size: number,
  filter: number,
  channels: number,
  filters: number,
  stride: number,
): Layer => ({
  name: "convolution",
  ifmapRows: size,
  ifmapColumns: size,
  filterRows: filter,
  filterColumns: filter,
  channels,
  filters,
  rowStride: stride,
  columnStride: stride,
});

const product = matrixLayer("Test 1", 256, 128, 256);
const cases: readonly (readonly [name: string, seconds: number, Layer, ScaleSimConfig])[] = [
  ["mnk 32 x 32 ws CALC", 2.0, product, config(32, "ws", "estimate")],
  ["mnk 32 x 32 ws USER", 2.59, product, config(32, "ws", "fixed")],
  ["mnk 128 x 128 ws CALC", 0.55, product, config(128, "ws", "estimate")],
  ["Inc5b_3x3 32 x 32 os CALC", 4.73, convolution(7, 3, 192, 384, 1), config(32, "os", "estimate")],
  ["AlexNet Conv1 32 x 32 ws CALC", 20.18, convolution(224, 11, 3, 96, 4), config(32, "ws", "estimate")],
];

describe.each(cases)("%s, SCALE-Sim: %d s", (_, __, layer, machine) => {
  bench("papillon", () => {
    runLayer(layer, machine, "v3");
  });
});
