import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { butterflyRtl } from "../../src/validation/butterfly-rtl.ts";
import { fabnetAuthorsModel } from "../../src/validation/fabnet-authors-model.ts";
import { fabnetFig19 } from "../../src/validation/fabnet-fig19.ts";
import { fabnetMacBaseline } from "../../src/validation/fabnet-mac-baseline.ts";
import { fabnetReduction } from "../../src/validation/fabnet-reduction.ts";
import { type Row, runSuite, type Suite } from "../../src/validation/suite.ts";
import { library, reportOf } from "../library.ts";

const rowsOf = (suite: Suite): Row[] =>
  suite.tables.flatMap((table) => csvParse(readFileSync(table, "utf8")).map((row) => ({ ...row })));

const results = (suite: Suite) => runSuite(suite, rowsOf(suite), library);

test("the RTL: every phase and latency exact, every interval", () => {
  const result = results(butterflyRtl);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(60 * 7 + 22);
  expect(result.summary.maxError).toBe(0);
  expect(result.pass).toBe(true);
});

describe("the authors' model", () => {
  test("every row, to the cycle, op by op", () => {
    const result = results(fabnetAuthorsModel);
    expect(result.failures).toEqual([]);
    expect(result.rows).toHaveLength(78 * 6);
    expect(result.pass).toBe(true);
    for (const { label, quantity, error } of result.rows)
      expect(Math.abs(error), `${quantity} ${label}`).toBeLessThan(1e-9);
  });

  test("LRA-Image on BE-40 takes the 2.39 ms of the paper", () => {
    const ports = ["hardware.units.coefficients.channels=8"];
    const { totals } = reportOf("fabnet-vcu128-be40-evaluated", "fabnet-lra-image", ports);
    expect(Math.abs(totals.latencySeconds / 2.39e-3 - 1)).toBeLessThan(0.03);
  });
});

test.each([fabnetMacBaseline, fabnetFig19])("$name: every row within 5 %", (suite) => {
  const result = results(suite);
  expect(result.failures).toEqual([]);
  expect(result.pass).toBe(true);
  expect(result.summary.maxError).toBeLessThan(0.05);
  expect(result.summary.meanError).toBeLessThan(0.005);
});

test("operations and sizes of figure 17: every count and every ratio", () => {
  const result = results(fabnetReduction);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(5 * 6);
  expect(result.pass).toBe(true);
});
