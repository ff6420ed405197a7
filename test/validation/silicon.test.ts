import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { silicon } from "../../src/validation/silicon.ts";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/silicon/chips.csv", "utf8")).map((row) => ({
  ...row,
}));

test("the sum of parts is a lower bound of every published area, and shares are met within 30 %", () => {
  const result = runSuite(silicon, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.pass).toBe(true);
  for (const { quantity, error } of result.rows) if (quantity === "mm2") expect(error).toBeLessThan(0);
});

test("nothing was fitted on any row", () => {
  expect(runSuite(silicon, rows, library).rows.filter(({ fitted }) => fitted === true)).toEqual([]);
});

test("rows that ask for what there is not fail with what there is", () => {
  const row = { design: "x", machine: "gemmini", quantity: "um2", part: "all", of: "", value: "1" };
  expect(runSuite(silicon, [row], library).failures[0]?.reason).toBe("quantity um2 is none of mm2, share");
});
