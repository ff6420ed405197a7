/** `papillon compare`: kept results side by side, and why they differ. */
import { basename } from "node:path";
import type { Command } from "commander";
import type { DoneRun } from "../../report/chart/chart.ts";
import type { Comparison } from "../../report/compare/compare.ts";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { type Format, formatOption, widthOption } from "./option.ts";

interface CompareOptions {
  readonly format: Format;
  readonly html?: string;
  readonly width?: number;
}

export function defineCompare(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("compare")
    .summary("kept results side by side, and why they differ")
    .description(
      "Compares runs that papillon run --format json printed; the first is the base. A file of several runs stands for all of them, file.json#name for one.",
    )
    .argument("<results...>", "files of results, each with #run where one run is meant")
    .addOption(formatOption())
    .option("--html <file>", "write a page with charts and tables instead")
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon compare before.json after.json
  papillon compare "dfx.json#345M on 1 card [64:64]" "dfx.json#774M on 2 cards [64:64]" --html compare.html
  papillon compare sta-speedup.json --format json`,
    )
    .action(async (results: readonly string[], options: CompareOptions) =>
      ends(await compareRuns(results, options)),
    );
}

async function compareRuns(
  results: readonly string[],
  { format, html, width }: CompareOptions,
): Promise<ExitStatus> {
  const read = await Promise.all(results.map(runsIn));
  const problems = read.flatMap((each) => (typeof each === "string" ? [each] : []));
  if (problems.length > 0) return refuseUse(problems.join("\npapillon: "));
  const runs = distinct(read.flatMap((each) => (typeof each === "string" ? [] : each)));
  if (runs.length < 2) return refuseUse(`a comparison needs two runs that fit, found ${runs.length}`);
  const { compare } = await import("../../report/compare/compare.ts");
  const comparison = compare(runs.map(({ run }) => run));
  if (html !== undefined) return await writePage(comparison, html);
  if (format === "table") {
    const { comparisonSections } = await import("../../report/compare/sections.ts");
    const { sectionText } = await import("../../report/view/text.ts");
    const { paintOf, widthOf } = await import("../terminal.ts");
    const text = sectionText(
      comparisonSections(comparison),
      widthOf(process.stdout, width),
      paintOf(process.stdout),
    );
    process.stdout.write(text);
  } else if (format === "json") {
    process.stdout.write(`${JSON.stringify(plainOf(comparison), null, 2)}\n`);
  } else {
    const { csvText } = await import("../../report/csv.ts");
    const header = [
      "base",
      "run",
      "op",
      "cause",
      "beforeSeconds",
      "afterSeconds",
      "differenceSeconds",
      "because",
    ];
    const [base] = comparison.runs;
    const rows = comparison.against.flatMap(({ run, reasons }) =>
      reasons.map(({ op, cause, before, after, seconds, because }) => [
        base?.name,
        run.name,
        op,
        cause,
        before,
        after,
        seconds,
        because,
      ]),
    );
    process.stdout.write(csvText([header, ...rows]));
  }
  return exit.done;
}

/** Without the reports of the runs, which are in their own files. */
const plainOf = ({ runs, against, ...parts }: Comparison): unknown => ({
  schemaVersion: 1,
  runs: runs.map(({ name, report }) => ({
    name,
    latencySeconds: report.totals.latencySeconds,
    energyJoules: report.totals.energyJoules,
  })),
  ...parts,
  against: against.map(({ run, ...why }) => ({ run: run.name, ...why })),
});

interface NamedRun {
  readonly file: string;
  readonly run: DoneRun;
}

/** The runs of a file, or the one after its #; or what is wrong. */
async function runsIn(argument: string): Promise<readonly NamedRun[] | string> {
  const { readResultsFile } = await import("../results-file.ts");
  const { doneRuns } = await import("../../report/chart/chart.ts");
  const { nearest } = await import("../../schema/nearest.ts");
  const [file = "", ...rest] = argument.split("#");
  const name = rest.length === 0 ? undefined : rest.join("#");
  const read = await readResultsFile(file);
  if (!read.ok) return read.problem;
  const runs = doneRuns(read.value.runs);
  const chosen = runs.filter((run) => name === undefined || run.name === name);
  const names = runs.map((run) => run.name);
  const like = name === undefined ? undefined : nearest(name, names);
  if (name !== undefined && chosen.length === 0)
    return `${file}: no run that fits is named ${JSON.stringify(name)}${like === undefined ? "" : `, did you mean ${JSON.stringify(like)}?`}; there are ${names.join(", ")}`;
  return chosen.map((run) => ({ file: basename(file, ".json"), run }));
}

/** Runs of one name are told apart by their files, those of one file by numbers. */
function distinct(runs: readonly NamedRun[]): readonly NamedRun[] {
  const byFile = runs.map(({ file, run }, index) =>
    runs.some((other, at) => at !== index && other.run.name === run.name)
      ? `${run.name} (${file})`
      : run.name,
  );
  return runs.map(({ file, run }, index) => {
    const name = byFile[index] ?? run.name;
    const before = byFile.slice(0, index).filter((each) => each === name).length;
    return { file, run: { ...run, name: before === 0 ? name : `${name} ${before + 1}` } };
  });
}

async function writePage({ runs }: Comparison, path: string): Promise<ExitStatus> {
  const { renderHtml } = await import("../../report/html.ts");
  const { pageAssets } = await import("../page-assets.ts");
  const { writeWhole } = await import("../write.ts");
  const page = renderHtml(
    {
      view: "comparison",
      title: "Runs compared",
      subtitle: runs.map(({ name }) => name).join(" | "),
      results: {
        experiment: "comparison",
        runs: runs.map(({ name, parameters, report }) => ({
          name,
          parameters,
          result: { status: "done", report },
        })),
      },
      timelines: {},
      explanations: {},
    },
    pageAssets(),
  );
  writeWhole({ [path]: page });
  process.stdout.write(`${path}\n`);
  return exit.done;
}
