/** `papillon validate`: our model on published and measured tables, with the error of each row. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { SuiteResult } from "../../validation/suite.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
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
  const { malformedNumbers, shippedRows, rowsOf } = await import("../suite-rows.ts");
  const { runSuite } = await import("../../validation/suite.ts");
  const { fileLibrary } = await import("../library.ts");
  const library = fileLibrary();
  const { data } = options;
  if (data === undefined)
    return finish(
      chosen.map((suite) => runSuite(suite, shippedRows(suite), library)),
      options,
    );
  const [only, ...others] = chosen;
  if (only === undefined || others.length > 0) return refuseUse("--data goes with the name of one suite");
  const text = textOf(data);
  if (text === undefined) return refuseUse(`cannot read ${data}`);
  const { columns, rows } = rowsOf(text);
  const missing = only.columns.filter((column) => !columns.includes(column));
  if (missing.length > 0) return refuseUse(`${data} lacks the columns ${missing.join(", ")}`);
  const problems = malformedNumbers(only, data, text);
  if (problems.length > 0) return refuse(problems);
  return finish([runSuite(only, rows, library)], options);
}

async function finish(results: readonly SuiteResult[], options: ValidateOptions): Promise<ExitStatus> {
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

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
