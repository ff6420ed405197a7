/** The dimensions of a sweep: parameters that change together, and designs as numbers over them. */
import type { Problem } from "../schema/problem.ts";
import { entryAt, type Path, type Tree } from "../schema/tree.ts";
import type { ExperimentFields } from "./experiment.ts";
import { expandRange, type SweptValue } from "./range.ts";
import { isOfWorkload } from "./setting.ts";

/** Parameters that change together. */
export interface Dimension {
  readonly paths: readonly string[];
  /** One value for each path. */
  readonly choices: readonly (readonly SweptValue[])[];
}

export type Sweep = NonNullable<ExperimentFields["sweep"]>;

/** Those of the machine first; with what is wrong in them. */
export function dimensionsOf(sweep: Sweep, tree: Tree) {
  const problems: Problem[] = [];
  const valuesAt = (given: Values[string], path: Path): readonly SweptValue[] => {
    if (Array.isArray(given)) return given;
    if (!isRange(given)) return [];
    const range = expandRange(given);
    if (range.ok) return range.values;
    problems.push(problemOf(tree, path, range.expected, range.found));
    return [];
  };
  const product = Object.entries(sweep.product ?? {}).map(([path, given]): Dimension => {
    const values = valuesAt(given, ["sweep", "product", path]);
    return { paths: [path], choices: values.map((value) => [value]) };
  });
  const zipped = (sweep.zip ?? []).map((group, index): Dimension => {
    const columns = Object.entries(group).map(([path, given]) =>
      valuesAt(given, ["sweep", "zip", index, path]),
    );
    const lengths = columns.map(({ length }) => length);
    const [length = 0] = lengths;
    if (problems.length === 0 && lengths.some((other) => other !== length))
      problems.push(
        problemOf(tree, ["sweep", "zip", index], "lists of the same length", `lengths ${lengths.join(", ")}`),
      );
    const choices = Array.from({ length }, (_, at) => columns.flatMap((column) => column.slice(at, at + 1)));
    return { paths: Object.keys(group), choices };
  });
  const all = [...product, ...zipped];
  if (all.length === 0 && problems.length === 0)
    problems.push(problemOf(tree, ["sweep"], "the key product or zip", "neither"));
  const ofWorkload = ({ paths }: Dimension): boolean => paths.every(isOfWorkload);
  const dimensions = [...all.filter((each) => !ofWorkload(each)), ...all.filter(ofWorkload)];
  return { dimensions, problems };
}

/** The choice of each dimension at an index. */
export function choicesAt(index: number, dimensions: readonly Dimension[]): readonly number[] {
  let rest = index;
  const digits = dimensions.toReversed().map(({ choices }) => {
    const digit = rest % choices.length;
    rest = Math.floor(rest / choices.length);
    return digit;
  });
  return digits.toReversed();
}

/** The index of a choice of each dimension. */
export const indexOf = (digits: readonly number[], dimensions: readonly Dimension[]): number =>
  dimensions.reduce((index, { choices }, at) => index * choices.length + (digits[at] ?? 0), 0);

type Values = NonNullable<Sweep["product"]>;
type Given = Values[string];
const isRange = (given: Given): given is Exclude<Given, SweptValue[]> => !Array.isArray(given);

/** A problem at the place of a path. */
export const problemOf = (tree: Tree, path: Path, expected: string, found: string): Problem => ({
  ...(entryAt(tree, path)?.value.at ?? tree.at),
  code: "invalid",
  path: path.join("."),
  expected,
  found,
});
