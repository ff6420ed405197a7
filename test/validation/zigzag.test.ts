import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { zigzag } from "../../src/validation/zigzag.ts";
import { library } from "../library.ts";

const rows: Row[] = csvParse(readFileSync("test/validation/mapping/zigzag-layers.csv", "utf8")).map(
  (row) => ({
    ...row,
  }),
);

const result = runSuite(zigzag, rows, library);

test("ZigZag's own mappings cost what ZigZag says, and our best is never worse than its best by 1 %", () => {
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(3 * rows.length);
  expect(result.pass).toBe(true);
});

test("on half of the layers searched for energy the six merged loops of ZigZag cost it more than 0.3 %", () => {
  const better = result.rows.flatMap(({ quantity, label }) =>
    quantity === "worseEnergy" ? [Number(/, ([\d.]+) % of its best/.exec(label)?.[1])] : [],
  );
  expect(better).toHaveLength(10);
  expect(better.filter((percent) => percent < 99.7)).toHaveLength(5);
  expect(Math.max(...better)).toBeLessThanOrEqual(100);
});
