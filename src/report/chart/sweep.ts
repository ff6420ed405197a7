/** Latency over the parameters that an experiment varies: lines over one of them, and a heat map where two vary. */
import { duration } from "../human.ts";
import { axisUnit, isWide } from "./axis.ts";
import type { Chart, DoneRun, ExperimentChart } from "./chart.ts";
import { lineOf, titled } from "./frame.ts";
import { heatMap, heatSize } from "./heat.ts";
import { styleAt } from "./palette.ts";
import { type Dimension, dimensionsOf } from "./sweep-dimension.ts";

/** More lines are not told apart. */
const mostLines = 7;
/** More charts nobody looks through; the table has all. */
const mostPanels = 4;

export const sweep: ExperimentChart = (runs) => {
  const dimensions = dimensionsOf(runs.map(({ parameters }) => parameters));
  const numeric = dimensions.filter(({ scale }) => scale !== undefined);
  // The finest is the axis.
  const x = numeric.toSorted((a, b) => b.values.length - a.values.length)[0];
  if (x === undefined || x.values.length < 3) return [];
  const others = dimensions.filter((dimension) => dimension !== x);
  const [lines, ...panels] = others.toSorted(
    (a, b) => Math.min(mostLines, b.values.length) - Math.min(mostLines, a.values.length),
  );
  const byPanel = grouped(runs, (run) =>
    panels.map(({ name, text }) => `${name} ${text(run.parameters)}`).join(", "),
  );
  return [...byPanel].slice(0, mostPanels).flatMap(([panel, runs], index) => {
    const more = byPanel.size > mostPanels ? `, ${index + 1} of ${byPanel.size} panels` : "";
    const where = panel === "" ? "" : ` (${panel}${more})`;
    const suffix = byPanel.size > 1 ? `-${index + 1}` : "";
    return [
      linesOf(runs, x, lines, where, suffix),
      ...(lines === undefined || lines.values.length < 3 ? [] : [heatOf(runs, x, lines, where, suffix)]),
    ];
  });
};

const latency = ({ report }: DoneRun): number => report.totals.latencySeconds;

function linesOf(
  runs: readonly DoneRun[],
  x: Dimension,
  lines: Dimension | undefined,
  where: string,
  suffix: string,
): Chart {
  const latencies = runs.map(latency);
  const unit = axisUnit(latencies, "s");
  const byLine = [...grouped(runs, ({ parameters }) => lines?.text(parameters) ?? "latency")];
  const spread = spreadOf(byLine.length);
  const shown = byLine.filter((_, index) => spread.has(index));
  const left = byLine.length - shown.length;
  return {
    name: `sweep${suffix}`,
    title: `Latency over ${x.name}${where}${left > 0 ? `, ${shown.length} of ${byLine.length} values of ${lines?.name ?? ""}` : ""}`,
    description: `${lines === undefined ? "A point for each run" : `A line for each value of ${lines.name}`}; shortest is ${duration(Math.min(...latencies))}, longest ${duration(Math.max(...latencies))}.`,
    lines: 20,
    config: {
      type: "line",
      data: {
        datasets: shown.map(([label, group], index) =>
          lineOf(
            label,
            group
              .map((run) => ({ x: x.number(run.parameters), y: unit.of(latency(run)) }))
              .sort((a, b) => a.x - b.x),
            styleAt(index),
          ),
        ),
      },
      options: {
        scales: {
          x: { type: x.scale ?? "linear", title: titled(x.title) },
          y: {
            type: isWide(latencies) ? "logarithmic" : "linear",
            title: titled(`latency (${unit.unit})`),
            ...(isWide(latencies) ? {} : { beginAtZero: true }),
          },
        },
        plugins: { legend: { display: shown.length > 1, title: titled(lines?.name ?? "") } },
      },
    },
    data: dataOf(runs, x, lines),
  };
}

function heatOf(
  runs: readonly DoneRun[],
  x: Dimension,
  lines: Dimension,
  where: string,
  suffix: string,
): Chart {
  const cells = new Map(
    runs.map((run) => [`${lines.text(run.parameters)} ${x.text(run.parameters)}`, latency(run)]),
  );
  return {
    name: `sweep-map${suffix}`,
    title: `Latency over ${x.name} and ${lines.name}${where}`,
    description: "The darker, the longer; lightness follows the logarithm of the latency.",
    ...heatSize(lines.values, x.values),
    config: heatMap({
      columns: x.values,
      rows: lines.values,
      value: (row, column) => cells.get(`${lines.values[row]} ${x.values[column]}`),
      text: (seconds) => duration(seconds, 3),
      scale: "logarithmic",
      columnTitle: x.title,
      rowTitle: lines.name,
    }),
    data: dataOf(runs, x, lines),
  };
}

const dataOf = (runs: readonly DoneRun[], x: Dimension, lines: Dimension | undefined): Chart["data"] => ({
  header: ["run", x.path, ...(lines === undefined ? [] : [lines.path]), "latencySeconds"],
  rows: runs.map((run) => [
    run.name,
    x.text(run.parameters),
    ...(lines === undefined ? [] : [lines.text(run.parameters)]),
    latency(run),
  ]),
});

/** Evenly among so many, first and last included. */
const spreadOf = (count: number): ReadonlySet<number> =>
  new Set(
    Array.from({ length: Math.min(count, mostLines) }, (_, index) =>
      Math.round((index * (count - 1)) / Math.max(1, Math.min(count, mostLines) - 1)),
    ),
  );

function grouped(
  runs: readonly DoneRun[],
  keyOf: (run: DoneRun) => string,
): ReadonlyMap<string, readonly DoneRun[]> {
  const groups = new Map<string, DoneRun[]>();
  for (const run of runs) groups.set(keyOf(run), [...(groups.get(keyOf(run)) ?? []), run]);
  return groups;
}
