/** Main effects and interactions: what a measure is on average for each value of a parameter, and of two together. */
import type { Chart } from "../../report/chart/chart.ts";
import { lineOf } from "../../report/chart/frame.ts";
import { styleAt } from "../../report/chart/palette.ts";
import type { Designs } from "./designs.ts";
import type { Measure } from "./measure.ts";
import {
  type Effect,
  effectOf,
  type Interaction,
  interactionOf,
  type Response,
  responseOf,
} from "./response.ts";
import { spread } from "./sample.ts";

/** Pairs of parameters whose interaction is drawn, the strongest. */
const mostPairs = 3;
/** Parameters among which pairs are looked for, those of the largest effects. */
const mostPaired = 8;
/** More lines are not told apart. */
const mostLines = 7;

export function effects(designs: Designs, measure: Measure): readonly Chart[] {
  const response = responseOf(designs, measure);
  if (response === undefined) return [];
  const all = designs.parameters.map((parameter) => effectOf(response, measure, parameter));
  const largest = all.toSorted((a, b) => b.size - a.size);
  if (largest.length === 0) return [];
  const pairs = largest
    .slice(0, mostPaired)
    .flatMap((a, at, among) => among.slice(at + 1).map((b) => interactionOf(response, measure, a, b)))
    .sort((a, b) => b.strength - a.strength);
  return [
    mainEffects(measure, response, largest),
    ...pairs.slice(0, mostPairs).map((pair, at) => interaction(measure, response, pair, at)),
  ];
}

function mainEffects(measure: Measure, { ratios }: Response, largest: readonly Effect[]): Chart {
  const { name, unit, axis } = measure;
  const before = largest.map((_, at) =>
    largest.slice(0, at).reduce((sum, { places }) => sum + places.names.length, 0),
  );
  const [first] = largest;
  const size = (effect: Effect) =>
    ratios ? `${effect.size.toPrecision(3)} times` : measure.text(effect.size);
  const sizes = largest.map(size);
  return {
    name: `effects-${name}`,
    title: `Main effects on ${name}`,
    description: `The ${meanOf(ratios)} of ${name} over all designs that meet all limits, for each value of each parameter; a level line has no effect.${first === undefined ? "" : ` The largest is that of ${first.parameter.name}: ${sizes[0]} between its best and its worst value.`}`,
    lines: 22,
    characters: 12 + 4.2 * largest.reduce((sum, { places }) => sum + places.names.length, 0),
    config: {
      type: "line",
      data: {
        labels: largest.flatMap(({ places }) => places.names),
        datasets: largest.map(({ parameter, means }, at) =>
          lineOf(
            `${parameter.name} (${sizes[at]})`,
            [
              ...Array.from({ length: before[at] ?? 0 }, () => null),
              ...means.map((mean) => (mean === undefined ? null : unit.of(mean))),
            ],
            styleAt(at),
          ),
        ),
      },
      options: {
        scales: {
          x: {
            title: { display: true, text: "values of the parameters, one after the other" },
            ticks: { autoSkip: false },
          },
          y: { ...axis, title: { display: true, text: `mean ${titleOf(measure)}` } },
        },
      },
    },
    data: {
      header: ["parameter", "value", name],
      rows: largest.flatMap(({ parameter, places, means }) =>
        places.names.map((place, at) => [parameter.path, place, means[at] ?? ""]),
      ),
    },
  };
}

function interaction(
  measure: Measure,
  { ratios }: Response,
  { a, b, means, strength }: Interaction,
  at: number,
): Chart {
  const { name, unit, axis } = measure;
  // The finer one is the axis.
  const turned = b.places.names.length > a.places.names.length;
  const [across, lines] = turned ? [b, a] : [a, b];
  const cell = (line: number, place: number) => (turned ? means[place]?.[line] : means[line]?.[place]);
  const shown = spread(lines.places.names.length, mostLines);
  const off = ratios ? `a factor of ${Math.exp(strength).toFixed(2)}` : measure.text(strength);
  return {
    name: `interaction-${name}-${at + 1}`,
    title: `${name} over ${across.parameter.name} for each ${lines.parameter.name}`,
    description: `The ${meanOf(ratios)} over all designs with both values that meet all limits${shown.length < lines.places.names.length ? `, for ${shown.length} of ${lines.places.names.length} values of ${lines.parameter.name}` : ""}. Parallel lines would not interact; these are off by ${off} on average.`,
    lines: 18,
    characters: 12 + 4.2 * across.places.names.length,
    config: {
      type: "line",
      data: {
        labels: across.places.names,
        datasets: shown.map((line, at) =>
          lineOf(
            lines.places.names[line] ?? "",
            across.places.names.map((_, place) => {
              const mean = cell(line, place);
              return mean === undefined ? null : unit.of(mean);
            }),
            styleAt(at),
          ),
        ),
      },
      options: {
        scales: {
          x: { title: { display: true, text: across.parameter.name }, ticks: { autoSkip: false } },
          y: { ...axis, title: { display: true, text: `mean ${titleOf(measure)}` } },
        },
        plugins: { legend: { title: { display: true, text: lines.parameter.name } } },
      },
    },
    data: {
      header: [across.parameter.path, lines.parameter.path, name],
      rows: lines.places.names.flatMap((value, line) =>
        across.places.names.map((place, column) => [place, value, cell(line, column) ?? ""]),
      ),
    },
  };
}

const meanOf = (ratios: boolean): string => (ratios ? "geometric mean" : "mean");

const titleOf = ({ name, unit }: Measure): string => (unit.unit === "" ? name : `${name} (${unit.unit})`);
