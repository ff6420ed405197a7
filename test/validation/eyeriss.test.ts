import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { isKind } from "../../src/arch/index.ts";
import { mappingMisfits } from "../../src/mapping/check.ts";
import { unrollingsOf } from "../../src/mapping/choice.ts";
import { rowStationary } from "../../src/mapping/row-stationary.ts";
import { spatialOf } from "../../src/mapping/unrolling.ts";
import { eyeriss, eyerissMachine } from "../../src/validation/eyeriss.ts";
import { eyerissChip } from "../../src/validation/eyeriss-chip.ts";
import { eyerissLayers } from "../../src/validation/eyeriss-layers.ts";
import { chipLayers } from "../../src/validation/eyeriss-mappings.ts";
import { runSuite } from "../../src/validation/suite.ts";
import { library, planned } from "../library.ts";

test("row stationary takes less energy than weight and output stationary by the published 1.4 to 2.5 times", () => {
  const rows = csvParse(readFileSync("test/validation/mapping/eyeriss.csv", "utf8")).map((row) => ({
    ...row,
  }));
  const result = runSuite(eyeriss, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(3);
  expect(result.pass).toBe(true);
});

test("with its own mappings the chip's latencies, frames a second and DRAM accesses come out", () => {
  const rows = csvParse(readFileSync("test/validation/mapping/eyeriss-chip.csv", "utf8")).map((row) => ({
    ...row,
  }));
  const result = runSuite(eyerissChip, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(22);
  expect(result.pass).toBe(true);
});

test("the chip's mappings fit its memories, but for rows that pass through a sliding window, and have its active PEs", () => {
  const hierarchy = eyerissMachine(library);
  const active = Object.entries(chipLayers).map(([network, layers]) =>
    eyerissLayers(network, network === "alexnet" ? 4 : 3).map((problem, index) => {
      const layer = layers[index];
      if (layer === undefined) throw new Error(`no mapping of ${problem.name}`);
      const mapping = rowStationary(problem, 12, 14, layer);
      const misfits = mappingMisfits(problem, hierarchy, mapping).map(({ what }) => what);
      expect(misfits).toEqual([`ifmap-spad cannot hold its tiles of ${problem.name}`]);
      // A window of q rows of filters is what lies in it at a time.
      expect(layer.q * problem.sizes.FX).toBeLessThanOrEqual(12);
      const lanes = spatialOf(problem, mapping.unrolling).lanes;
      return Math.round(lanes.reduce((product, { mean }) => product * mean, 1));
    }),
  );
  // Published: 154, 135, 156, 156, 156; and 156 up to layer 7, then 168. The last strip of rows is not full.
  expect(active).toEqual([
    [151, 135, 156, 156, 156],
    [149, 149, 149, 149, 134, 134, 134, 168, 168, 168, 168, 168, 168],
  ]);
});

test("rows of filters on rows of results keep about 154, 135 and 156 of its 168 multipliers busy", () => {
  const { machine } = planned("eyeriss-mapped", "alexnet");
  const array = machine.hardware.units["array"];
  if (!isKind(array, "mac-array")) throw new Error("no array");
  const busy = eyerissLayers("alexnet", 4).map((layer) => {
    const unroll = { D1: [["FY", "OY"] as const, ["FY", "K"] as const], D2: ["OY"] as const };
    const [unrolling = {}] = unrollingsOf(layer, array.spec.hierarchy, unroll);
    return spatialOf(layer, unrolling).lanes.reduce((product, { mean }) => product * mean, 1);
  });
  // 55 rows of results on 14 columns are 4 rounds of 13.75: 11 x 13.75 on average.
  expect(busy.map((lanes) => Math.round(lanes))).toEqual([151, 135, 156, 156, 156]);
});
