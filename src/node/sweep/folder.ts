/**
 * A sweep's folder: `sweep.json` says what it is of, `shards/` has a file for each shard that is done, whole or not at all, and at the end
 * `results.jsonl` and `results.parquet` have all rows in the order of the designs.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { methods } from "../../config/search-method.ts";
import type { DesignSpace } from "../../config/space.ts";
import { columnsOf } from "../../explore/table.ts";
import { version } from "../../version.ts";
import { createWhole, writeWhole } from "../write.ts";
import { shardSize, shardsOf } from "./shard.ts";

const column = z.object({ name: z.string(), type: z.enum(["number", "text", "boolean"]) });
const objective = z.object({ expression: z.string(), better: z.enum(["less", "more"]) });

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.string(),
  experiment: z.string(),
  title: z.string(),
  source: z.string(),
  set: z.array(z.string()),
  configHash: z.string(),
  /** A sweep draws nothing by lot. */
  seed: z.number().nullable(),
  /** Of a search: its shards are what it asked for, one question after the other. */
  search: z
    .object({ method: z.enum([...methods, "refine"]), points: z.number(), weights: z.array(z.number()) })
    .optional(),
  size: z.number(),
  shards: z.number(),
  shardSize: z.number(),
  parameters: z.array(z.string()),
  objectives: z.array(objective),
  limits: z.array(z.string()),
  columns: z.array(column),
});

export type Manifest = z.output<typeof manifestSchema>;

export const manifestOf = (space: DesignSpace, configHash: string, set: readonly string[]): Manifest => ({
  schemaVersion: 1,
  tool: `papillon-sim ${version}`,
  experiment: space.name,
  title: space.title,
  source: space.source,
  set: [...set],
  configHash,
  seed: null,
  size: space.size,
  shards: shardsOf(space),
  shardSize: shardSize(space),
  parameters: [...space.parameters],
  objectives: [...space.objectives],
  limits: [...space.limits],
  columns: [...columnsOf(space)],
});

const manifestPath = (folder: string): string => join(folder, "sweep.json");

/** @throws Error when the folder has none, or one that is damaged */
export function readManifest(folder: string): Manifest {
  const path = manifestPath(folder);
  if (!existsSync(path)) throw new Error(`${folder} has no sweep.json: it is no folder of a sweep`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(`${path} is damaged: delete the folder, or put the file back`);
  }
  const read = manifestSchema.safeParse(content);
  if (!read.success)
    throw new Error(`${path} is damaged, or of another version: delete the folder, or put the file back`);
  return read.data;
}

export const hasManifest = (folder: string): boolean => existsSync(manifestPath(folder));

/**
 * Writes the manifest of a new folder: of processes that begin in it at once, one does.
 * @returns "new" where this one did; "known" where the folder has one, whosever it is; "stray" where it has shards of nobody knows what
 * @throws Error when it cannot be written
 */
export function beginFolder(folder: string, manifest: Manifest): "new" | "known" | "stray" {
  // Looked for first: whoever writes a manifest meanwhile has no shards before.
  const shards = existsSync(join(folder, "shards"));
  if (hasManifest(folder)) return "known";
  if (shards) return "stray";
  return createWhole(manifestPath(folder), `${JSON.stringify(manifest, null, 2)}\n`) ? "new" : "known";
}

export const strayShards = (folder: string): string =>
  `${folder} has shards without sweep.json: choose another folder, or put the file back`;

export const shardPath = (folder: string, shard: number): string =>
  join(folder, "shards", `${String(shard).padStart(6, "0")}.jsonl`);

export const writeShard = (folder: string, shard: number, bytes: Uint8Array): void =>
  writeWhole({ [shardPath(folder, shard)]: bytes });

/** Shards that are done, and those whose file was damaged since. */
export function shardsIn(
  folder: string,
  { shards, shardSize, size }: Manifest,
  space: DesignSpace,
): { readonly done: ReadonlySet<number>; readonly damaged: readonly number[] } {
  const done = new Set<number>();
  const damaged: number[] = [];
  const present = new Set(existsSync(join(folder, "shards")) ? readdirSync(join(folder, "shards")) : []);
  for (let shard = 0; shard < shards; shard++) {
    const path = shardPath(folder, shard);
    if (!present.has(`${String(shard).padStart(6, "0")}.jsonl`)) continue;
    const range = { from: shard * shardSize, to: Math.min((shard + 1) * shardSize, size) };
    if (isWhole(readFileSync(path, "utf8"), range, space)) done.add(shard);
    else damaged.push(shard);
  }
  return { done, damaged };
}

/** A row for each design of the range, in ascending order, up to the last byte. */
function isWhole(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
  space: DesignSpace,
): boolean {
  const lines = text === "" ? [] : text.split("\n");
  if (text !== "" && lines.pop() !== "") return false;
  let line = 0;
  for (let index = from; index < to; index++) {
    if (!space.whole && space.at(index) === undefined) continue;
    if (indexIn(lines[line++] ?? "") !== index) return false;
  }
  return line === lines.length;
}

const rowStart = z.object({ index: z.number(), status: z.enum(["done", "unfit", "failed"]) });

function indexIn(line: string): number | undefined {
  try {
    return rowStart.safeParse(JSON.parse(line)).data?.index;
  } catch {
    return undefined;
  }
}
