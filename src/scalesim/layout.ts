/** Reads SCALE-Sim's layout CSV (version 3): how each layer's words lie in the banks. Read and checked; bank conflicts are not modelled. */
import type { Problem } from "../schema/problem.ts";
import { cellsOf, problemAt, quoted, type Reading, type TextFile, wholeNumber } from "./reading.ts";

export interface LayerLayout {
  readonly name: string;
  /** Words of a line along: ifmap height and width, filter height and width, channel, filter. */
  readonly factors: readonly number[];
  /** Which dimension comes first inside a line and between lines. */
  readonly orders: readonly number[];
}

const factorCount = 6;
const orderCount = 14;

export function readLayout({ file, text }: TextFile): Reading<readonly LayerLayout[]> {
  const problems: Problem[] = [];
  const value: LayerLayout[] = [];
  for (const cells of cellsOf(text).slice(1)) {
    const [name, ...rest] = cells;
    if (name === undefined || cells.every((cell) => cell.text === "")) continue;
    const wanted = rest.slice(0, factorCount + orderCount);
    const end = cells.at(-1) ?? name;
    const missing = factorCount + orderCount - wanted.filter((cell) => cell.text !== "").length;
    if (missing > 0)
      problems.push(problemAt(file, end, "6 factors and 14 orders after the name", `${missing} too few`));
    const numbers = wanted.map((cell, index) => {
      const least = index < factorCount ? 1 : 0;
      const number = wholeNumber(cell.text, least);
      if (number === undefined && cell.text !== "")
        problems.push(problemAt(file, cell, `a whole number of at least ${least}`, quoted(cell.text)));
      return number ?? least;
    });
    value.push({
      name: name.text,
      factors: numbers.slice(0, factorCount),
      orders: numbers.slice(factorCount),
    });
  }
  if (value.length === 0)
    problems.push(problemAt(file, { line: 1, column: 1 }, "a header and a layer", "none"));
  return problems.length === 0 ? { ok: true, value, notes: [] } : { ok: false, problems };
}
