import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { isKind } from "../../src/arch/index.ts";
import { unrollingsOf } from "../../src/mapping/choice.ts";
import { spatialOf } from "../../src/mapping/unrolling.ts";
import { eyeriss } from "../../src/validation/eyeriss.ts";
import { eyerissLayers } from "../../src/validation/eyeriss-layers.ts";
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
