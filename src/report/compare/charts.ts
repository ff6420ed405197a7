/** Charts of runs side by side: their time by kind of op, the ratio of each op, and what makes the difference. */

import { axisUnit, shortened } from "../chart/axis.ts";
import type { Chart } from "../chart/chart.ts";
import { barLines, stackedBars } from "../chart/frame.ts";
import { kindSeries, secondsByKind } from "../chart/kind.ts";
import { styleAt } from "../chart/palette.ts";
import { duration } from "../human.ts";
import type { Comparison } from "./compare.ts";

const mostOps = 20;
const mostReasons = 16;

export const comparisonCharts = (comparison: Comparison): readonly Chart[] => [
  kindsChart(comparison),
  ...opsChart(comparison),
  ...comparison.against.flatMap((_, index) => reasonsChart(comparison, index)),
];

function kindsChart({ runs }: Comparison): Chart {
  const totals = runs.map(({ report }) => report.totals.latencySeconds);
  const byRun = runs.map(({ report }) => secondsByKind(report.ops));
  const unit = axisUnit(totals, "s");
  const series = kindSeries(byRun, unit.of);
  return {
    name: "compare-kinds",
    title: "Latency by kind of op",
    description: "A bar for each run, by the time by which each kind of op moved the end of the run.",
    lines: barLines(runs.length, series.length),
    config: stackedBars(
      runs.map(({ name }) => name),
      series,
      `latency (${unit.unit})`,
      totals.map((seconds) => `${duration(seconds)}, × ${(seconds / (totals[0] ?? seconds)).toPrecision(3)}`),
    ),
    data: {
      header: ["run", "kind", "latencySeconds"],
      rows: runs.flatMap(({ name }, index) =>
        [...(byRun[index] ?? [])].map(([kind, seconds]) => [name, kind, seconds]),
      ),
    },
  };
}

function opsChart({ runs, ops }: Comparison): readonly Chart[] {
  const most = ({ seconds }: (typeof ops)[number]): number => Math.max(...seconds.map((each) => each ?? 0));
  const shown = ops
    .filter((op) => most(op) > 0)
    .toSorted((a, b) => most(b) - most(a))
    .slice(0, mostOps);
  if (shown.length === 0) return [];
  const values = shown.flatMap(({ seconds }) => seconds.flatMap((each) => each ?? []));
  const unit = axisUnit(values, "s");
  return [
    {
      name: "compare-ops",
      title: `Latency by op${ops.length > shown.length ? `, the ${shown.length} longest of ${ops.length}` : ""}`,
      description: "A group of bars for each op, a bar for each run, all phases together.",
      lines: 6 + shown.length * (0.6 + 0.8 * runs.length),
      config: stackedBars(
        shown.map(({ name }) => name),
        runs.map(({ name }, index) => ({
          label: shortened(name, 40),
          values: shown.map(({ seconds }) =>
            seconds[index] === undefined ? null : unit.of(seconds[index] ?? 0),
          ),
          style: styleAt(index),
        })),
        `latency (${unit.unit})`,
        [],
        {},
        false,
      ),
      data: {
        header: ["op", ...runs.map(({ name }) => name)],
        rows: ops.map(({ name, seconds }) => [name, ...seconds.map((each) => each ?? "")]),
      },
    },
  ];
}

function reasonsChart({ runs, against }: Comparison, index: number): readonly Chart[] {
  const compared = against[index];
  if (compared === undefined || compared.reasons.length === 0) return [];
  const shown = compared.reasons.slice(0, mostReasons);
  const unit = axisUnit(
    shown.map(({ seconds }) => seconds),
    "s",
  );
  const difference = compared.reasons.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    {
      name: `compare-reasons-${index + 1}`,
      title: `Why ${compared.run.name} differs from ${runs[0]?.name ?? ""}`,
      description: `By how much each op takes longer (right) or shorter (left), by what it went to. All ${compared.reasons.length} together are the difference of the latencies, ${duration(difference)}.`,
      lines: barLines(shown.length, 2),
      config: stackedBars(
        shown.map(({ op, cause }) => `${op}: ${cause}`),
        [
          {
            label: "longer",
            values: shown.map(({ seconds }) => (seconds > 0 ? unit.of(seconds) : 0)),
            style: styleAt(5),
          },
          {
            label: "shorter",
            values: shown.map(({ seconds }) => (seconds < 0 ? unit.of(seconds) : 0)),
            style: styleAt(2),
          },
        ],
        `difference (${unit.unit})`,
      ),
      data: {
        header: ["op", "cause", "beforeSeconds", "afterSeconds", "differenceSeconds", "because"],
        rows: compared.reasons.map(({ op, cause, before, after, seconds, because }) => [
          op,
          cause,
          before,
          after,
          seconds,
          because,
        ]),
      },
    },
  ];
}
