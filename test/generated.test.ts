/** Files that are made from the code: schemas, and validation as a page and in the README. UPDATE=1 (npm run docs) rewrites them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { schemaFiles } from "../src/node/family.ts";
import { fileLibrary } from "../src/node/library.ts";
import { shippedRows } from "../src/node/suite-rows.ts";
import { suites } from "../src/validation/index.ts";
import { validationPage, validationSummary } from "../src/validation/page.ts";
import { runSuite } from "../src/validation/suite.ts";

test.each(Object.entries(schemaFiles()))("schemas/%s is what papillon schema writes", (file, text) => {
  expect(kept(`schemas/${file}`, text)).toBe(text);
});

test("docs/validation.md and the README's table are what papillon validate finds", () => {
  const library = fileLibrary();
  const results = suites.map((suite) => runSuite(suite, shippedRows(suite), library));
  const page = validationPage(results);
  expect(kept("docs/validation.md", page)).toBe(page);
  const readme = readFileSync("README.md", "utf8");
  const fresh = readme.replace(
    /(<!-- validation:begin -->\n)[\s\S]*(<!-- validation:end -->)/,
    (_, begin: string, end: string) => `${begin}${validationSummary(results)}\n${end}`,
  );
  expect(kept("README.md", fresh)).toBe(fresh);
  // Every row of every suite: minutes on a loaded machine.
}, 900_000);

/** The file's text; with UPDATE=1 what it should be is written first. */
function kept(path: string, text: string): string {
  if (process.env["UPDATE"] !== undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return readFileSync(path, "utf8");
}
