import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeWhole } from "../../src/node/write.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("files are written with the folders that they need, over older ones", () => {
  const [a, b] = [join(folder, "one", "a.txt"), join(folder, "one", "two", "b.txt")];
  writeWhole({ [a]: "old", [b]: "b" });
  writeWhole({ [a]: "new" });
  expect([a, b].map((path) => readFileSync(path, "utf8"))).toEqual(["new", "b"]);
  expect(readdirSync(join(folder, "one")).sort()).toEqual(["a.txt", "two"]);
});

test("when one file cannot be written, none is, and no part stays behind", () => {
  const place = join(folder, "mixed");
  mkdirSync(place);
  writeFileSync(join(place, "kept.txt"), "kept");
  const files = { [join(place, "kept.txt")]: "changed", [join(place, "kept.txt", "below.txt")]: "x" };
  expect(() => writeWhole(files)).toThrow(/^cannot write .*below\.txt: /);
  expect(readdirSync(place)).toEqual(["kept.txt"]);
  expect(readFileSync(join(place, "kept.txt"), "utf8")).toBe("kept");
});
