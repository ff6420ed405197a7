/** Ours beside the published numbers, run by run, and how far they are apart. */
import { deviation } from "../human.ts";
import type { ReferenceRow } from "../report.ts";
import { axisUnit, isWide } from "./axis.ts";
import type { Chart, ExperimentChart } from "./chart.ts";
import { lineOf, rowsOf, titled } from "./frame.ts";
import { ink, styleAt } from "./palette.ts";

const metrics = { latencySeconds: ["latency", "s"], tokensPerSecond: ["tokens/s", ""] } as const;

/** A chart for each kind of number that was published. */
export const published: ExperimentChart = (runs) =>
  (["latencySeconds", "tokensPerSecond"] as const).flatMap((metric) => {
    const pairs = runs.flatMap(({ name, report }) =>
      report.references
        .filter((reference) => reference.metric === metric)
        .map((reference): Pair => ({ name, ...reference })),
    );
    return pairs.length === 0 ? [] : [chartOf(metric, pairs)];
  });

interface Pair extends ReferenceRow {
  readonly name: string;
}

/** From here on a name for each point is too much. */
const most = 30;

function chartOf(metric: ReferenceRow["metric"], pairs: readonly Pair[]): Chart {
  const [what, si] = metrics[metric];
  const values = pairs.flatMap(({ measured, published }) => [measured, published]);
  const { unit, of } = axisUnit(values, si);
  const errors = pairs.filter(({ fitted }) => !fitted).map(({ relativeError }) => Math.abs(relativeError));
  const axis = {
    type: isWide(values) ? "logarithmic" : "linear",
    ...(isWide(values) ? {} : { beginAtZero: true }),
  };
  const worst =
    errors.length === 0 ? "" : ` The largest error is ${deviation(Math.max(...errors)).slice(1)}.`;
  const named = `${what}${unit === "" ? "" : ` (${unit})`}`;
  const shared = {
    name: metric === "latencySeconds" ? "published" : "published-throughput",
    title: `Published against ours: ${what}`,
    data: {
      header: ["run", "metric", "measured", "published", "relativeError", "fitted"],
      rows: pairs.map(({ name, measured, published, relativeError, fitted }) => [
        name,
        metric,
        measured,
        published,
        relativeError,
        String(fitted),
      ]),
    },
  };
  if (pairs.length > most) {
    const ends = [Math.min(...values), Math.max(...values)].map(of);
    return {
      ...shared,
      description: `${pairs.length} points, published across and ours up; on the line both are equal.${worst}`,
      lines: 20,
      config: {
        type: "scatter",
        data: {
          datasets: [
            lineOf(
              "runs",
              pairs.map(({ measured, published }) => ({ x: of(published), y: of(measured) })),
              styleAt(0),
              { showLine: false },
            ),
            lineOf(
              "equal",
              ends.map((end) => ({ x: end, y: end })),
              { ...styleAt(1), colour: ink },
              { showLine: true, pointRadius: 0, borderWidth: 1 },
            ),
          ],
        },
        options: {
          scales: {
            x: { ...axis, title: titled(`published ${named}`) },
            y: { ...axis, title: titled(`ours ${named}`) },
          },
        },
      },
    };
  }
  return {
    ...shared,
    description: `For each run a ring for the published number and a filled point for ours, with its error.${worst}${pairs.some(({ fitted }) => fitted) ? " * A constant was fitted on this number." : ""}`,
    lines: 5 + pairs.length * 1.5,
    config: rowsOf(
      pairs.map(({ name }) => name),
      [
        lineOf(
          "published",
          pairs.map(({ published }) => of(published)),
          { ...styleAt(1), marker: "circle" },
          { showLine: false, pointRadius: 8, pointBorderWidth: 2, pointBackgroundColor: "transparent" },
        ),
        lineOf(
          "ours",
          pairs.map(({ measured }) => of(measured)),
          { ...styleAt(0), marker: "circle" },
          {
            showLine: false,
            pointRadius: 4,
            names: pairs.map(
              ({ relativeError, fitted }) => `${deviation(relativeError)}${fitted ? " *" : ""}`,
            ),
          },
        ),
      ],
      { ...axis, title: titled(named) },
    ),
  };
}
