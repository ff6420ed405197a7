/** `papillon figure`: charts of kept results as files for a paper. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Chart } from "../../report/chart/chart.ts";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import type { FigureSize, Painter } from "../figure.ts";
import { lengthOf } from "../length.ts";
import { collect } from "./option.ts";

interface FigureOptions {
  readonly chart?: string;
  readonly explain: readonly string[];
  readonly mark: readonly string[];
  readonly run?: string;
  readonly svg?: string;
  readonly png?: string;
  readonly csv?: string;
  readonly out?: string;
  readonly width?: number;
  readonly height?: number;
  readonly fontSize: number;
  readonly font: string;
  readonly dpi: number;
}

export function defineFigure(program: Command, ends: (status: ExitStatus) => void): void {
  const length = (flags: string, description: string): Option =>
    new Option(flags, description).argParser(pixelsOf);
  program
    .command("figure")
    .summary("charts of kept results as SVG, PNG and CSV")
    .description(
      "Draws a chart of what papillon run --format json printed or papillon sweep wrote; without --chart, lists the charts there are.",
    )
    .argument("<results>", "file of results, - for standard input, or folder of a sweep")
    .option("--chart <name>", "the chart; all with --out")
    .option("--run <name>", "of which run (default: the longest)")
    .option(
      "--explain <file>",
      "what papillon explain --format json printed of a run; may be repeated",
      collect,
      [],
    )
    .option(
      "--mark <name=value,..>",
      "of a sweep: show designs with these values; may be repeated",
      collect,
      [],
    )
    .option("--svg <file>", "write it as SVG")
    .option("--png <file>", "write it as PNG")
    .option("--csv <file>", "write its numbers")
    .option("--out <folder>", "write it there in all three forms")
    .addOption(
      length("--width <length>", "such as 3.3in or 320px (default: 85mm, a column; 178mm for wide charts)"),
    )
    .addOption(length("--height <length>", "(default: as high as the chart wants)"))
    .addOption(length("--font-size <length>", "of its text").default(pixelsOf("7pt"), "7pt"))
    .option("--font <family>", "a font of the system", "sans-serif")
    .addOption(new Option("--dpi <dots>", "dots per inch of PNG").argParser(dotsOf).default(300))
    .addHelpText(
      "after",
      `
Examples:
  papillon figure results/dfx-gpt2-latency.json
  papillon figure results/dfx-gpt2-latency.json --chart ops --svg ops.svg --width 85mm
  papillon figure results/dfx-gpt2-latency.json --chart all --out figures
  papillon figure results/dfx-space --chart pareto --svg front.svg --mark width=64,lanes=16`,
    )
    .action(async (results: string, options: FigureOptions) => ends(await figure(results, options)));
}

async function figure(source: string, options: FigureOptions): Promise<ExitStatus> {
  const { nearest } = await import("../../schema/nearest.ts");
  const { isSweptFolder } = await import("../plot.ts");
  const charts = isSweptFolder(source)
    ? await sweptCharts(source, options.mark)
    : await runCharts(source, options);
  if (typeof charts === "string") return refuseUse(charts);
  const { chart, out, svg, png, csv } = options;
  if (chart === undefined) {
    const width = Math.max(24, ...charts.map(({ name }) => name.length + 2));
    for (const { name, title } of charts) process.stdout.write(`${name.padEnd(width)}${title}\n`);
    return exit.done;
  }
  const wanted = chart === "all" ? charts : charts.filter(({ name }) => name === chart);
  const known = charts.map(({ name }) => name);
  if (wanted.length === 0)
    return refuseUse(
      `no chart is named ${JSON.stringify(chart)}${meant(nearest(chart, known))}; there are ${known.join(", ")} and all`,
    );
  if (chart === "all" && out === undefined) return refuseUse("--chart all needs --out <folder>");
  if ([out, svg, png, csv].every((target) => target === undefined))
    return refuseUse("a chart needs --svg, --png, --csv or --out, where it is written to");
  const targets = wanted.flatMap((chart) => [
    ...(out === undefined
      ? []
      : (["svg", "png", "csv"] as const).map((form) => ({
          chart,
          form,
          path: join(out, `${chart.name}.${form}`),
        }))),
    ...(svg === undefined ? [] : [{ chart, form: "svg" as const, path: svg }]),
    ...(png === undefined ? [] : [{ chart, form: "png" as const, path: png }]),
    ...(csv === undefined ? [] : [{ chart, form: "csv" as const, path: csv }]),
  ]);
  return await write(targets, options);
}

/** Of a sweep. */
async function sweptCharts(folder: string, mark: readonly string[]): Promise<readonly Chart[] | string> {
  const { readFolder } = await import("../plot.ts");
  const { readAsked } = await import("../../explore/plot/asked.ts");
  const { plotCharts } = await import("../../explore/plot/index.ts");
  const { designs } = await readFolder(folder);
  const asked = readAsked(designs, { mark });
  return asked.ok ? plotCharts(designs, asked.value) : asked.problems.join("\n");
}

