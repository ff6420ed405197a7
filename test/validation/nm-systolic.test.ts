import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { nmSystolic } from "../../src/validation/nm-systolic.ts";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/sparse/scalesim-v3-sparsity.csv", "utf8")).map(
  (row) => ({ ...row }),
);

test("cycles, storage and metadata of every row of SCALE-Sim v3 are exact", () => {
  const result = runSuite(nmSystolic, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(4 * rows.length);
  expect(result.rows.filter(({ error }) => error !== 0)).toEqual([]);
  expect(result.pass).toBe(true);
});

test("rows that say what no array does fail with their reason", () => {
  const [row] = rows;
  const bad = [
    { ...row, df: "rs" },
    { ...row, sp: "5:4" },
    { ...row, rep: "coo" },
  ];
  expect(runSuite(nmSystolic, bad, library).failures.map(({ reason }) => reason)).toEqual([
    'dataflow "rs" is none of ws, os, is',
    'sparsity "5:4" is not N:M with N <= M',
    'representation "coo" is none of ellpack_block, csr, csc',
  ]);
});
