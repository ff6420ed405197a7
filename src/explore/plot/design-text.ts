/** A design in words, and as a row of numbers. */
import type { ChartData } from "../../report/chart/chart.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";

/** A line for its parameters, a line for each measure. */
export const designText = (
  { index, parameters }: Designs,
  measures: readonly Measure[],
  design: number,
): string =>
  [
    `design ${index[design]}: ${parameters.map(({ name, levels, level }) => `${name} ${levels[level[design] ?? 0]}`).join(", ")}`,
    ...measures.map(({ name, values, text }) => `${name} ${text(values[design] ?? Number.NaN)}`),
  ].join("\n");

/** A row for each design; measures in SI units. @param more a column before the measures */
export const designRows = (
  { index, parameters }: Designs,
  measures: readonly Measure[],
  shown: readonly number[],
  more: { readonly header: string; readonly of: (design: number) => string },
): ChartData => ({
  header: ["design", ...parameters.map(({ path }) => path), more.header, ...measures.map(({ name }) => name)],
  rows: shown.map((design) => [
    index[design] ?? 0,
    ...parameters.map(({ levels, level }) => levels[level[design] ?? 0] ?? ""),
    more.of(design),
    ...measures.map(({ values }) => cell(values[design])),
  ]),
});

/** Empty where the design has no such number. */
const cell = (value = Number.NaN): string | number => (Number.isFinite(value) ? value : "");
