/** What every reader of SCALE-Sim's files returns: the value with what a person should know, or what is wrong and where. */
import type { Problem } from "../schema/problem.ts";

export type Reading<T> =
  | { readonly ok: true; readonly value: T; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A file as it was read. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** A piece of a line, with its place; line and column count from 1. */
export interface Cell {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export function problemAt(
  file: string,
  { line, column }: Pick<Cell, "line" | "column">,
  expected: string,
  found: string,
  path = "",
): Problem {
  return { code: "invalid", file, line, column, path, expected, found };
}

/** Text found in a file, short enough for an error message. */
export function quoted(text: string): string {
  const most = 40;
  return text === "" ? "nothing" : JSON.stringify(text.length > most ? `${text.slice(0, most)}...` : text);
}

/** The cells of each line that has any text; a byte-order mark, no-break spaces and carriage returns are only space. */
export function cellsOf(text: string): readonly (readonly Cell[])[] {
  return linesOf(text).map((line, index) => {
    const separator = line.includes(",") ? "," : "\t";
    let column = 1;
    return line.split(separator).map((part) => {
      const cell = { text: part.trim(), line: index + 1, column: column + leadingSpace(part) };
      column += part.length + 1;
      return cell;
    });
  });
}

export const linesOf = (text: string): readonly string[] => text.split(/\r\n|\n|\r/);

const leadingSpace = (part: string): number =>
  part.trim() === "" ? 0 : part.length - part.trimStart().length;

/** A whole number of at least `least`, as SCALE-Sim's files write it; undefined when it is none. */
export function wholeNumber(text: string, least: number): number | undefined {
  const largest = 2 ** 31 - 1;
  const value = /^\+?\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= largest ? value : undefined;
}