/** Of all runs together and of one of them, or what is wrong. */
async function runCharts(file: string, options: FigureOptions): Promise<readonly Chart[] | string> {
  const { readExplanations, readResultsFile } = await import("../results-file.ts");
  const read = await readResultsFile(file);
  if (!read.ok) return read.problem;
  const { doneRuns } = await import("../../report/chart/chart.ts");
  const { allCharts } = await import("../../report/chart/index.ts");
  const { longestRun } = await import("../../report/table.ts");
  const { nearest } = await import("../../schema/nearest.ts");
  const explanations = readExplanations(
    options.explain,
    read.value.runs.map(({ name }) => name),
  );
  if (!explanations.ok) return explanations.problem;
  const runs = doneRuns(read.value.runs, explanations.value);
  const names = runs.map(({ name }) => name);
  const { run = longestRun(read.value.runs) } = options;
  if (!names.includes(run))
    return `no run that fits is named ${JSON.stringify(run)}${meant(nearest(run, names))}; there are ${names.join(", ")}`;
  return allCharts(runs)
    .filter((placed) => placed.run === undefined || placed.run === run)
    .map(({ chart }) => chart);
}

type Target = {
  readonly chart: Chart;
  readonly form: "svg" | "png" | "csv";
  readonly path: string;
};

async function write(
  targets: readonly Target[],
  { width, height, fontSize, font, dpi }: FigureOptions,
): Promise<ExitStatus> {
  const { csvText } = await import("../../report/csv.ts");
  const { writeWhole } = await import("../write.ts");
  const size: FigureSize = {
    fontPixels: fontSize,
    fontFamily: font,
    dotsPerInch: dpi,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  };
  let paint: Painter | undefined;
  if (targets.some(({ form }) => form !== "csv")) {
    const { painter } = await import("../figure.ts");
    paint = await painter();
  }
  const files: Record<string, string | Uint8Array> = {};
  for (const { chart, form, path } of targets) {
    const { header, rows } = chart.data;
    const drawn = form === "csv" ? csvText([header, ...rows]) : paint?.[form](chart, size);
    if (drawn !== undefined) files[path] = drawn;
  }
  writeWhole(files);
  for (const path of Object.keys(files)) process.stdout.write(`${path}\n`);
  return exit.done;
}

const meant = (name: string | undefined): string =>
  name === undefined ? "" : `, did you mean ${JSON.stringify(name)}?`;

function pixelsOf(text: string): number {
  const pixels = lengthOf(text);
  if (pixels === undefined)
    throw new InvalidArgumentError("Expected a length such as 85mm, 8.5cm, 3.3in, 7pt or 320px.");
  return pixels;
}

function dotsOf(text: string): number {
  const dots = Number(text);
  if (!Number.isInteger(dots) || dots < 30 || dots > 2400)
    throw new InvalidArgumentError("Expected a whole number from 30 to 2400.");
  return dots;
}
