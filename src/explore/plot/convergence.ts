/** How the best and the hypervolume of the front grew with the designs that were looked at. */
import { percents } from "../../report/chart/axis.ts";
import type { Chart } from "../../report/chart/chart.ts";
import { lineOf, titled } from "../../report/chart/frame.ts";
import { styleAt } from "../../report/chart/palette.ts";
import { front, hypervolume } from "../pareto.ts";
import { costsOf, feasibleOf } from "./best.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";

/** Points of each line. */
const points = 60;
/** The volume is exact, and dear in many dimensions. */
const mostObjectives = 3;

export function convergence(designs: Designs, objectives: readonly Measure[]): readonly Chart[] {
  const feasible = feasibleOf(designs).filter((design) => costsOf(objectives, design).every(Number.isFinite));
  const last = designs.counts.done + designs.counts.unfit + designs.counts.failed;
  if (feasible.length < 2 || objectives.length === 0) return [];
  const worst = objectives.map(({ cost }) =>
    feasible.reduce((most, design) => Math.max(most, cost(design)), Number.NEGATIVE_INFINITY),
  );
  const steps = stepsTo(last);
  const best = objectives.map(() => Number.POSITIVE_INFINITY);
  const members = front<number>();
  const found: { readonly looked: number; readonly best: readonly number[]; readonly volume: number }[] = [];
  let next = 0;
  const several = objectives.length > 1 && objectives.length <= mostObjectives;
  for (const looked of steps) {
    for (; next < feasible.length; next++) {
      const design = feasible[next] ?? 0;
      if ((designs.looked[design] ?? 0) > looked) break;
      const costs = costsOf(objectives, design);
      for (const [place, cost] of costs.entries()) best[place] = Math.min(best[place] ?? cost, cost);
      if (several) members.add(costs, design);
    }
    if (next === 0) continue;
    const volume = hypervolume(
      members.members().map(({ costs }) => costs),
      worst,
    );
    found.push({ looked, best: [...best], volume });
  }
  const final = found.at(-1);
  if (final === undefined) return [];
  // From the worst of all designs, 0, to the best of all, 1.
  const share = (cost: number, place: number): number => {
    const [from = 0, to = 0] = [worst[place], final.best[place]];
    return from === to ? 1 : (from - cost) / (from - to);
  };
  const volumes = several && final.volume > 0;
  const reached = found.find(({ volume }) => volume >= 0.99 * final.volume)?.looked ?? last;
  return [
    {
      name: "convergence",
      title: "Best so far over the designs looked at",
      description: `How far the best design so far is from the worst (0 %) to the best of all (100 %), by each objective${volumes ? `, and the hypervolume of the front so far over that of the last, up to the worst of all designs in each objective; it passes 99 % after ${reached} of ${last}` : ""}. Designs come in the order of their rows.`,
      lines: 18,
      config: {
        type: "line",
        data: {
          datasets: [
            ...objectives.map(({ name }, place) =>
              lineOf(
                `best ${name}`,
                found.map(({ looked, best }) => ({
                  x: looked,
                  y: percents.of(share(best[place] ?? 0, place)),
                })),
                styleAt(place),
                { stepped: "before", pointRadius: 0 },
              ),
            ),
            ...(volumes
              ? [
                  lineOf(
                    "hypervolume",
                    found.map(({ looked, volume }) => ({ x: looked, y: percents.of(volume / final.volume) })),
                    styleAt(5),
                    { stepped: "before", pointRadius: 0 },
                  ),
                ]
              : []),
          ],
        },
        options: {
          scales: {
            x: { type: "logarithmic", title: titled("designs looked at"), max: last },
            y: { title: titled("of the final (%)"), max: 100 },
          },
        },
      },
      data: {
        header: [
          "designs",
          ...objectives.map(({ name }) => `best ${name}`),
          ...(volumes ? ["hypervolumeOfFinal"] : []),
        ],
        rows: found.map(({ looked, best, volume }) => [
          looked,
          ...best.map((cost, place) => (objectives[place]?.better === "more" ? -cost : cost)),
          ...(volumes ? [volume / final.volume] : []),
        ]),
      },
    },
  ];
}

/** Whole numbers up to `last` at equal ratios. */
const stepsTo = (last: number): readonly number[] => [
  ...new Set(Array.from({ length: points }, (_, at) => Math.round(last ** (at / (points - 1))))),
];
