import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { writeWhole } from "../../src/node/write.ts";

vi.mock("node:fs", async (real) => {
  const fs = await real<typeof import("node:fs")>();
  return { ...fs, existsSync: vi.fn(fs.existsSync), writeFileSync: vi.fn(fs.writeFileSync) };
});
const fs = await vi.importActual<typeof import("node:fs")>("node:fs");
afterEach(() => {
  vi.mocked(existsSync).mockImplementation(fs.existsSync);
  vi.mocked(writeFileSync).mockImplementation(fs.writeFileSync);
});

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

test("a folder that another process makes between the look and the making serves both", () => {
  const file = join(folder, "raced", "deep", "a.txt");
  vi.mocked(existsSync).mockImplementation((path) => {
    const seen = fs.existsSync(path);
    if (!seen) fs.mkdirSync(path, { recursive: true });
    return seen;
  });
  writeWhole({ [file]: "a" });
  expect(readFileSync(file, "utf8")).toBe("a");
});

test("two machines whose processes have the same number write one file at once, each the whole of it", () => {
  const file = join(folder, "shared.json");
  vi.mocked(writeFileSync).mockImplementationOnce((path, text) => {
    fs.writeFileSync(path, text);
    writeWhole({ [file]: "the other's" });
  });
  writeWhole({ [file]: "mine" });
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect(readdirSync(folder).filter((name) => name.startsWith("shared"))).toEqual(["shared.json"]);
});
