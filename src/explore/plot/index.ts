/** The plots of a sweep, in the order of their page. A new plot is a file and a line here. */
import type { Chart } from "../../report/chart/chart.ts";
import { grouped } from "../../report/human.ts";
import { type Block, numbers, type Section, type Table, words } from "../../report/view/view.ts";
import type { Asked } from "./asked.ts";
import { frontOf } from "./best.ts";
import { bestMap } from "./best-map.ts";
import { convergence } from "./convergence.ts";
import type { Designs } from "./designs.ts";
import { effects } from "./effects.ts";
import { parallel } from "./parallel.ts";
import { pareto } from "./pareto.ts";
import { spread } from "./sample.ts";

interface Group {
  readonly id: string;
  readonly title: string;
  readonly charts: readonly Chart[];
}

export const plotCharts = (designs: Designs, asked: Asked): readonly Chart[] =>
  groupsOf(designs, asked).flatMap(({ charts }) => charts);

/** A page of all plots, and of what did not run. */
export const plotSections = (designs: Designs, asked: Asked): readonly Section[] => [
  summary(designs, asked),
  ...groupsOf(designs, asked).flatMap(({ id, title, charts }) =>
    charts.length === 0
      ? []
      : [{ id, title, blocks: charts.map((chart): Block => ({ kind: "chart", chart })) }],
  ),
];

/** Objectives with plots of their own. */
const mostObjectives = 3;

function groupsOf(designs: Designs, { objectives, pairs, map, marked }: Asked): readonly Group[] {
  const own = objectives.slice(0, mostObjectives);
  return [
    {
      id: "fronts",
      title: "Pareto front",
      charts: pairs.flatMap(([x, y], at) =>
        pareto(designs, x, y, { name: at === 0 ? "pareto" : `pareto-${at + 1}`, objectives, marked }),
      ),
    },
    { id: "coordinates", title: "All parameters at once", charts: parallel(designs, objectives) },
    { id: "effects", title: "Effects of parameters", charts: own.flatMap((each) => effects(designs, each)) },
    { id: "maps", title: "Two parameters", charts: own.flatMap((each) => bestMap(designs, each, map)) },
    { id: "search", title: "Convergence", charts: convergence(designs, objectives) },
  ];
}

/** Of a front more designs than these are left to the charts. */
const mostListed = 100;
/** More reasons are left to `papillon query`. */
const mostReasons = 12;

function summary(designs: Designs, { objectives }: Asked): Section {
  const { about, counts, reasons, feasible } = designs;
  const missed = counts.done - feasible.filter((meets) => meets).length;
  return {
    id: "summary",
    title: "Summary",
    blocks: [
      {
        kind: "facts",
        facts: [
          ["designs", grouped(counts.done + counts.unfit + counts.failed)],
          ["ran", grouped(counts.done)],
          ["do not fit", grouped(counts.unfit)],
          ["failed", grouped(counts.failed)],
          ...(about.limits.length === 0
            ? []
            : [["limits", `${about.limits.join(", ")}; ${grouped(missed)} designs miss one`] as const]),
          ["better", objectives.map(({ better, name }) => `${better} ${name}`).join(", ")],
          ["source", about.source],
        ],
      },
      frontTable(designs, objectives),
      ...(reasons.length === 0 ? [] : [reasonTable(reasons)]),
    ],
  };
}

function frontTable(designs: Designs, objectives: Asked["objectives"]): Table {
  const front = frontOf(designs, objectives);
  const shown = spread(front.length, mostListed).flatMap((at) => front.slice(at, at + 1));
  const over = objectives.map(({ name }) => name).join(" and ");
  return {
    kind: "table",
    caption: `Designs that no other beats in ${over} (${shown.length < front.length ? `${shown.length} of ` : ""}${front.length})`,
    columns: [
      words(
        "design",
        shown.map((design) => String(designs.index[design])),
      ),
      ...objectives.map(({ name, values, text }) =>
        numbers(
          name,
          shown.map((design) => values[design]),
          text,
        ),
      ),
      ...designs.parameters.map(({ name, levels, level }) =>
        words(
          name,
          shown.map((design) => levels[level[design] ?? 0] ?? ""),
        ),
      ),
    ],
  };
}

function reasonTable(reasons: Designs["reasons"]): Table {
  const shown = reasons.slice(0, mostReasons);
  const more = reasons.length - shown.length;
  return {
    kind: "table",
    caption: `Why designs did not run${more > 0 ? ` (${more} rarer reasons are left out)` : ""}`,
    columns: [
      words(
        "reason of one of them",
        shown.map(({ example }) => example),
      ),
      words(
        "status",
        shown.map(({ status }) => (status === "unfit" ? "does not fit" : "failed")),
      ),
      numbers(
        "designs",
        shown.map(({ designs }) => designs),
        grouped,
      ),
    ],
  };
}
