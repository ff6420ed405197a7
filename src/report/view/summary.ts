/** All runs of an experiment: a table beside the published numbers, charts over runs and parameters, what does not fit. */
import { boundsOfOps, boundText } from "../bound.ts";
import { doneRuns } from "../chart/chart.ts";
import { experimentCharts } from "../chart/index.ts";
import { deviation, duration, energy, grouped, percent, plain, power } from "../human.ts";
import type { ReferenceRow, Report, RunResult } from "../report.ts";
import { type Block, numbers, type Section, type Table, type TableColumn, words } from "./view.ts";

export function summarySections(runs: readonly RunResult[]): readonly Section[] {
  const charts = experimentCharts(doneRuns(runs));
  return [
    {
      id: "summary",
      title: "Summary",
      blocks: [runTable(runs), ...errorText(runs), ...misfits(runs), ...warnings(runs)],
    },
    ...(charts.length === 0
      ? []
      : [
          {
            id: "runs",
            title: "Runs compared",
            blocks: charts.map((chart): Block => ({ kind: "chart", chart })),
          },
        ]),
  ];
}

function runTable(runs: readonly RunResult[]): Table {
  const number = (
    header: string,
    value: (report: Report) => number | undefined,
    text: (n: number) => string,
  ) =>
    numbers(
      header,
      runs.map(({ result }) => (result.status === "done" ? value(result.report) : undefined)),
      text,
    );
  const references = runs.map(referenceOf);
  const published: readonly TableColumn[] = references.some((reference) => reference !== undefined)
    ? [
        {
          header: "published",
          cells: references.map((reference) =>
            reference === undefined
              ? { text: "" }
              : { text: publishedText(reference), number: reference.published },
          ),
        },
        {
          header: "error",
          cells: references.map((reference) =>
            reference === undefined
              ? { text: "" }
              : {
                  text: deviation(reference.relativeError) + (reference.fitted ? " *" : ""),
                  number: Math.abs(reference.relativeError),
                },
          ),
        },
      ]
    : [];
  return {
    kind: "table",
    caption: "Runs",
    columns: [
      words(
        "run",
        runs.map(({ name }) => name),
      ),
      {
        header: "latency",
        cells: runs.map(({ result }) =>
          result.status === "done"
            ? {
                text: duration(result.report.totals.latencySeconds),
                number: result.report.totals.latencySeconds,
                tone: "bold",
              }
            : { text: "does not fit", tone: "error" },
        ),
      },
      ...published,
      number("tokens/s", ({ totals }) => totals.tokensPerSecond, plain),
      number("J/token", ({ totals }) => totals.energyPerTokenJoules, energy),
      number("power", ({ totals }) => totals.averagePowerWatts, power),
      number("cycles", ({ totals }) => totals.latencyCycles, grouped),
      words(
        "bound by",
        runs.map(({ result }) =>
          result.status === "done"
            ? boundsOfOps(result.report.ops)
                .slice(0, 1)
                .map((bound) => `${boundText(bound)}, ${percent(bound.share)}`)
                .join("")
            : "",
        ),
      ),
    ],
  };
}

/** What the run is held against; the latency where several numbers were published. */
function referenceOf({ result }: RunResult): ReferenceRow | undefined {
  if (result.status === "unfit") return undefined;
  const { references } = result.report;
  return references.find(({ metric }) => metric === "latencySeconds") ?? references[0];
}

const publishedText = ({ metric, published }: ReferenceRow): string =>
  metric === "latencySeconds" ? duration(published) : `${plain(published)} tokens/s`;

function errorText(runs: readonly RunResult[]): readonly Block[] {
  const references = runs.flatMap((run) => referenceOf(run) ?? []);
  const held = references.filter(({ fitted }) => !fitted).map(({ relativeError }) => Math.abs(relativeError));
  const mean = held.reduce((sum, error) => sum + error, 0) / held.length;
  const of = held.length === 1 ? "1 published number" : `${held.length} published numbers`;
  const error = `Error on ${of}: mean ${percent(mean)}, worst ${percent(Math.max(...held))}.`;
  const fitted = "* A constant was fitted on this number, so its error says little.";
  const texts = [...(held.length > 0 ? [error] : []), ...(held.length < references.length ? [fitted] : [])];
  return texts.map((text) => ({ kind: "text", text, tone: "quiet" }));
}

const misfits = (runs: readonly RunResult[]): readonly Block[] =>
  runs.flatMap(({ name, result }) =>
    result.status === "done"
      ? []
      : [{ kind: "text", text: `${name} does not fit: ${result.reason}`, tone: "error" }],
  );

/** Each warning once, with how many runs it is about when those are not all. */
function warnings(runs: readonly RunResult[]): readonly Block[] {
  const about = new Map<string, number>();
  for (const { result } of runs)
    for (const warning of result.status === "done" ? result.report.warnings : [])
      about.set(warning, (about.get(warning) ?? 0) + 1);
  return [...about].map(([warning, times]) => ({
    kind: "text",
    text: `Warning: ${warning}${times === runs.length ? "" : ` (${times} of ${runs.length} runs)`}`,
    tone: "warning",
  }));
}
