/** Designs over two measures: what each costs, and the line of those that none beats in both. */
import type { Chart, JsonRecord } from "../../report/chart/chart.ts";
import { lineOf } from "../../report/chart/frame.ts";
import { ink, quietStyle, styleAt } from "../../report/chart/palette.ts";
import { feasibleOf, frontOf } from "./best.ts";
import { designRows, designText } from "./design-text.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";
import { mostShown, sampled, shareText } from "./sample.ts";

/** Designs that the reader asked for by their values. */
export interface Marked {
  readonly name: string;
  /** Their places. */
  readonly designs: readonly number[];
}

export function pareto(
  designs: Designs,
  x: Measure,
  y: Measure,
  {
    name,
    objectives,
    marked,
  }: {
    readonly name: string;
    /** Of the sweep: what a hover tells. */
    readonly objectives: readonly Measure[];
    readonly marked: readonly Marked[];
  },
): readonly Chart[] {
  const finite = (design: number) => Number.isFinite(x.cost(design)) && Number.isFinite(y.cost(design));
  const feasible = feasibleOf(designs).filter(finite);
  if (feasible.length === 0) return [];
  const best = frontOf(designs, [x, y]);
  const onFront = new Set(best);
  const others = sampled(
    feasible.filter((design) => !onFront.has(design)),
    mostShown,
  );
  const missing = sampled(
    designs.index.flatMap((_, design) => (designs.feasible[design] || !finite(design) ? [] : [design])),
    mostShown / 4,
  );
  const told = [...new Map([x, y, ...objectives].map((measure) => [measure.name, measure])).values()];
  const points = (shown: readonly number[]) =>
    shown.map((design) => ({ x: x.unit.of(x.values[design] ?? 0), y: y.unit.of(y.values[design] ?? 0) }));
  const dataset = (
    label: string,
    shown: readonly number[],
    style: ReturnType<typeof styleAt>,
    more: JsonRecord,
  ) =>
    lineOf(label, points(shown), style, {
      tips: shown.map((design) => designText(designs, told, design)),
      showLine: false,
      ...more,
    });
  const markedSets = marked.map(({ name, designs: places }, at) =>
    dataset(name, sampled(places.filter(finite), mostShown), styleAt(3 + at), {
      pointRadius: 7,
      borderColor: ink,
      borderWidth: 1.5,
    }),
  );
  const shown = [...best, ...others];
  const shares = shareText(shown.length, feasible.length);
  const way = ({ better, name }: Measure) => `${better} ${name}`;
  return [
    {
      name,
      title: `${y.name} over ${x.name}`,
      description: `Each point is a design that meets all limits (${shares}); better is ${way(x)} and ${way(y)}. No design beats those on the line in both: ${best.length}${best.length === 1 ? " design" : " designs"}${endsText(best, x, y)}.`,
      lines: 24,
      config: {
        type: "scatter",
        data: {
          datasets: [
            dataset("front", best, styleAt(5), {
              showLine: true,
              // From each design on the worse side: what lies beyond the line, the front beats.
              stepped: "before",
              pointStyle: "circle",
              borderDash: [],
              pointRadius: 3.5,
            }),
            ...markedSets,
            dataset("other designs", others, styleAt(0), {
              pointRadius: 1.8,
              backgroundColor: "#0072b2",
              borderWidth: 0,
            }),
            ...(missing.length === 0
              ? []
              : [
                  dataset("misses a limit", missing, quietStyle, {
                    pointStyle: "cross",
                    pointRadius: 2.5,
                    borderWidth: 1,
                  }),
                ]),
          ],
        },
        options: { scales: { x: x.axis, y: y.axis } },
      },
      data: designRows(designs, told, shown, {
        header: "front",
        of: (design) => (onFront.has(design) ? "yes" : "no"),
      }),
    },
  ];
}

function endsText(best: readonly number[], x: Measure, y: Measure): string {
  const [first, last] = [best[0], best.at(-1)];
  if (first === undefined || last === undefined) return "";
  const at = (design: number) => `${x.text(x.values[design] ?? 0)} with ${y.text(y.values[design] ?? 0)}`;
  return first === last ? `, ${at(first)}` : `, from ${at(first)} to ${at(last)}`;
}
