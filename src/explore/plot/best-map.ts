/** A heat map of two parameters: the best that a measure comes to, whatever the other parameters are. */
import type { Chart } from "../../report/chart/chart.ts";
import { heatMap, heatSize } from "../../report/chart/heat.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";
import type { Parameter } from "./parameter.ts";
import { effectOf, responseOf } from "./response.ts";

/** @param asked the two parameters; otherwise those of the machine with the largest main effects, the finer one across */
export function bestMap(
  designs: Designs,
  measure: Measure,
  asked: readonly Parameter[] = [],
): readonly Chart[] {
  const response = responseOf(designs, measure);
  if (response === undefined) return [];
  const effects = (asked.length === 2 ? asked : eligible(designs.parameters)).map((parameter) =>
    effectOf(response, measure, parameter),
  );
  const largest = asked.length === 2 ? effects : effects.toSorted((a, b) => b.size - a.size).slice(0, 2);
  const [across, down] =
    asked.length === 2 ? largest : largest.toSorted((a, b) => b.places.names.length - a.places.names.length);
  if (across === undefined || down === undefined) return [];
  const columns = across.places.names.length;
  const best = new Map<number, number>();
  for (const design of response.designs) {
    const row = down.places.of(down.parameter.level[design] ?? 0);
    const cell = row * columns + across.places.of(across.parameter.level[design] ?? 0);
    const known = best.get(cell);
    if (known === undefined || measure.cost(design) < measure.cost(known)) best.set(cell, design);
  }
  const value = (row: number, column: number): number | undefined => {
    const design = best.get(row * columns + column);
    return design === undefined ? undefined : measure.values[design];
  };
  const { name, better } = measure;
  return [
    {
      name: `map-${name}`,
      title: `Best ${name} over ${across.parameter.name} and ${down.parameter.name}`,
      description: `The ${better === "less" ? "least" : "greatest"} ${name} of all designs with both values that meet all limits, whatever their other parameters are; the darker, the greater${better === "less" ? ", and the worse" : ""}. Empty where there is none.`,
      ...heatSize(down.places.names, across.places.names),
      config: heatMap({
        columns: across.places.names,
        rows: down.places.names,
        value,
        text: measure.text,
        scale: response.ratios ? "logarithmic" : "linear",
        columnTitle: across.parameter.name,
        rowTitle: down.parameter.name,
      }),
      data: {
        header: [across.parameter.path, down.parameter.path, name, "design"],
        rows: down.places.names.flatMap((row, y) =>
          across.places.names.map((column, x) => {
            const design = best.get(y * columns + x);
            return [
              column,
              row,
              value(y, x) ?? "",
              design === undefined ? "" : (designs.index[design] ?? ""),
            ];
          }),
        ),
      },
    },
  ];
}

/** Of the machine, as long as it has two: that a longer workload takes longer is no news. */
function eligible(parameters: readonly Parameter[]): readonly Parameter[] {
  const own = parameters.filter(({ path }) => !path.startsWith("workload."));
  return own.length >= 2 ? own : parameters;
}
