/** SQL over the rows of a sweep, by the optional package @duckdb/node-api. */
import { existsSync } from "node:fs";
import { shortName } from "../explore/label.ts";
import { rowFiles } from "./plot.ts";
import { parquetPath } from "./sweep/collect.ts";
import { type Manifest, readManifest } from "./sweep/folder.ts";

export interface Answer {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export type Value = string | number | boolean | null;

/**
 * Answers one or more statements, the last of which gives the rows. The view `results` has the columns of the files by their whole names,
 * `designs` the same columns by short ones.
 * @returns a text that says what DuckDB does not understand, where it does not
 * @throws Error that says what to install
 */
export async function query(folder: string, sql: string): Promise<Answer | string> {
  const manifest = readManifest(folder);
  const { DuckDBInstance } = await import("@duckdb/node-api").catch((cause: unknown) => {
    throw new Error(
      "papillon query needs the optional package @duckdb/node-api: npm install @duckdb/node-api",
      {
        cause,
      },
    );
  });
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    // Nothing is fetched from the network.
    await connection.run("SET autoinstall_known_extensions = false");
    await connection.run(`CREATE VIEW results AS SELECT * FROM ${sourceOf(folder, manifest)}`);
    const short = manifest.columns.map(({ name }) => `${quoted(name)} AS ${quoted(shortOf(name, manifest))}`);
    await connection.run(`CREATE VIEW designs AS SELECT ${short.join(", ")} FROM results`);
    const reader = await connection.runAndReadAll(sql).catch(messageOf);
    if (typeof reader === "string") return reader;
    return { header: reader.columnNames(), rows: reader.getRowsJS().map((row) => row.map(plainValue)) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function sourceOf(folder: string, { columns }: Manifest): string {
  const parquet = parquetPath(folder);
  if (existsSync(parquet)) return `read_parquet(${text(parquet)})`;
  const { files } = rowFiles(folder);
  if (files.length === 0) throw new Error(`${folder} has no rows yet`);
  const types = columns.map(({ name, type }) => `${text(name)}: ${text(sqlTypes[type])}`);
  return `read_json([${files.map(text).join(", ")}], format = 'newline_delimited', columns = {${types.join(", ")}})`;
}

const sqlTypes = { number: "DOUBLE", text: "VARCHAR", boolean: "BOOLEAN" } as const;

function shortOf(name: string, { parameters, columns }: Manifest): string {
  if (!parameters.includes(name)) return name;
  const short = shortName(name, parameters);
  return columns.some((column) => column.name === short) ? name : short;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Whole numbers stay numbers as long as they are exact. */
function plainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}
