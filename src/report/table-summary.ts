/** The runs of an experiment side by side, next to what was published; below them, why some do not fit. */
import { boundsOfOps, boundText } from "./bound.ts";
import { type Column, columnLines, type Paint, wrapped } from "./columns.ts";
import { deviation, duration, energy, grouped, percent, plain, power } from "./human.ts";
import type { ReferenceRow, Report, RunResult } from "./report.ts";
import { takesSamples } from "./sample.ts";
import { againstLines, relationColumns } from "./table-relation.ts";

export function summaryLines(
  runs: readonly RunResult[],
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const references = runs.flatMap((run) => referenceOf(run) ?? []);
  const rows = columnLines(columnsOf(runs, references.length > 0), width, paint);
  return [
    [...rows, ...errorLines(references, width, paint)],
    misfitLines(runs, width, paint),
    ...againstLines(runs, width, paint),
    warningLines(runs, width, paint),
  ];
}

function columnsOf(runs: readonly RunResult[], published: boolean): readonly Column[] {
  const from = (cell: (report: Report) => string): readonly string[] =>
    runs.map(({ result }) => (result.status === "done" ? cell(result.report) : ""));
  const right = (header: string, rank: number, cells: readonly string[]): Column => ({
    header,
    rank,
    cells,
    align: "right",
  });
  const latency = runs.map(({ result }) =>
    result.status === "done" ? duration(result.report.totals.latencySeconds) : "unfit",
  );
  const beside: readonly Column[] = published
    ? [
        right(
          "published",
          0,
          runs.map((run) => publishedText(referenceOf(run))),
        ),
        right(
          "error",
          0,
          runs.map((run) => errorText(referenceOf(run))),
        ),
      ]
    : [];
  const inferred = runs.some(
    ({ result }) => result.status === "done" && result.report.totals.inferencesPerSecond !== undefined,
  );
  const samples = runs.every(({ result }) => result.status === "done" && takesSamples(result.report.totals));
  const inferences: readonly Column[] = inferred
    ? [
        right(
          "inferences/s",
          1,
          from(({ totals }) =>
            totals.inferencesPerSecond === undefined ? "" : plain(totals.inferencesPerSecond),
          ),
        ),
      ]
    : [];
  return [
    { header: "run", align: "left", rank: 0, cells: runs.map(({ name }) => name) },
    {
      ...right("latency", 0, latency),
      format: (row) => (runs[row]?.result.status === "unfit" ? "red" : "bold"),
    },
    ...beside,
    ...relationColumns(runs),
    ...inferences,
    ...(samples
      ? []
      : [
          right(
            "tokens/s",
            1,
            from(({ totals }) => plain(totals.tokensPerSecond)),
          ),
        ]),
    right(
      samples ? "J/sample" : "J/token",
      2,
      from(({ totals }) => energy(totals.energyPerTokenJoules)),
    ),
    right(
      "power",
      4,
      from(({ totals }) => power(totals.averagePowerWatts)),
    ),
    right(
      "cycles",
      5,
      from(({ totals }) => grouped(totals.latencyCycles)),
    ),
    {
      header: "bound by",
      align: "left",
      rank: 3,
      cells: from(({ ops }) => boundsOfOps(ops).slice(0, 1).map(boundText).join("")),
    },
    {
      header: "and then by",
      align: "left",
      rank: 6,
      cells: from(({ ops }) =>
        boundsOfOps(ops)
          .slice(1, 3)
          .map((bound) => `${boundText(bound)} ${percent(bound.share)}`)
          .join(", "),
      ),
    },
  ];
}

/** What the run is held against; the latency where several numbers were published. */
function referenceOf({ result }: RunResult): ReferenceRow | undefined {
  if (result.status === "unfit") return undefined;
  const { references } = result.report;
  return references.find(({ metric }) => metric === "latencySeconds") ?? references[0];
}

function publishedText(reference: ReferenceRow | undefined): string {
  if (reference === undefined) return "";
  const { metric, published } = reference;
  return metric === "latencySeconds" ? duration(published) : `${plain(published)} tok/s`;
}

const errorText = (reference: ReferenceRow | undefined): string =>
  reference === undefined ? "" : `${deviation(reference.relativeError)} ${reference.fitted ? "*" : " "}`;

function errorLines(references: readonly ReferenceRow[], width: number, paint: Paint): readonly string[] {
  const held = references.filter(({ fitted }) => !fitted).map(({ relativeError }) => Math.abs(relativeError));
  const fitted = references.length - held.length;
  const mean = held.reduce((sum, error) => sum + error, 0) / held.length;
  const of = held.length === 1 ? "1 published number" : `${held.length} published numbers`;
  return [
    ...(held.length === 0
      ? []
      : wrapped(`Error on ${of}: mean ${percent(mean)}, worst ${percent(Math.max(...held))}.`, width)),
    ...(fitted === 0
      ? []
      : wrapped("* A constant was fitted on this number, so its error says little.", width, 2)),
  ].map((line) => paint("dim", line));
}

function misfitLines(runs: readonly RunResult[], width: number, paint: Paint): readonly string[] {
  return runs.flatMap(({ name, result }) => {
    if (result.status === "done") return [];
    const reasons =
      result.misfits.length > 0
        ? result.misfits.map(({ what, arithmetic }) => `${what}: ${arithmetic}`)
        : [result.reason];
    return [
      ...wrapped(`${name} does not fit`, width).map((line) => paint("red", line)),
      ...reasons.flatMap((reason) => wrapped(reason, width - 2, 2).map((line) => `  ${line}`)),
    ];
  });
}

/** What machines would get wrong, each warning once, with the runs that it is about when those are not all. */
function warningLines(runs: readonly RunResult[], width: number, paint: Paint): readonly string[] {
  const about = new Map<string, string[]>();
  for (const { name, result } of runs)
    for (const warning of result.status === "done" ? result.report.warnings : [])
      about.set(warning, [...(about.get(warning) ?? []), name]);
  return [...about].flatMap(([warning, names]) => {
    const where = names.length === runs.length ? "" : ` (${names.length} of ${runs.length} runs)`;
    return wrapped(`warning: ${warning}${where}`, width - 2, 2).map((line) => paint("yellow", line));
  });
}
