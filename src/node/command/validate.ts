/** `papillon validate`: our model on published and measured tables, with the error of each row. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { Suite, SuiteResult } from "../../validation/suite.ts";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { type Format, formatOption, widthOption } from "./option.ts";

interface ValidateOptions {
  readonly data?: string;
  readonly format: Format;
  readonly width?: number;
}

export function defineValidate(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("validate")
    .summary("hold the models against published tables")
    .description(
      "Runs our models on the rows of reference tables and tells the error of each; exits 1 past the stated tolerance.",
    )
    .argument("[suite...]", "names of suites (default: all)")
    .option("--data <rows.csv>", "rows to use instead of the shipped ones, with the same columns")
    .addOption(formatOption())
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon validate
  papillon validate dfx-latency
  papillon validate dfx-latency --data my-rows.csv --format json`,
    )
    .action(async (names: readonly string[], options: ValidateOptions) =>
      ends(await validate(names, options)),
    );
}

async function validate(names: readonly string[], options: ValidateOptions): Promise<ExitStatus> {
  const { suites } = await import("../../validation/index.ts");
  const known = suites.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return refuseUse(
      `no suite ${unknown.map((name) => JSON.stringify(name)).join(", ")}; there are ${known.join(", ")}`,
    );
  const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));
  const { csvParseRows } = await import("d3-dsv");
  const { fileLibrary, shippedText } = await import("../library.ts");
  const texts = new Map<Suite, readonly string[]>(
    chosen.map((suite) => [suite, suite.tables.map(shippedText)]),
  );
  if (options.data !== undefined) {
    const [only, ...others] = chosen;
    if (only === undefined || others.length > 0) return refuseUse("--data goes with the name of one suite");
    const text = textOf(options.data);
    if (text === undefined) return refuseUse(`cannot read ${options.data}`);
    const [header = []] = csvParseRows(text);
    const missing = only.columns.filter((column) => !header.includes(column));
    if (missing.length > 0) return refuseUse(`${options.data} lacks the columns ${missing.join(", ")}`);
    texts.set(only, [text]);
  }
  const { runSuite } = await import("../../validation/suite.ts");
  const library = fileLibrary();
  const results = chosen.map((suite) => {
    const rows = (texts.get(suite) ?? []).flatMap((text) => records(csvParseRows(text)));
    return runSuite(suite, rows, library);
  });
  process.stdout.write(await printed(results, options));
  return results.every(({ pass }) => pass) ? exit.done : exit.failed;
}

async function printed(
  results: readonly SuiteResult[],
  { format, width: asked }: ValidateOptions,
): Promise<string> {
  if (format === "json") return `${JSON.stringify({ suites: results }, null, 2)}\n`;
  const { validationCsv, validationTable } = await import("../validation-table.ts");
  if (format === "csv") return validationCsv(results);
  const { paintOf, widthOf } = await import("../terminal.ts");
  return validationTable(results, widthOf(process.stdout, asked), paintOf(process.stdout));
}

/** Rows by column name; short rows lack their last columns. */
function records([header = [], ...rows]: readonly (readonly string[])[]): readonly Readonly<
  Record<string, string>
>[] {
  return rows
    .filter((row) => row.some((cell) => cell !== ""))
    .map((row) =>
      Object.fromEntries(
        row.flatMap((cell, index) => {
          const column = header[index];
          return column === undefined ? [] : [[column, cell]];
        }),
      ),
    );
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
