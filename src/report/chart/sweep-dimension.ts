/** What the runs of an experiment vary: their parameters, those that always change together taken as one. */

type Parameters = Readonly<Record<string, unknown>>;

export interface Dimension {
  readonly path: string;
  /** The end of its path, "channels"; as much as it takes to tell it from others. */
  readonly name: string;
  /** With its unit, for an axis. */
  readonly title: string;
  /** As written, in the order of their numbers, or of the runs. */
  readonly values: readonly string[];
  /** Of an axis; absent where values are no numbers of one unit. */
  readonly scale?: "linear" | "logarithmic";
  readonly text: (parameters: Parameters) => string;
  /** NaN where it is none. */
  readonly number: (parameters: Parameters) => number;
}

export function dimensionsOf(runs: readonly Parameters[]): readonly Dimension[] {
  const paths = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  const varying = paths.filter((path) => new Set(runs.map((run) => textOf(run[path]))).size > 1);
  // Two vary together where neither changes without the other: then the first, or the one with numbers, speaks for both.
  const groups: string[][] = [];
  for (const path of varying) {
    const group = groups.find(([first = ""]) => together(runs, first, path));
    if (group === undefined) groups.push([path]);
    else group.push(path);
  }
  const speakers = groups.map(
    (group) => group.find((each) => numbersOf(runs, each) !== undefined) ?? group[0] ?? "",
  );
  return speakers.map((path) => {
    const alike = speakers.filter((other) => lastOf(other, 1) === lastOf(path, 1));
    return dimension(runs, path, lastOf(path, alike.length > 1 ? 2 : 1));
  });
}

const lastOf = (path: string, words: number): string => path.split(".").slice(-words).join(" ");

function together(runs: readonly Parameters[], a: string, b: string): boolean {
  const pairs = new Set(runs.map((run) => JSON.stringify([textOf(run[a]), textOf(run[b])])));
  const count = (path: string): number => new Set(runs.map((run) => textOf(run[path]))).size;
  return pairs.size === count(a) && pairs.size === count(b);
}

function dimension(runs: readonly Parameters[], path: string, name: string): Dimension {
  const texts = [...new Set(runs.map((run) => textOf(run[path])))];
  const numbers = numbersOf(runs, path);
  const text = (parameters: Parameters): string => textOf(parameters[path]);
  if (numbers === undefined)
    return { path, name, title: name, values: texts, text, number: () => Number.NaN };
  const number = (parameters: Parameters): number => numbers.get(text(parameters)) ?? Number.NaN;
  const values = texts.toSorted((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
  const all = values.map((value) => numbers.get(value) ?? 0);
  const [least = 0, most = 0] = [all[0], all.at(-1)];
  const unit = unitOf(texts);
  return {
    path,
    name,
    title: unit === "" ? name : `${name} (${unit})`,
    values,
    scale: least > 0 && most / least > 10 ? "logarithmic" : "linear",
    text,
    number,
  };
}

/** The number of each text, where all are numbers of one unit. */
function numbersOf(runs: readonly Parameters[], path: string): ReadonlyMap<string, number> | undefined {
  const texts = [...new Set(runs.map((run) => textOf(run[path])))];
  const read = texts.map((text) => [text, reading.exec(text)] as const);
  const units = new Set(read.map(([, match]) => match?.[2]?.trim()));
  if (read.some(([, match]) => match === null) || units.size > 1) return undefined;
  return new Map(read.map(([text, match]) => [text, Number(match?.[1])]));
}

const reading = /^(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)( ?[^\d\s].*)?$/i;

const unitOf = ([text = ""]: readonly string[]): string => reading.exec(text)?.[2]?.trim() ?? "";

const textOf = (value: unknown): string =>
  value === undefined ? "as it is" : typeof value === "object" ? JSON.stringify(value) : String(value);
