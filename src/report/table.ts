/** Results as text for a terminal: the runs side by side, one or more of them layer by layer, and what the numbers rest on. */
import { type Paint, wrapped } from "./columns.ts";
import type { RunResult } from "./report.ts";
import { detailLines } from "./table-detail.ts";
import { numbersLines } from "./table-numbers.ts";
import { summaryLines } from "./table-summary.ts";

export interface TableOptions {
  /** Characters in a line; none is longer. Less than 60 is taken as 60. */
  readonly width: number;
  readonly paint: Paint;
  /** The runs to show layer by layer, by name; absent: the one that takes longest. */
  readonly detail?: readonly string[];
}

export interface Heading {
  readonly title: string;
  readonly source: string;
}

export function renderTable(
  { title, source }: Heading,
  runs: readonly RunResult[],
  { width: wanted, paint, detail }: TableOptions,
): string {
  const width = Math.max(60, wanted);
  const detailed = detail ?? [longestRun(runs)];
  const blocks = [
    [
      ...wrapped(title, width).map((line) => paint("bold", line)),
      ...wrapped(source, width).map((line) => paint("dim", line)),
    ],
    ...summaryLines(runs, width, paint),
    ...runs.flatMap(({ name, result }) =>
      result.status === "done" && detailed.includes(name)
        ? detailLines(name, result.report, width, paint)
        : [],
    ),
    ...numbersLines(runs, width, paint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The name of the run that takes longest, of those that fit. */
export function longestRun(runs: readonly RunResult[]): string {
  let longest = { name: "", seconds: -1 };
  for (const { name, result } of runs) {
    const seconds = result.status === "done" ? result.report.totals.latencySeconds : -1;
    if (seconds > longest.seconds) longest = { name, seconds };
  }
  return longest.name;
}
