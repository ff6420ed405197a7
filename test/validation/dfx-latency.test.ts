import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { dfxLatency } from "../../src/validation/dfx-latency.ts";
import { type Row, runSuite, summarize } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/dfx/latency.csv", "utf8")).map((row) => ({
  ...row,
}));

test("every published latency of DFX is met within 2 %", () => {
  const result = runSuite(dfxLatency, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(6);
  for (const { error } of result.rows) expect(Math.abs(error)).toBeLessThan(0.02);
  expect(result.pass).toBe(true);
});

test("the two rows that constants were fitted on are marked and left out of the summary", () => {
  const { rows: compared, summary } = runSuite(dfxLatency, rows, library);
  const fitted = compared.filter((row) => row.fitted === true).map(({ label }) => label);
  expect(fitted).toEqual(["345M on 1 card [32:1]", "1.5B on 4 cards [32:1]"]);
  expect(summary.rows).toBe(4);
});

test("a row that cannot run fails the suite with its reason", () => {
  const row = { model: "7B", fpgas: "1", in_tokens: "1", out_tokens: "1", latency_ms: "1" };
  const result = runSuite(dfxLatency, [row, { model: "345M" }], library);
  expect(result.pass).toBe(false);
  expect(result.failures).toEqual([
    { row: 1, reason: "model 7B is none of 345M, 774M, 1.5B" },
    { row: 2, reason: "no column fpgas, in_tokens, out_tokens, latency_ms" },
  ]);
});

test("the summary takes absolute errors; its 90th percentile is the smallest that nine rows in ten do not pass", () => {
  const errors = [0.01, -0.02, 0.03, -0.04, 0.05, 0.06, -0.07, 0.08, 0.09, -0.5].map((error) => ({ error }));
  expect(summarize(errors)).toEqual({
    rows: 10,
    meanError: expect.closeTo(0.095),
    p90Error: 0.09,
    maxError: 0.5,
  });
});
