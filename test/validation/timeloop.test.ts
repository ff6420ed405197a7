import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { macsOf, productProblem, sizesOf } from "../../src/mapping/problem.ts";
import { spatialOf, type Unrolling } from "../../src/mapping/unrolling.ts";

const rows = csvParse(readFileSync("test/validation/mapping/timeloop-outputs.csv", "utf8"));
const row = (end: string) => {
  const found = rows.find((each) => each["case"]?.endsWith(end));
  if (found === undefined) throw new Error(`no row ${end}`);
  return found;
};
const bits = { W: 8, I: 8, O: 8, partial: 16 };
const vgg = {
  ...productProblem("VGG conv3_1", { count: 1, rows: 1, inner: 128, columns: 256 }, bits),
  sizes: sizesOf({ K: 256, C: 128, OY: 56, OX: 56, FY: 3, FX: 3 }),
};
const computing = (problem: typeof vgg, unrolling: Unrolling): number =>
  Object.values(spatialOf(problem, unrolling).temporal).reduce((product, times) => product * times, 1);

test.each(["fpmac", "intmac", "06-mapper-convlayer-eyeriss"])(
  "Timeloop's Eyeriss-like exercise %s computes as many cycles: its latency has no fill, drain or stall",
  (name) => {
    expect(macsOf(vgg)).toBe(Number(row(name)["computes"]));
    // 14 columns of results; 3 rows of filters beside 4 channels.
    expect(computing(vgg, { D1: { OX: 14 }, D2: { FY: 3, C: 4 } })).toBe(Number(row(name)["cycles"]));
  },
);

test.each([
  ["01-model-conv1d-2level/os", { OX: 16, FX: 3 }],
  ["02-model-conv1d+oc-2level/tiling", { OX: 16, FX: 3, K: 32 }],
  ["03-model-conv1d+oc-3level/no-bypass", { OX: 16, FX: 3, K: 32 }],
])("Timeloop's exercise %s runs one product a cycle", (name, sizes) => {
  const problem = { ...vgg, sizes: sizesOf(sizes) };
  expect(macsOf(problem)).toBe(Number(row(name)["computes"]));
  expect(computing(problem, {})).toBe(Number(row(name)["cycles"]));
});
