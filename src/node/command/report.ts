/** `papillon report`: results that were kept, as a page. */
import { type Command, Option } from "commander";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { collect } from "./option.ts";

interface ReportOptions {
  readonly out?: string;
  readonly explain: readonly string[];
}

export function defineReport(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("report")
    .summary("show kept results as a page with charts")
    .description(
      "Turns what papillon run --format json printed into one HTML file with charts and tables, which asks for nothing from the network.",
    )
    .argument("<results>", "file of results, - for standard input")
    .addOption(new Option("-o, --out <file>", "the page to write (default: the results' name with .html)"))
    .option(
      "--explain <file>",
      "with what papillon explain --format json printed of one of the runs; may be repeated",
      collect,
      [],
    )
    .addHelpText(
      "after",
      `
Examples:
  papillon report results/dfx-gpt2-latency.json
  papillon report results/dfx-gpt2-latency.json --explain why.json
  papillon run dfx-gpt2-latency --format json | papillon report - --out dfx.html`,
    )
    .action(async (results: string, options: ReportOptions) => ends(await report(results, options)));
}

async function report(file: string, { out, explain }: ReportOptions): Promise<ExitStatus> {
  const { readExplanations, readResultsFile } = await import("../results-file.ts");
  const read = await readResultsFile(file);
  if (!read.ok) return refuseUse(read.problem);
  const { experiment, runs } = read.value;
  const explanations = readExplanations(
    explain,
    runs.map(({ name }) => name),
  );
  if (!explanations.ok) return refuseUse(explanations.problem);
  const path = out ?? (file === "-" ? `${experiment}.html` : file.replace(/(\.json)?$/, ".html"));
  const { renderHtml } = await import("../../report/html.ts");
  const { pageAssets } = await import("../page-assets.ts");
  const { writeWhole } = await import("../write.ts");
  const page = renderHtml(
    {
      view: "runs",
      title: experiment,
      subtitle: "",
      results: read.value,
      timelines: {},
      explanations: explanations.value,
    },
    pageAssets(),
  );
  writeWhole({ [path]: page });
  process.stdout.write(`${path}\n`);
  return exit.done;
}
