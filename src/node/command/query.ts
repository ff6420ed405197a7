/** `papillon query`: SQL over the results of a sweep. */
import type { Command } from "commander";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { type Format, formatOption, widthOption } from "./option.ts";

interface QueryOptions {
  readonly format: Format;
  readonly width?: number;
}

export function defineQuery(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("query")
    .summary("ask a sweep's results in SQL")
    .description(
      "Runs SQL by DuckDB over the results of papillon sweep, whole or not. The table `designs` has short names of columns, `results` whole ones. Needs the optional package @duckdb/node-api.",
    )
    .argument("<folder>", "what papillon sweep wrote")
    .argument("<sql>", 'such as "SELECT * FROM designs LIMIT 5"')
    .addOption(formatOption())
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon query results/dfx-space "SELECT status, count(*) AS designs FROM designs GROUP BY status"
  papillon query results/dfx-space "SELECT width, lanes, min(latencySeconds) FROM designs GROUP BY ALL ORDER BY 3"
  papillon query results/dfx-space "SELECT * FROM designs WHERE feasible" --format csv`,
    )
    .action(async (folder: string, sql: string, options: QueryOptions) =>
      ends(await answer(folder, sql, options)),
    );
}

async function answer(folder: string, sql: string, { format, width }: QueryOptions): Promise<ExitStatus> {
  const { hasManifest } = await import("../sweep/folder.ts");
  if (!hasManifest(folder))
    return refuseUse(`${folder}: expected a folder that papillon sweep wrote, found none`);
  const { query } = await import("../query.ts");
  const found = await query(folder, sql);
  if (typeof found === "string") return refuseUse(found);
  const { header, rows } = found;
  if (format === "json") {
    const objects = rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? null])));
    process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
    return exit.done;
  }
  if (format === "csv") {
    const { csvText } = await import("../../report/csv.ts");
    process.stdout.write(csvText([header, ...rows.map((row) => row.map((cell) => cell ?? ""))]));
    return exit.done;
  }
  const { columnLines, leftColumn, rightColumn } = await import("../../report/columns.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const columns = header.map((name, at) => {
    const cells = rows.map((row) => row[at] ?? null);
    const numeric = cells.some((cell) => typeof cell === "number");
    // What does not fit into the width goes from the right.
    return (numeric ? rightColumn : leftColumn)(name, cells.map(cellText), at);
  });
  const lines = columnLines(columns, widthOf(process.stdout, width), paintOf(process.stdout));
  process.stdout.write(`${lines.join("\n")}\n`);
  return exit.done;
}

/** Six digits are enough to read; CSV and JSON have all. */
const cellText = (cell: string | number | boolean | null): string =>
  cell === null
    ? ""
    : typeof cell === "number" && !Number.isInteger(cell)
      ? String(Number(cell.toPrecision(6)))
      : String(cell);
