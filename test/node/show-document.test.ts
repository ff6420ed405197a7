import { expect, test } from "vitest";
import { parse } from "yaml";
import { families, readFound } from "../../src/node/family.ts";
import { fileLibrary } from "../../src/node/library.ts";
import { documentLines } from "../../src/node/show-document.ts";
import { noPaint } from "../../src/report/columns.ts";

const library = fileLibrary();
const shipped = families.flatMap((of) =>
  library.names(of.family).flatMap((name) => {
    const source = library.find(of.family, name);
    return source === undefined ? [] : [{ of, source }];
  }),
);

test("what is shown is YAML for the same values, in lines of the width", () => {
  expect(shipped.length).toBeGreaterThan(5);
  for (const found of shipped) {
    const config = readFound(found, library, []);
    if (!config.ok) throw new Error(`${found.source.file} is wrong`);
    for (const width of [60, 110]) {
      const lines = documentLines(config.tree, found.source.file, width, noPaint);
      expect(parse(lines.join("\n")), found.source.file).toEqual(withoutOrigins(config.document));
      // Words are not broken, however long.
      const tooLong = lines.filter((line) => line.length > width && line.trim().includes(" "));
      expect(tooLong, found.source.file).toEqual([]);
    }
  }
});

/** A value with its origin is shown as the value, and a comment. */
function withoutOrigins(document: unknown): unknown {
  if (Array.isArray(document)) return document.map(withoutOrigins);
  if (typeof document !== "object" || document === null) return document;
  if ("value" in document && "sure" in document) return withoutOrigins(document.value);
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, withoutOrigins(value)]));
}
