import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { collect, jsonlPath, parquetPath } from "../../../src/node/sweep/collect.ts";
import { readManifest } from "../../../src/node/sweep/folder.ts";
import { type OpenedSpace, openSpace, type SweepRequest } from "../../../src/node/sweep/request.ts";
import { openFolder } from "../../../src/node/sweep/run.ts";
import { writeWhole } from "../../../src/node/write.ts";
import { beforeFirst, meanwhile } from "../file-system.ts";
import { writeSweep } from "../sweep-folder.ts";

const scratch = mkdtempSync(join(tmpdir(), "papillon-folder-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const request = (tokens: number): SweepRequest => ({
  experiment: "dfx-space",
  set: [`workload.outputTokens=${tokens}`],
});

function spaceOf(asked: SweepRequest): OpenedSpace {
  const opened = openSpace(asked);
  if (typeof opened === "string" || !opened.ok) throw new Error("no space");
  return opened.value;
}
const [four, five] = [request(4), request(5)];
const [space, other] = [spaceOf(four), spaceOf(five)];
const part = { index: 1, of: 2 };

test("of two sweeps of different configs that begin in one folder at once, one is refused", () => {
  const folder = join(scratch, "mixed");
  const theirs = (): void => {
    openFolder(other, { folder, resume: false, request: five, part });
  };
  meanwhile(
    "writeFileSync",
    (write) => beforeFirst(write, theirs),
    () =>
      expect(() => openFolder(space, { folder, resume: false, request: four, part })).toThrow(
        /holds results of other configs/,
      ),
  );
  expect(readManifest(folder).configHash).toBe(other.hash);
  expect(readdirSync(folder)).toEqual(["sweep.json"]);
});

test("of one sweep that is begun twice at once, one is told so; parts of it go on together", () => {
  const begin = (folder: string, options: { readonly part?: typeof part }) => {
    const opening = () => openFolder(space, { folder, resume: false, request: four, ...options });
    meanwhile(
      "writeFileSync",
      (write) => beforeFirst(write, opening),
      () => opening(),
    );
  };
  expect(() => begin(join(scratch, "twice"), {})).toThrow(/holds this sweep already: --resume/);
  begin(join(scratch, "parts"), { part });
  expect(readManifest(join(scratch, "parts")).configHash).toBe(space.hash);
});

test("shards of nobody knows which sweep are not taken for this one's", () => {
  const folder = join(scratch, "stray");
  writeWhole({ [join(folder, "shards", "000000.jsonl")]: "" });
  expect(() => openFolder(space, { folder, resume: true, request: four })).toThrow(
    `${folder} has shards without sweep.json: choose another folder, or put the file back`,
  );
});

const results = (folder: string): readonly Buffer[] =>
  [jsonlPath(folder), parquetPath(folder)].map((path) => readFileSync(path));

test("two that put the results together at once write the same, and leave no parts", async () => {
  const folder = join(scratch, "collected");
  writeSweep(folder);
  const manifest = readManifest(folder);
  await collect(folder, manifest).done;
  const alone = results(folder);
  await Promise.all([collect(folder, manifest).done, collect(folder, manifest).done]);
  expect(results(folder)).toEqual(alone);
  expect(readdirSync(folder).sort()).toEqual(["results.jsonl", "results.parquet", "shards", "sweep.json"]);
});

test("results that are put together when Ctrl-C comes leave nothing half written", async () => {
  const folder = join(scratch, "interrupted");
  writeSweep(folder);
  const { stop } = collect(folder, readManifest(folder));
  expect(readdirSync(folder).some((name) => name.endsWith(".part"))).toBe(true);
  await stop();
  expect(readdirSync(folder).sort()).toEqual(["shards", "sweep.json"]);
});
