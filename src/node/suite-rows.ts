/** Rows of reference tables, from CSV. */
import { csvParseRows } from "d3-dsv";
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
