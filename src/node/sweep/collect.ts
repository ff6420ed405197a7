/** From a folder's shards to its results: the same bytes whoever worked the shards out, in whatever order. */
import { createReadStream, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as others } from "node:timers/promises";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import type { SweptValue } from "../../config/range.ts";
import type { Column, FlatRow } from "../../explore/table.ts";
import { discard, partOf, reasonOf } from "../write.ts";
import { type Manifest, shardPath } from "./folder.ts";
import type { Working } from "./interrupted.ts";
import { isFlatRow } from "./rows.ts";

export const jsonlPath = (folder: string): string => join(folder, "results.jsonl");
export const parquetPath = (folder: string): string => join(folder, "results.parquet");

/** Rows of a group in the Parquet file. */
const groupRows = 10_000;

/** Writes both files of results. Each is written beside its place first, so that a reader never sees a part. Stopped, it leaves none. */
export function collect(folder: string, manifest: Manifest): Working {
  const leave = new AbortController();
  const done = putTogether(folder, manifest, leave.signal);
  return {
    done,
    stop: async () => {
      leave.abort();
      await done.catch(() => undefined);
    },
  };
}

/** @param leaving looked at now and then; results that are half written are removed */
async function putTogether(folder: string, manifest: Manifest, leaving: AbortSignal): Promise<void> {
  const [jsonl, parquet] = [jsonlPath(folder), parquetPath(folder)];
  const parts = [jsonl, parquet].map(partOf);
  const [lines = "", columns = ""] = parts;
  try {
    writeFileSync(lines, "");
    for (let shard = 0; shard < manifest.shards; shard++) {
      writeFileSync(lines, readFileSync(shardPath(folder, shard)), { flag: "a" });
      await others();
      leaving.throwIfAborted();
    }
    await writeParquet(lines, columns, manifest, leaving);
    renameSync(lines, jsonl);
    renameSync(columns, parquet);
  } catch (error) {
    for (const part of parts) discard(part);
    if (leaving.aborted) return;
    throw new Error(`cannot write ${jsonl}: ${reasonOf(error)}`, { cause: error });
  }
}

async function writeParquet(
  from: string,
  to: string,
  manifest: Manifest,
  leaving: AbortSignal,
): Promise<void> {
  const writer = new ParquetWriter({
    writer: fileWriter(to),
    schema: [
      { name: "root", num_children: manifest.columns.length },
      ...manifest.columns.map(({ name, type }) => ({
        name,
        repetition_type: "OPTIONAL" as const,
        ...parquetTypes[type],
      })),
    ],
    createdBy: manifest.tool,
    kvMetadata: [{ key: "papillon", value: JSON.stringify(manifest) }],
  });
  let rows: FlatRow[] = [];
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    const columnData = manifest.columns.map((column) => ({
      name: column.name,
      data: rows.map((row) => cellOf(row[column.name], column)),
    }));
    await writer.write({ columnData, rowGroupSize: groupRows });
    rows = [];
    await others();
    leaving.throwIfAborted();
  };
  for await (const line of createInterface({
    input: createReadStream(from),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const row: unknown = JSON.parse(line);
    if (!isFlatRow(row)) throw new Error(`a line that is no row: ${line.slice(0, 60)}`);
    rows.push(row);
    if (rows.length >= groupRows) await flush();
  }
  await flush();
  await writer.finish();
}

const parquetTypes = {
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
} as const;

function cellOf(value: SweptValue | undefined, { type }: Column): SweptValue | undefined {
  if (value === undefined) return undefined;
  return type === "text" ? String(value) : value;
}
