import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { stonne } from "../../src/validation/stonne.ts";
import { type Row, runSuite } from "../../src/validation/suite.ts";
import { library } from "../library.ts";

test("STONNE's output-stationary mesh is met to the cycle on all its rows", () => {
  const rows: Row[] = stonne.tables.flatMap((path) =>
    csvParse(readFileSync(path, "utf8")).map((row) => ({ ...row })),
  );
  const { rows: compared } = runSuite(stonne, rows, library);
  const mesh = compared.filter(({ quantity }) => quantity === "meshCycles");
  expect(mesh).toHaveLength(12);
  expect(mesh.filter(({ error }) => error !== 0)).toEqual([]);
});
