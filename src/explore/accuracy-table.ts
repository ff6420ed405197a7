/**
 * The user's table of what compression costs in accuracy, as measured: a CSV with the columns matrix, n, m, bits, drop, and if layers
 * differ `layers` ("0-5", empty for all). Nothing is filled in: a matrix can only be stored as some row says.
 */
import { csvParseRows } from "d3-dsv";
import { type Problem, sortProblems } from "../schema/problem.ts";

export interface AccuracyRow {
  /** The op's name in its block: query, key, value, projection, expand, contract. */
  readonly matrix: string;
  /** First and last layer of the block that the row speaks of; absent for all. */
  readonly layers?: readonly [first: number, last: number];
  readonly n: number;
  readonly m: number;
  readonly bits: number;
  /** Loss of accuracy when only this matrix is so stored, in the user's own measure. */
  readonly drop: number;
}

export type AccuracyTable =
  | { readonly ok: true; readonly rows: readonly AccuracyRow[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads all rows; every problem with its line and column. */
export function readAccuracyTable(text: string, file: string): AccuracyTable {
  const [header = [], ...lines] = csvParseRows(text);
  const columns = header.map((name) => name.trim());
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const expected = `columns ${required.join(", ")}`;
    return { ok: false, problems: [problem({ file, line: 1, column: 1 }, "", expected, columns.join(", "))] };
  }
  const problems: Problem[] = [];
  const rows = lines.flatMap((cells, index): readonly AccuracyRow[] => {
    if (cells.every((cell) => cell.trim() === "")) return [];
    const read = rowOf(cells, columns, { file, line: index + 2 });
    problems.push(...read.problems);
    return read.problems.length === 0 ? [read.row] : [];
  });
  return problems.length === 0 ? { ok: true, rows } : { ok: false, problems: sortProblems(problems) };
}

const required = ["matrix", "n", "m", "bits", "drop"];

function rowOf(
  cells: readonly string[],
  columns: readonly string[],
  at: { readonly file: string; readonly line: number },
) {
  const problems: Problem[] = [];
  const cell = (name: string): string => (cells[columns.indexOf(name)] ?? "").trim();
  const wrong = (name: string, expected: string): void => {
    problems.push(
      problem({ ...at, column: columns.indexOf(name) + 1 }, name, expected, JSON.stringify(cell(name))),
    );
  };
  const whole = (name: string): number => {
    const value = Number(cell(name));
    if (cell(name) === "" || !Number.isInteger(value) || value < 1) wrong(name, "a whole number above zero");
    return value;
  };
  const matrix = cell("matrix");
  if (matrix === "") wrong("matrix", "the name of a weight matrix");
  const [n, m, bits] = [whole("n"), whole("m"), whole("bits")];
  if (n > m) wrong("n", `at most m, which is ${m}`);
  const drop = Number(cell("drop"));
  if (cell("drop") === "" || !Number.isFinite(drop)) wrong("drop", "a number: the measured loss");
  const range = /^(\d+)(?:-(\d+))?$/.exec(cell("layers"));
  const [first, last] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
  const layered = columns.includes("layers") && cell("layers") !== "";
  if (layered && !(first <= last)) wrong("layers", "a layer like 3, or layers like 0-5");
  const row: AccuracyRow = {
    matrix,
    n,
    m,
    bits,
    drop,
    ...(layered ? { layers: [first, last] as const } : {}),
  };
  return { row, problems };
}

const problem = (
  at: { readonly file: string; readonly line: number; readonly column: number },
  path: string,
  expected: string,
  found: string,
): Problem => ({ ...at, code: "invalid", path, expected, found });
