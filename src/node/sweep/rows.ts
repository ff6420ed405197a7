/** Reading results again, row by row. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { FlatRow } from "../../explore/table.ts";

/** @throws Error that names the line which is no row */
export async function* rowsIn(path: string): AsyncGenerator<FlatRow, void, void> {
  let line = 0;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const text of lines) {
    line++;
    let row: unknown;
    try {
      row = JSON.parse(text);
    } catch {
      row = undefined;
    }
    if (!isFlatRow(row)) throw new Error(`${path}:${line} is no row of results`);
    yield row;
  }
}

export const isFlatRow = (value: unknown): value is FlatRow =>
  typeof value === "object" &&
  value !== null &&
  "index" in value &&
  "status" in value &&
  Object.values(value).every((cell) => ["string", "number", "boolean"].includes(typeof cell));
