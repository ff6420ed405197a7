/** The designs of a sweep's folder, as plots need them: of one that is not whole yet, those of its shards that are done. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Designs, designsOf } from "../explore/plot/designs.ts";
import type { FlatRow } from "../explore/table.ts";
import { jsonlPath } from "./sweep/collect.ts";
import { hasManifest, readManifest } from "./sweep/folder.ts";
import { rowsIn } from "./sweep/rows.ts";

export interface SweptFolder {
  readonly designs: Designs;
  /** Shards that are not done, of all; a search that is not done has no number of them. */
  readonly missing: number;
  readonly shards: number;
}

/** @throws Error when the folder is no sweep's, or damaged */
export async function readFolder(folder: string): Promise<SweptFolder> {
  const manifest = readManifest(folder);
  const { files, whole } = rowFiles(folder);
  const designs = await designsOf(allRows(files), manifest);
  const { shards, search } = manifest;
  const missing = search === undefined ? shards - files.length : 1;
  return { designs, shards, missing: whole ? 0 : missing };
}

export const isSweptFolder = (path: string): boolean => hasManifest(path);

/** Files of rows, in the order of the designs. @returns whether they are all */
export function rowFiles(folder: string): { readonly files: readonly string[]; readonly whole: boolean } {
  const results = jsonlPath(folder);
  if (existsSync(results)) return { files: [results], whole: true };
  const shards = join(folder, "shards");
  const names = existsSync(shards) ? readdirSync(shards) : [];
  const done = names.filter((name) => name.endsWith(".jsonl")).sort();
  return { files: done.map((name) => join(shards, name)), whole: false };
}

async function* allRows(files: readonly string[]): AsyncGenerator<FlatRow, void, void> {
  for (const file of files) yield* rowsIn(file);
}
