/** What the reader asks of the plots, by names that may be short, read against what a sweep has. */
import { nearest } from "../../schema/nearest.ts";
import type { Designs } from "./designs.ts";
import { type Measure, measureOf, objectivesOf } from "./measure.ts";
import type { Parameter } from "./parameter.ts";
import type { Marked } from "./pareto.ts";

export interface PlotOptions {
  /** A result or a parameter. */
  readonly x?: string;
  readonly y?: string;
  /** Two parameters: "width,lanes". */
  readonly map?: string;
  /** Designs by values: "width=64,lanes=16". */
  readonly mark: readonly string[];
}

export interface Asked {
  readonly objectives: readonly Measure[];
  /** Measures of each scatter. */
  readonly pairs: readonly (readonly [Measure, Measure])[];
  /** Two, or none that were asked for. */
  readonly map: readonly Parameter[];
  readonly marked: readonly Marked[];
}

export type ReadAsked =
  | { readonly ok: true; readonly value: Asked }
  | { readonly ok: false; readonly problems: readonly string[] };

export function readAsked(designs: Designs, { x, y, map, mark }: PlotOptions): ReadAsked {
  const problems: string[] = [];
  const { parameters, measures } = designs;
  const measure = (option: string, text: string | undefined): Measure | undefined => {
    if (text === undefined) return undefined;
    const known = [...measures, ...parameters.flatMap(({ path, name }) => [path, name])];
    const found = measures.includes(text) ? text : parameterNamed(parameters, text)?.path;
    if (found === undefined)
      problems.push(unknown(option, text, known, [...measures, ...parameters.map(({ name }) => name)]));
    return found === undefined ? undefined : measureOf(designs, found);
  };
  const parameter = (option: string, text: string): readonly Parameter[] => {
    const found = parameterNamed(parameters, text);
    if (found !== undefined) return [found];
    const names = parameters.map(({ name }) => name);
    problems.push(unknown(option, text, [...names, ...parameters.map(({ path }) => path)], names));
    return [];
  };
  const objectives = objectivesOf(designs);
  const pairs = pairsOf(designs, objectives, measure("--x", x), measure("--y", y));
  const mapped = map === undefined ? [] : map.split(",").map((text) => text.trim());
  if (map !== undefined && mapped.length !== 2)
    problems.push(`--map: expected two parameters such as width,lanes, found ${JSON.stringify(map)}`);
  const mapParameters = mapped.flatMap((text) => parameter("--map", text));
  const marked = mark.map((text) => {
    const wanted = text.split(",").flatMap((pair) => {
      const [path = "", ...value] = pair.split("=");
      const level = value.join("=").trim();
      return parameter("--mark", path.trim()).map((found) => {
        const place = found.levels.indexOf(level);
        if (place < 0) problems.push(unknown(`--mark ${found.name}`, level, found.levels, found.levels));
        return { found, place };
      });
    });
    const places = designs.index.flatMap((_, design) =>
      wanted.every(({ found, place }) => found.level[design] === place) ? [design] : [],
    );
    return { name: text, designs: places };
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { objectives, pairs, map: mapParameters, marked } };
}

/** Those asked for; or every two objectives; of one objective, with what else matters. */
function pairsOf(
  designs: Designs,
  objectives: readonly Measure[],
  x: Measure | undefined,
  y: Measure | undefined,
): readonly (readonly [Measure, Measure])[] {
  const [first] = objectives;
  const beside = (other: Measure | undefined): Measure | undefined =>
    [...objectives.map(({ name }) => name), "latencySeconds", "energyJoules", "averagePowerWatts"]
      .filter((name) => name !== other?.name && designs.measure(name).length > 0)
      .map((name) => measureOf(designs, name))[0];
  if (x !== undefined || y !== undefined || objectives.length < 2) {
    const left = x ?? (y === undefined ? first : beside(y));
    const right = y ?? beside(left);
    return left === undefined || right === undefined ? [] : [[left, right]];
  }
  return objectives
    .slice(0, mostPaired)
    .flatMap((left, at, among) => among.slice(at + 1).map((right) => [left, right] as const));
}

/** More scatters nobody compares; `--x` and `--y` give any other. */
const mostPaired = 3;

const parameterNamed = (parameters: readonly Parameter[], text: string): Parameter | undefined =>
  parameters.find(({ path, name }) => path === text || name === text || path.endsWith(`.${text}`));

function unknown(option: string, text: string, known: readonly string[], shown: readonly string[]): string {
  const near = nearest(text, known);
  const meant = near === undefined ? "" : `, did you mean ${JSON.stringify(near)}?`;
  return `${option}: nothing is named ${JSON.stringify(text)}${meant}; there are ${shown.join(", ")}`;
}
