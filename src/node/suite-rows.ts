/** Rows of reference tables, from CSV. */
import { csvParseRows } from "d3-dsv";
import type { Problem } from "../schema/problem.ts";
import type { Row, Suite } from "../validation/suite.ts";
import { shippedText } from "./library.ts";

/** The rows of the tables that come with the package. */
export const shippedRows = (suite: Suite): readonly Row[] =>
  suite.tables.flatMap((path) => rowsOf(shippedText(path)).rows);

/** Rows by column name; a row that is too short lacks its last columns, an empty one is none. */
export function rowsOf(text: string): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
  const [columns = [], ...lines] = csvParseRows(text);
  const rows = lines
    .filter((cells) => cells.some((cell) => cell !== ""))
    .map((cells) =>
      Object.fromEntries(
        cells.flatMap((cell, index) => {
          const column = columns[index];
          return column === undefined ? [] : [[column, cell]];
        }),
      ),
    );
  return { columns, rows };
}

/** Cells of a user's table that are no numbers, in columns of which the shipped tables have nothing but numbers. */
export function malformedNumbers(suite: Suite, file: string, text: string): readonly Problem[] {
  const shipped = shippedRows(suite);
  const numeric = (column: string): boolean => {
    const cells = shipped.flatMap((row) => row[column] ?? "").filter((cell) => cell !== "");
    return cells.length > 0 && cells.every(isNumber);
  };
  const [columns = [], ...lines] = placedCells(text);
  const checked = columns.map(({ text }) => numeric(text));
  return lines.flatMap((cells) =>
    cells.flatMap((cell, index): Problem[] => {
      if (checked[index] !== true || cell.text === "" || isNumber(cell.text)) return [];
      const path = columns[index]?.text ?? "";
      const { line, column } = cell;
      const found = JSON.stringify(cell.text);
      return [{ code: "invalid", file, line, column, path, expected: "a number", found }];
    }),
  );
}

const isNumber = (cell: string): boolean => cell.trim() !== "" && Number.isFinite(Number(cell));

interface PlacedCell {
  readonly text: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The cells of each row with their places; a quoted cell may hold commas, quotes written twice, and ends of lines. */
function placedCells(text: string): readonly (readonly PlacedCell[])[] {
  const rows: PlacedCell[][] = [];
  let row: PlacedCell[] = [];
  let [line, lineStart] = [1, 0];
  for (const { 0: whole, 1: quoted, 2: plain = "", 3: end = "", index } of text.matchAll(cellPattern)) {
    row.push({ text: quoted?.replaceAll('""', '"') ?? plain, line, column: index - lineStart + 1 });
    const breaks = whole.split(/\r\n|\n|\r/);
    if (breaks.length > 1) {
      line += breaks.length - 1;
      lineStart = index + whole.length - (breaks.at(-1)?.length ?? 0);
    }
    if (end === ",") continue;
    rows.push(row);
    row = [];
    if (end === "") break;
  }
  return rows;
}

/** A cell and what ends it: a comma, the line, or the file. */
const cellPattern = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g;
