/** Parallel coordinates: an axis for each parameter and each measure, a line for each design through its values. */
import type { Chart, Json, JsonRecord } from "../../report/chart/chart.ts";
import { lineOf } from "../../report/chart/frame.ts";
import { quietStyle, styleAt } from "../../report/chart/palette.ts";
import { feasibleOf, frontOf } from "./best.ts";
import { designRows } from "./design-text.ts";
import type { Designs } from "./designs.ts";
import { ends, type Measure } from "./measure.ts";
import { mostShown, sampled, shareText, spread } from "./sample.ts";

/** Beside an axis more values are not read. */
const mostNames = 7;

export function parallel(designs: Designs, objectives: readonly Measure[]): readonly Chart[] {
  const [first] = objectives;
  const feasible = feasibleOf(designs);
  if (first === undefined || feasible.length < 2 || designs.parameters.length === 0) return [];
  const onFront = new Set(frontOf(designs, objectives));
  const byFirst = feasible.toSorted((a, b) => first.cost(a) - first.cost(b));
  const quarter = new Set(byFirst.slice(0, Math.ceil(byFirst.length / 4)));
  const shown = sampled(
    feasible.filter((design) => !onFront.has(design)),
    mostShown,
  );
  const axes = [
    ...designs.parameters.map((parameter) => ofParameter(parameter)),
    ...objectives.map((measure) => ofMeasure(measure, feasible)),
  ];
  const lines = (members: readonly number[]): readonly Json[] =>
    members.flatMap((design) => [
      ...axes.map(({ name, height }) => ({ x: name, y: Number(height(design).toFixed(3)) })),
      // The line ends here.
      { x: axes[0]?.name ?? "", y: null },
    ]);
  const set = (label: string, members: readonly number[], colour: string, borderWidth: number): JsonRecord =>
    lineOf(
      label,
      lines(members),
      { ...quietStyle, colour, dash: [] },
      {
        showLine: true,
        pointRadius: 0,
        pointHitRadius: 0,
        borderWidth,
        pointStyle: "line",
      },
    );
  const front = [...onFront];
  const best = shown.filter((design) => quarter.has(design));
  const rest = shown.filter((design) => !quarter.has(design));
  return [
    {
      name: "parallel",
      title: "Parallel coordinates",
      description: `A line for each design that meets all limits (${shareText(shown.length + front.length, feasible.length)}), from left to right through its parameters and results; least at the bottom of each axis; around a parameter's value lines are spread a little. Those of the front over ${objectives.map(({ name }) => name).join(" and ")} are thick.`,
      lines: 24,
      characters: 11 * axes.length,
      config: {
        type: "scatter",
        data: {
          datasets: [
            {
              label: "value",
              data: axes.flatMap(({ name, names }) => names.map(({ y }) => ({ x: name, y }))),
              names: axes.flatMap(({ names }) => names.map(({ text }) => text)),
              pointRadius: 2,
              pointHitRadius: 0,
              backgroundColor: "#1b1b1b",
              pointStyle: "circle",
            },
            set(`front (${front.length})`, front, styleAt(5).colour, 2),
            set(`best quarter by ${first.name}`, best, styleAt(0).colour, 0.5),
            set("other designs", rest, quietStyle.colour, 0.5),
          ],
        },
        options: {
          layout: { padding: { left: 8, right: 70, top: 12, bottom: 6 } },
          scales: {
            x: {
              type: "category",
              labels: axes.map(({ name }) => name),
              grid: { color: "#1b1b1b" },
              ticks: { autoSkip: false },
            },
            y: { display: false, min: -0.03, max: 1.03 },
          },
          plugins: { legend: { labels: { usePointStyle: true } }, tooltip: { enabled: false } },
        },
      },
      data: designRows(designs, objectives, [...front, ...shown], {
        header: "front",
        of: (design) => (onFront.has(design) ? "yes" : "no"),
      }),
    },
  ];
}

interface Axis {
  readonly name: string;
  /** From 0, least, to 1. */
  readonly height: (design: number) => number;
  readonly names: readonly { readonly y: number; readonly text: string }[];
}

/** Levels at equal distances, whatever their numbers. */
function ofParameter({ name, levels, level }: Designs["parameters"][number]): Axis {
  const last = levels.length - 1;
  const places = spread(levels.length, mostNames);
  return {
    name,
    height: (design) => (level[design] ?? 0) / last + aside(design),
    names: places.map((place) => ({ y: place / last, text: levels[place] ?? "" })),
  };
}

/** Lines through one value would hide each other. From -1/70 to 1/70, the same for the same design. */
const aside = (design: number): number => (((design * 7919) % 101) / 100 - 0.5) / 35;

/** As far as its values go, by ratios where they span many. */
function ofMeasure({ name, values, axis, text }: Measure, feasible: readonly number[]): Axis {
  const [least = 0, most = 0] = ends(feasible.map((design) => values[design] ?? 0).filter(Number.isFinite));
  const wide = axis["type"] === "logarithmic";
  const of = (value: number): number =>
    most === least
      ? 0.5
      : wide
        ? Math.log(value / least) / Math.log(most / least)
        : (value - least) / (most - least);
  const named = most === least ? [least] : [least, most];
  return {
    name,
    height: (design) => of(values[design] ?? least),
    names: named.map((value) => ({ y: of(value), text: text(value) })),
  };
}
