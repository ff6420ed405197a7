/** Columns of text in a given width: what matters least is left out first, and no line is ever longer. */

export type Format = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
/** Colours a text, or does not. */
export type Paint = (format: Format, text: string) => string;

export interface Column {
  readonly header: string;
  readonly align: "left" | "right";
  readonly cells: readonly string[];
  /** 0 stays in any width; of the others the highest goes first. */
  readonly rank: number;
  readonly format?: (row: number) => Format | undefined;
}

export const noPaint: Paint = (_, text) => text;

export const leftColumn = (header: string, cells: readonly string[], rank = 0): Column => ({
  header,
  align: "left",
  rank,
  cells,
});

export const rightColumn = (header: string, cells: readonly string[], rank = 0): Column => ({
  header,
  align: "right",
  rank,
  cells,
});

/** A header, a rule, and one line for each row. */
export function columnLines(columns: readonly Column[], width: number, paint: Paint): readonly string[] {
  const shown = fitting(columns, width);
  const rows = Math.max(0, ...shown.map(({ column }) => column.cells.length));
  return [
    line(shown, ({ header }) => ({ text: header, format: "bold" }), paint),
    paint("dim", "─".repeat(Math.max(1, span(shown)))),
    ...Array.from({ length: rows }, (_, row) =>
      line(shown, ({ cells, format }) => ({ text: cells[row] ?? "", format: format?.(row) }), paint),
    ),
  ];
}

/** The words of a text in lines of at most `width`, all but the first indented; a word that is too long is cut in pieces. */
export function wrapped(text: string, width: number, indent = 0): readonly string[] {
  const lines: string[] = [];
  let current = "";
  const longest = Math.max(1, width - indent);
  const words = text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${longest}}`, "gu")) ?? []);
  for (const word of words) {
    const joined = current.trim() === "" ? current + word : `${current} ${word}`;
    if (joined.length <= width) {
      current = joined;
      continue;
    }
    lines.push(current);
    current = " ".repeat(indent) + word;
  }
  return current === "" ? lines : [...lines, current];
}

/** Shortened, with a sign that it was. */
export const clipped = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

interface Shown {
  readonly column: Column;
  readonly width: number;
}

const gap = "  ";
/** The first column keeps this much, however much its names want; less only when nothing else can go. */
const ample = 26;

function fitting(columns: readonly Column[], width: number): readonly Shown[] {
  const all = columns.map((column, index): Shown => {
    const wide = widest(column);
    return { column, width: index === 0 ? Math.min(wide, ample) : wide };
  });
  const left = new Set(all);
  for (const shown of [...all].sort((a, b) => b.column.rank - a.column.rank))
    if (shown.column.rank > 0 && span([...left]) > width) left.delete(shown);
  const [first, ...others] = all.filter((shown) => left.has(shown));
  if (first === undefined) return [];
  const room = width - span([{ ...first, width: 0 }, ...others]);
  return [{ ...first, width: Math.max(1, Math.min(widest(first.column), room)) }, ...others];
}

const widest = ({ header, cells }: Column): number =>
  Math.max(header.length, ...cells.map((cell) => cell.length));

const span = (shown: readonly Shown[]): number =>
  shown.reduce((sum, { width }) => sum + width + gap.length, -gap.length);

function line(
  shown: readonly Shown[],
  cell: (column: Column) => { readonly text: string; readonly format: Format | undefined },
  paint: Paint,
): string {
  const last = shown.findLastIndex(({ column }) => cell(column).text !== "");
  return shown
    .slice(0, last + 1)
    .map(({ column, width }, index) => {
      const { text, format } = cell(column);
      const fit = clipped(text, width);
      const space = " ".repeat(width - fit.length);
      const short = index === last ? fit.trimEnd() : fit;
      const painted = format === undefined || short === "" ? short : paint(format, short);
      if (column.align === "right") return space + painted;
      return index === last ? painted : painted + space;
    })
    .join(gap);
}
