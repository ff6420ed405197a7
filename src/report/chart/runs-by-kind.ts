/** The runs of an experiment side by side, the time of each by kind of op. */
import { duration } from "../human.ts";
import { axisUnit, isWide, percents } from "./axis.ts";
import type { ExperimentChart } from "./chart.ts";
import { barLines, stackedBars } from "./frame.ts";
import { kindSeries, secondsByKind } from "./kind.ts";

/** More bars are a texture, not a chart. */
const most = 24;

export const runsByKind: ExperimentChart = (runs) => {
  if (runs.length < 2) return [];
  const longest = runs.toSorted((a, b) => latency(b) - latency(a)).slice(0, most);
  const shown = runs.filter((run) => longest.includes(run));
  const byRun = shown.map(({ report }) => secondsByKind(report.ops));
  const totals = shown.map(latency);
  // Where runs differ by orders of magnitude the short ones would be slivers: then shares, with the time behind the bar.
  const relative = isWide(totals);
  const unit = relative ? percents : axisUnit(totals, "s");
  const values = byRun.map((kinds, index) =>
    relative ? new Map([...kinds].map(([kind, time]) => [kind, time / (totals[index] ?? 1)])) : kinds,
  );
  const series = kindSeries(values, unit.of);
  const left = runs.length - shown.length;
  return [
    {
      name: "runs-by-kind",
      title: `Latency by kind of op${left > 0 ? `, the ${most} longest of ${runs.length} runs` : ""}`,
      description: `A bar for each run: the time by which each kind of op moved the end of the run${relative ? ", as share of the run; its latency stands behind the bar" : ""}.`,
      lines: barLines(shown.length, series.length),
      config: stackedBars(
        shown.map(({ name }) => name),
        series,
        relative ? "share of latency (%)" : `latency (${unit.unit})`,
        totals.map((seconds) => duration(seconds)),
        relative ? { max: 100 } : {},
      ),
      data: {
        header: ["run", "kind", "latencySeconds"],
        rows: shown.flatMap(({ name }, index) =>
          [...(byRun[index] ?? [])].map(([kind, seconds]) => [name, kind, seconds]),
        ),
      },
    },
  ];
};

const latency = ({
  report,
}: {
  readonly report: { readonly totals: { readonly latencySeconds: number } };
}): number => report.totals.latencySeconds;
