/** A heat map: a row and a column for each name, a cell for each value. */
import { shortened } from "./axis.ts";
import type { Chart, ChartConfig } from "./chart.ts";
import { titled } from "./frame.ts";
import { isDark, ramp } from "./palette.ts";

export interface Heat {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** Undefined leaves the cell empty. */
  readonly value: (row: number, column: number) => number | undefined;
  readonly text: (value: number) => string;
  /** The value that is darkest; smaller ones by their share of it, or on a logarithmic scale from the least. */
  readonly scale: "linear" | "logarithmic";
  readonly columnTitle?: string;
  readonly rowTitle?: string;
}

export function heatMap({ columns, rows, value, text, scale, columnTitle, rowTitle }: Heat): ChartConfig {
  const cells = rows.flatMap((_, row) =>
    columns.flatMap((_, column) => {
      const found = value(row, column);
      return found === undefined ? [] : [{ row, column, found }];
    }),
  );
  const found = cells.map((cell) => cell.found);
  const shareOf = sharesOf(found, scale);
  const across = unique(columns);
  const down = unique(rows);
  const axis = (labels: readonly string[], title: string | undefined) => ({
    type: "category",
    labels,
    offset: true,
    grid: { display: false },
    ticks: { autoSkip: false },
    ...(title === undefined ? {} : { title: titled(title) }),
  });
  return {
    type: "matrix",
    data: {
      datasets: [
        {
          label: "",
          data: cells.map(({ row, column, found }) => ({
            x: across[column] ?? "",
            y: down[row] ?? "",
            v: found,
          })),
          backgroundColor: found.map((value) => ramp(shareOf(value))),
          columns: columns.length,
          rows: rows.length,
          texts: found.map((value) => ({ text: text(value), light: isDark(shareOf(value)) })),
          tips: cells.map(({ row, column, found }) => `${rows[row]}, ${columns[column]}: ${text(found)}`),
        },
      ],
    },
    options: {
      scales: {
        x: { ...axis(across, columnTitle), position: "bottom" },
        y: { ...axis(down, rowTitle), reverse: false },
      },
      plugins: { legend: { display: false } },
    },
  };
}

/** How large it has to be for its cells and names to be read. */
export const heatSize = (
  rows: readonly string[],
  columns: readonly string[],
): Pick<Chart, "lines" | "characters"> => ({
  lines: 5 + rows.length * 1.4 + Math.min(8, longest(columns) * 0.45),
  characters: Math.min(labelLength, longest(rows)) + columns.length * 5,
});

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));

const labelLength = 26;

/** An axis tells its places apart by their names. */
function unique(names: readonly string[]): readonly string[] {
  const short = names.map((name) => shortened(name, labelLength));
  return short.map((name, index) => (short.indexOf(name) === index ? name : `${name} ${index + 1}`));
}

function sharesOf(values: readonly number[], scale: Heat["scale"]): (value: number) => number {
  const most = Math.max(...values);
  const least = Math.min(...values);
  if (scale === "linear" || least <= 0) return (value) => (most === 0 ? 0 : value / most);
  return (value) => (most === least ? 1 : Math.log(value / least) / Math.log(most / least));
}
