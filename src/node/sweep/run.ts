/** A sweep on this machine: what is missing in its folder is worked out by threads, and the results put together. */
import { availableParallelism } from "node:os";
import { fullSpeed } from "../startup.ts";
import { collect, jsonlPath } from "./collect.ts";
import {
  beginFolder,
  type Manifest,
  manifestOf,
  readManifest,
  shardsIn,
  strayShards,
  writeShard,
} from "./folder.ts";
import { interrupted, type Working } from "./interrupted.ts";
import { pool } from "./pool.ts";
import type { Progress } from "./progress.ts";
import type { OpenedSpace, SweepRequest } from "./request.ts";
import { rowsIn } from "./rows.ts";
import type { ShardResult } from "./shard.ts";
import { type Summary, summarize } from "./summary.ts";

export interface RunOptions {
  readonly request: SweepRequest;
  readonly folder: string;
  readonly resume: boolean;
  readonly workers?: number;
  /** This machine's part, `index` of `of`, from 1. */
  readonly part?: Part;
  readonly progressOver: (designs: number) => Progress;
  readonly tell: (line: string) => void;
  /** Who works shards out; by default threads of this process. */
  readonly crew?: Crew;
}

/** Works out shards; `done` rejects when some failed for good, `stop` ends the work before. */
export type Crew = (
  shards: readonly number[],
  onResult: (result: ShardResult) => void,
) => Working | Promise<Working>;

export interface Part {
  readonly index: number;
  readonly of: number;
}

export type Ended =
  | { readonly kind: "whole"; readonly manifest: Manifest; readonly summary: Summary }
  /** Other machines have shards to do. */
  | { readonly kind: "part"; readonly manifest: Manifest; readonly missing: number }
  | { readonly kind: "stopped"; readonly manifest: Manifest; readonly missing: number };

/** @throws Error where something cannot be read or written, or where the folder holds another sweep */
export async function runSweep(opened: OpenedSpace, options: RunOptions): Promise<Ended> {
  const { folder, request, part = { index: 1, of: 1 } } = options;
  const { space, hash } = opened;
  const manifest = openFolder(opened, options);
  const { done, damaged } = shardsIn(folder, manifest, space);
  if (damaged.length > 0)
    options.tell(`${folder}: shard ${damaged.join(", ")} is damaged and worked out again`);
  const all = Array.from({ length: manifest.shards }, (_, shard) => shard);
  const missing = all.filter((shard) => !done.has(shard));
  const mine = missing.filter((shard) => shard % part.of === part.index - 1);
  const designs = mine.reduce(
    (sum, shard) => sum + Math.min(manifest.shardSize, space.size - shard * manifest.shardSize),
    0,
  );
  const progress = options.progressOver(designs);
  let left = missing.length;
  fullSpeed();
  const workers = options.workers ?? availableParallelism();
  const { crew = (shards, onResult) => pool(shards, { request, hash, workers, onResult }) } = options;
  const working = await crew(mine, ({ shard, bytes, count }) => {
    writeShard(folder, shard, bytes);
    progress.add(count);
    left--;
  });
  const stopped = await interrupted(working);
  progress.end();
  if (stopped) return { kind: "stopped", manifest, missing: left };
  if (left > 0) {
    // Another machine that shares the folder may have done them meanwhile.
    const now = shardsIn(folder, manifest, space).done;
    left = all.filter((shard) => !now.has(shard)).length;
  }
  if (left > 0) return { kind: "part", manifest, missing: left };
  if (await interrupted(collect(folder, manifest))) return { kind: "stopped", manifest, missing: 0 };
  const summary = await summarize(rowsIn(jsonlPath(folder)), manifest);
  return { kind: "whole", manifest, summary };
}

/** The manifest of a new folder, or of one whose sweep goes on. */
export function openFolder(
  { space, hash }: OpenedSpace,
  { folder, resume, request, part }: Pick<RunOptions, "folder" | "resume" | "request" | "part">,
): Manifest {
  const manifest = manifestOf(space, hash, request.set);
  const begun = beginFolder(folder, manifest);
  if (begun === "stray") throw new Error(strayShards(folder));
  if (begun === "new") return manifest;
  const known = readManifest(folder);
  if (known.search !== undefined) throw new Error(`${folder} holds a search: choose another folder`);
  if (known.configHash !== hash)
    throw new Error(
      `${folder} holds results of other configs, or of another version (${known.tool}): choose another folder`,
    );
  // The parts of one sweep share a folder from the begin.
  if (!resume && part === undefined)
    throw new Error(`${folder} holds this sweep already: --resume goes on with it`);
  return known;
}
