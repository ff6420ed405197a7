/** Where the joules of a run go: by component, and layer by layer. */
import { energy as energyText, percent } from "../human.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, type Series, stackedBars } from "./frame.ts";
import { others, quietStyle, styleAt } from "./palette.ts";

/** More bars and more parts are shown as the largest of them. */
const mostLayers = 30;
const mostComponents = 7;

export const energy: RunChart = ({ report: { layers, energy, totals } }) => {
  const priced = layers.filter(({ energyJoules }) => energyJoules > 0);
  const largest = new Set(priced.toSorted((a, b) => b.energyJoules - a.energyJoules).slice(0, mostLayers));
  const shown = priced.filter((layer) => largest.has(layer));
  const ranked = Object.entries(energy.byComponent)
    .filter(([, joules]) => joules > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([component]) => component);
  if (shown.length === 0) return [];
  const own = ranked.slice(0, ranked.length > mostComponents + 1 ? mostComponents : ranked.length);
  const rest = ranked.slice(own.length);
  const bars = [energy.byComponent, ...shown.map(({ energyByComponent }) => energyByComponent)];
  const unit = axisUnit([energy.totalJoules], "J");
  const series: readonly Series[] = [
    ...own.map((component, index) => ({
      label: component,
      values: bars.map((bar) => unit.of(bar[component] ?? 0)),
      style: component === "static" ? quietStyle : styleAt(index),
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            label: `${others} (${rest.length})`,
            values: bars.map((bar) =>
              unit.of(rest.reduce((sum, component) => sum + (bar[component] ?? 0), 0)),
            ),
            style: styleAt(mostComponents),
          },
        ]),
  ];
  const phases = new Set(shown.map(({ phase }) => phase));
  const joules = [totals.energyJoules, ...shown.map(({ energyJoules }) => energyJoules)];
  const left = priced.length - shown.length;
  return [
    {
      name: "energy",
      title: `Energy by component and layer${left > 0 ? `, the ${mostLayers} largest of ${priced.length} layers` : ""}`,
      description: `Joules of the whole run, and of each layer while it moved the run's end, all devices together. Most goes to ${ranked[0] ?? "nothing"}. ${energy.unpriced.length === 0 ? "" : `Actions without a price are not in it: ${energy.unpriced.join(", ")}.`}`,
      lines: barLines(bars.length, series.length),
      config: stackedBars(
        [
          "whole run",
          ...shown.map(({ phase, block, times }) => {
            const name = times === 1 ? block : `${block} × ${times}`;
            return phases.size > 1 ? `${phase} ${name}` : name;
          }),
        ],
        series,
        `energy (${unit.unit})`,
        joules.map((each) => `${energyText(each)}, ${percent(each / totals.energyJoules)}`),
      ),
      data: {
        header: ["phase", "layer", "component", "joules"],
        rows: [
          ...Object.entries(energy.byComponent).map(([component, each]) => [
            "",
            "whole run",
            component,
            each,
          ]),
          ...layers.flatMap(({ phase, block, energyByComponent }) =>
            Object.entries(energyByComponent).map(([component, each]) => [phase, block, component, each]),
          ),
        ],
      },
    },
  ];
};
