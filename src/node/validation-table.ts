/** Validation as text: the worst rows of each suite, and its verdict. */
import { type Column, columnLines, type Paint, wrapped } from "../report/columns.ts";
import { csvText } from "../report/csv.ts";
import { deviation, duration, grouped, percent, plain } from "../report/human.ts";
import type { ComparedRow, SuiteResult, Tolerance } from "../validation/suite.ts";

/** Rows shown of a suite; the CSV has all. */
const shownRows = 40;

export function validationTable(results: readonly SuiteResult[], width: number, paint: Paint): string {
  return results.map((result) => `${suiteLines(result, width, paint).join("\n")}\n`).join("\n");
}

export function validationCsv(results: readonly SuiteResult[]): string {
  const header = ["suite", "quantity", "row", "ours", "reference", "error", "fitted"];
  const rows = results.flatMap(({ suite, rows }) =>
    rows.map(({ quantity, label, ours, reference, error, fitted = false }) => [
      suite,
      quantity,
      label,
      ours,
      reference,
      error,
      fitted,
    ]),
  );
  return csvText([header, ...rows]);
}

function suiteLines(result: SuiteResult, width: number, paint: Paint): readonly string[] {
  const { suite, source, rows, failures, quantities } = result;
  const worst = [...rows].sort((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, shownRows);
  // In the order of the table, unless it is too long to be shown in full.
  const shown = rows.length > shownRows ? worst : rows;
  const left = rows.length - shown.length;
  return [
    paint("bold", suite),
    ...wrapped(source, width).map((line) => paint("dim", line)),
    ...columnLines(columnsOf(shown, quantities.length > 1), width, paint),
    ...(left === 0 ? [] : [`The ${left} rows with smaller errors are in --format csv.`]),
    ...(rows.some(({ fitted }) => fitted === true)
      ? wrapped("* A constant was fitted on this row; it is left out below.", width, 2)
      : []),
    ...failures.flatMap(({ row, reason }) =>
      wrapped(`row ${row} could not be run: ${reason}`, width, 2).map((line) => paint("red", line)),
    ),
    ...quantities.flatMap(({ quantity, summary, tolerance, pass }) => {
      const { rows: count, meanError, p90Error, maxError } = summary;
      const measured = `mean ${percent(meanError)}, 90th percentile ${percent(p90Error)}, worst ${percent(maxError)}`;
      const text = `${pass ? "pass" : "FAIL"}  ${quantity} on ${count} rows: ${measured}; allowed: ${allowed(tolerance)}`;
      return wrapped(text, width, 6).map((line) => paint(pass ? "green" : "red", line));
    }),
  ];
}

function columnsOf(rows: readonly ComparedRow[], several: boolean): readonly Column[] {
  const right = (header: string, cell: (row: ComparedRow) => string): Column => ({
    header,
    align: "right",
    rank: 0,
    cells: rows.map(cell),
  });
  const quantity: Column = {
    header: "quantity",
    align: "left",
    rank: 0,
    cells: rows.map((row) => row.quantity),
  };
  return [
    { header: "row", align: "left", rank: 0, cells: rows.map(({ label }) => label) },
    ...(several ? [quantity] : []),
    right("ours", (row) => valueText(row.quantity, row.ours)),
    right("reference", (row) => valueText(row.quantity, row.reference)),
    right("error", ({ error, fitted }) => `${deviation(error)} ${fitted === true ? "*" : " "}`),
  ];
}

/** Quantities carry their unit in their name. */
function valueText(quantity: string, value: number): string {
  if (/seconds$/i.test(quantity)) return duration(value);
  return Number.isInteger(value) ? grouped(value) : plain(value);
}

const allowed = ({ mean, p90, max }: Tolerance): string =>
  [
    ...(mean === undefined ? [] : [`mean ${percent(mean)}`]),
    ...(p90 === undefined ? [] : [`90th percentile ${percent(p90)}`]),
    ...(max === undefined ? [] : [`worst ${percent(max)}`]),
  ].join(", ");
