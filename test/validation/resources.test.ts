import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { resources } from "../../src/validation/resources.ts";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/area/fpga.csv", "utf8")).map((row) => ({
  ...row,
}));

test("published totals are met, and of ten of them nothing was fitted", () => {
  const result = runSuite(resources, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.pass).toBe(true);
  const tested = result.rows.filter(({ fitted }) => fitted !== true).map(({ label }) => label);
  expect(tested).toEqual([
    "DFX DSP",
    "DFX URAM",
    "FABNet BE-40 DSP",
    "FABNet BE-40 BRAM",
    "FABNet BE-120 LUT",
    "FABNet BE-120 FF",
    "FABNet BE-120 BRAM",
    "FABNet BE-120 clocking power",
    "FABNet BE-120 logic and signal power",
    "FABNet BE-120 DSP power",
  ]);
});

test("what a coefficient was fitted on comes out, to a part in ten thousand", () => {
  const result = runSuite(resources, rows, library);
  const fitted = result.rows.filter((row) => row.fitted === true && !row.label.endsWith("BRAM"));
  for (const { error } of fitted) expect(Math.abs(error)).toBeLessThan(1e-4);
});

test("a row of another quantity fails with the quantities that there are", () => {
  const row = { design: "DFX", machine: "dfx-u280", quantity: "ALM", value: "1" };
  expect(runSuite(resources, [row], library).failures[0]?.reason).toBe(
    "quantity ALM is none of LUT, FF, DSP, BRAM, URAM, clocking power, logic and signal power, DSP power, total power",
  );
});
