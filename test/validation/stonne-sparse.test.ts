import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { packedOrder, sparseDenseCycles, sparseSparseCycles } from "../../src/arch/flexible-dot.ts";
import { stonne } from "../../src/validation/stonne.ts";
import { drawnRows } from "../../src/validation/stonne-draw.ts";
import { type Row, runSuite, summarize } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/sparse/stonne.csv", "utf8")).map((row) => ({
  ...row,
}));

describe("the sparse rows of STONNE", () => {
  const result = runSuite(stonne, rows, library);

  test("are all compared and within 10 % on average", () => {
    expect(result.failures).toEqual([]);
    expect(result.rows).toHaveLength(rows.length);
    expect(result.pass).toBe(true);
  });

  test.each(["0", "50", "80", "90"])("at %s %% sparsity the mean error is below 5 %", (sparsity) => {
    const errors = result.rows.filter(({ label }) => label.endsWith(`, ${sparsity} % sparse`));
    expect(errors.length).toBeGreaterThan(10);
    expect(summarize(errors).meanError).toBeLessThan(0.05);
  });

  test("rows of other engines are passed over", () => {
    expect(runSuite(stonne, [{ ...rows[0], kind: "CONV_MAERI_auto" }], library).rows).toEqual([]);
  });
});

test("glibc's first numbers 1804289383, 846930886, 1681692777 leave the rows of a small matrix", () => {
  // Each number modulo 100: 83 keeps at 80 % and is followed by its value (86); 77 does not.
  expect(drawnRows(1, 2, 80)).toEqual([1]);
  expect(drawnRows(1, 2, 76)).toEqual([2]);
});

describe("by hand", () => {
  const engine = { multipliers: 64, ports: 64 };
  // Set-up 1, multiplier 1, six levels of adders, write 1.
  const overhead = 9;

  test("rows are packed largest first, then whatever still fits", () => {
    expect(packedOrder([10, 40, 30, 24, 100], 64)).toEqual([4, 1, 3, 2, 0]);
  });

  test("two rows of 32 share a round of 16 columns; a row of 100 takes two, the second with its partial sum", () => {
    expect(sparseSparseCycles(engine, [32, 32], 16)).toBe(1 + 16 + overhead);
    expect(sparseSparseCycles(engine, [100], 16)).toBe(2 * (1 + 16 + overhead));
  });

  test("four clusters of 16 end in adders of which the middle two share a port: a column takes two cycles", () => {
    expect(sparseSparseCycles(engine, [16, 16, 16, 16], 16)).toBe(1 + 2 * 16 + overhead);
  });

  test("with half as many ports every value takes two cycles, which hides that", () => {
    const narrow = { multipliers: 64, ports: 32 };
    expect(sparseSparseCycles(narrow, [16, 16, 16, 16], 16)).toBe(2 + 2 * 16 + overhead);
  });

  test("sparse times dense: 40 kept weights in steps of 16, four columns at a time", () => {
    // Three steps to load, five groups of three steps.
    expect(sparseDenseCycles(engine, [40], 20, { clusters: 4, size: 16 })).toBe(3 + 5 * 3 + overhead);
    // A single step a group waits for the shared port.
    expect(sparseDenseCycles(engine, [8], 20, { clusters: 4, size: 16 })).toBe(1 + 5 * 2 + overhead);
  });
});
