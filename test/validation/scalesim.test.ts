import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { scalesim } from "../../src/validation/scalesim.ts";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

test("every column of every row measured on SCALE-Sim comes out: cycles and counts exact, rates to the digits printed", () => {
  const rows: Row[] = scalesim.tables.flatMap((path) =>
    csvParse(readFileSync(path, "utf8")).map((row) => ({ ...row })),
  );
  expect(rows).toHaveLength(257 + 262);
  const result = runSuite(scalesim, rows, library);
  expect(result.failures).toEqual([]);
  expect(result.rows.filter(({ error }) => Math.abs(error) > 5e-6)).toEqual([]);
  expect(result.quantities.filter(({ pass }) => !pass)).toEqual([]);
  expect(result.quantities.map(({ summary }) => summary.rows).reduce((sum, count) => sum + count)).toBe(
    result.rows.length,
  );
});
