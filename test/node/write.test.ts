import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createWhole, writeWhole } from "../../src/node/write.ts";
import { beforeFirst, meanwhile } from "./file-system.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An empty folder. */
function place(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

const text = (path: string): string => readFileSync(path, "utf8");

test("files are written with the folders that they need, over older ones", () => {
  const [a, b] = [join(folder, "one", "a.txt"), join(folder, "one", "two", "b.txt")];
  writeWhole({ [a]: "old", [b]: "b" });
  writeWhole({ [a]: "new" });
  expect([a, b].map(text)).toEqual(["new", "b"]);
  expect(readdirSync(join(folder, "one")).sort()).toEqual(["a.txt", "two"]);
});

test("when one file cannot be written, none is, and no part stays behind", () => {
  const here = place("mixed");
  writeFileSync(join(here, "kept.txt"), "kept");
  const files = { [join(here, "kept.txt")]: "changed", [join(here, "kept.txt", "below.txt")]: "x" };
  expect(() => writeWhole(files)).toThrow(/^cannot write .*below\.txt: /);
  expect(readdirSync(here)).toEqual(["kept.txt"]);
  expect(text(join(here, "kept.txt"))).toBe("kept");
});

test("when a folder stands where a file is to go, none is written", () => {
  const here = place("taken");
  mkdirSync(join(here, "b.txt"));
  writeFileSync(join(here, "a.txt"), "kept");
  const files = { [join(here, "a.txt")]: "changed", [join(here, "b.txt")]: "b" };
  expect(() => writeWhole(files)).toThrow(/^cannot write .*b\.txt: it is a folder$/);
  expect(readdirSync(here).sort()).toEqual(["a.txt", "b.txt"]);
  expect(text(join(here, "a.txt"))).toBe("kept");
});

test("a link is followed, and stays", () => {
  const here = place("linked");
  writeFileSync(join(here, "real.txt"), "old");
  symlinkSync("real.txt", join(here, "link.txt"));
  writeWhole({ [join(here, "link.txt")]: "new" });
  expect(lstatSync(join(here, "link.txt")).isSymbolicLink()).toBe(true);
  expect(text(join(here, "real.txt"))).toBe("new");
  expect(readdirSync(here).sort()).toEqual(["link.txt", "real.txt"]);
});

test("a pipe, or a device such as /dev/null, is written to and not replaced", async () => {
  const here = place("piped");
  const [pipe, out] = [join(here, "pipe"), join(here, "out")];
  execFileSync("mkfifo", [pipe]);
  const reader = spawn("sh", ["-c", `cat "${pipe}" > "${out}"`], { stdio: "ignore" });
  const ended = once(reader, "exit");
  try {
    writeWhole({ [pipe]: "through" });
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    await ended;
    expect(text(out)).toBe("through");
  } finally {
    reader.kill();
  }
});

test("a folder that another process makes between the look and the making serves both", () => {
  const file = join(folder, "raced", "deep", "a.txt");
  let made = 0;
  meanwhile(
    "existsSync",
    (look) => (path) => {
      const seen = look(path);
      if (!seen) mkdirSync(path, { recursive: true });
      made += seen ? 0 : 1;
      return seen;
    },
    () => writeWhole({ [file]: "a" }),
  );
  expect(made).toBeGreaterThan(0);
  expect(text(file)).toBe("a");
});

test("a folder that a network file system does not show yet is no obstacle", () => {
  const here = place("unseen");
  meanwhile(
    "existsSync",
    (look) => (path) => path !== here && look(path),
    () => writeWhole({ [join(here, "a.txt")]: "a" }),
  );
  expect(text(join(here, "a.txt"))).toBe("a");
});

test("two machines whose processes have the same number write one file at once, each the whole of it", () => {
  const here = place("shared");
  const file = join(here, "a.txt");
  const other = (): void => writeWhole({ [file]: "the other's" });
  meanwhile(
    "writeFileSync",
    (write) => beforeFirst(write, other),
    () => writeWhole({ [file]: "mine" }),
  );
  expect(text(file)).toBe("mine");
  expect(readdirSync(here)).toEqual(["a.txt"]);
});

test("of two that create one file at once, one does, and the other is told", () => {
  const here = place("created");
  const file = join(here, "new", "a.txt");
  const told: boolean[] = [];
  const other = (): void => {
    told.push(createWhole(file, "the other's"));
  };
  meanwhile(
    "writeFileSync",
    (write) => beforeFirst(write, other),
    () => told.push(createWhole(file, "mine")),
  );
  expect(told).toEqual([true, false]);
  expect(text(file)).toBe("the other's");
  expect(readdirSync(join(here, "new"))).toEqual(["a.txt"]);
});

test("a file is created on a file system without links too, and not over another", () => {
  const file = join(place("unlinked"), "a.txt");
  const told: boolean[] = [];
  const refuse = () => (): never => {
    throw Object.assign(new Error("EPERM: operation not permitted, link"), { code: "EPERM" });
  };
  meanwhile("linkSync", refuse, () => told.push(createWhole(file, "first"), createWhole(file, "second")));
  expect(told).toEqual([true, false]);
  expect(text(file)).toBe("first");
  expect(() => createWhole(join(file, "below"), "x")).toThrow(/^cannot write .*below: not a directory$/);
});
