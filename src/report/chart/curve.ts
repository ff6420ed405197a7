/** Where more no longer helps: latency along the curves of an experiment, on the linear axes on which they look flat. */
import { groupBy } from "../fold.ts";
import { axisUnit } from "./axis.ts";
import type { Chart, DoneRun, ExperimentChart } from "./chart.ts";
import { lineOf, titled } from "./frame.ts";
import { styleAt } from "./palette.ts";

/** A run on a curve, by the places that the experiment gives it: engines 16, tokens 128. */
interface Placed {
  readonly run: DoneRun;
  readonly curve: NonNullable<DoneRun["curve"]>;
  readonly x: number;
  readonly latency: number;
  /** What tells its curve from others. */
  readonly others: readonly (readonly [name: string, value: number])[];
}

/** A chart for each value of what changes least, a line in it for each curve. */
export const curves: ExperimentChart = (runs) => {
  const points = runs.flatMap((run): Placed[] => {
    const { curve, parameters, report } = run;
    const places = Object.entries(parameters).flatMap(([name, value]) =>
      typeof value === "number" && !name.includes(".") ? [[name, value] as const] : [],
    );
    const x = places.find(([name]) => name === curve?.along)?.[1];
    if (curve === undefined || x === undefined) return [];
    const others = places.filter(([name]) => name !== curve.along);
    return [{ run, curve, x, latency: report.totals.latencySeconds, others }];
  });
  const [first] = points;
  if (first === undefined) return [];
  const kinds = (name: string): number => new Set(points.map((point) => placeOf(point, name))).size;
  const [line = "", ...panels] = first.others.map(([name]) => name).toSorted((a, b) => kinds(b) - kinds(a));
  const byPanel = [
    ...groupBy(points, (point) => panels.map((name) => `${words(name)} ${placeOf(point, name)}`).join(", ")),
  ];
  return byPanel.map(([panel, group], index) =>
    chartOf(group, line, panel === "" ? "" : ` (${panel})`, byPanel.length > 1 ? `-${index + 1}` : ""),
  );
};

const placeOf = ({ others }: Placed, name: string): number | undefined =>
  others.find(([other]) => other === name)?.[1];

/** "gigabytesPerSecond" in words. */
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function chartOf(points: readonly Placed[], line: string, where: string, suffix: string): Chart {
  const along = points[0]?.curve.along ?? "";
  const unit = axisUnit(
    points.map(({ latency }) => latency),
    "s",
  );
  const lines = [...groupBy(points, (point) => String(placeOf(point, line) ?? "latency"))].map(
    ([label, group]) => [label, group.toSorted((a, b) => a.x - b.x)] as const,
  );
  const bends = lines.map(([label, group]) => {
    const bend = group.find(({ curve }) => curve.saturated);
    return `${label} ${bend === undefined ? "nowhere" : `from ${bend.x}`}`;
  });
  const names = points[0]?.others.map(([name]) => name) ?? [];
  return {
    name: `curve${suffix}`,
    title: `Where more ${words(along)} no longer helps${where}`,
    description: `Large points are saturated, by ${words(line)}: ${bends.join(", ")}.`,
    lines: 20,
    config: {
      type: "line",
      data: {
        datasets: lines.map(([label, group], index) =>
          lineOf(
            label,
            group.map(({ x, latency }) => ({ x, y: unit.of(latency) })),
            styleAt(index),
            { pointRadius: group.map(({ curve }) => (curve.saturated ? 7 : 3)) },
          ),
        ),
      },
      options: {
        scales: {
          x: { type: "linear", title: titled(words(along)), beginAtZero: true },
          y: { type: "linear", title: titled(`latency (${unit.unit})`), beginAtZero: true },
        },
        plugins: { legend: { display: lines.length > 1, title: titled(words(line)) } },
      },
    },
    data: {
      header: [
        "run",
        ...names,
        along,
        "latencySeconds",
        "speedup",
        "marginalReturn",
        "ofFastest",
        "saturated",
      ],
      rows: points.map(({ run, curve, x, latency, others }) => [
        run.name,
        ...others.map(([, value]) => value),
        x,
        latency,
        curve.speedup,
        curve.marginalReturn ?? "",
        curve.ofFastest,
        String(curve.saturated),
      ]),
    },
  };
}
