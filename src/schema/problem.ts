/** What is wrong in a config, as data, and as lines that teach. */

export type ProblemCode =
  | "syntax"
  | "duplicate-key"
  | "unknown-key"
  | "missing-key"
  | "wrong-type"
  | "wrong-quantity"
  | "out-of-range"
  | "unknown-choice"
  | "missing-file"
  | "cyclic-extends"
  | "invalid";

/** Where a value stands. Line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** For values given on the command line: the whole override, `units.hbm.channels=16`; `file` is then "--set". */
  readonly text?: string;
}

export interface Problem extends Place {
  readonly code: ProblemCode;
  /** Dotted, `units.hbm.bandwidth`; empty for the whole document. */
  readonly path: string;
  /** Completes "expected ..". */
  readonly expected: string;
  /** Completes "found ..". */
  readonly found: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** One line for each problem, by file and line; those of the command line last. */
export function formatProblems(problems: readonly Problem[]): string {
  return sortProblems(problems).map(format).join("\n");
}

/** By file, line and column, without repetitions. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const rank = (problem: Problem): number => (problem.text === undefined ? 0 : 1);
  const sorted = [...problems].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compare(a.path, b.path),
  );
  return sorted.filter(
    (problem, index) => index === 0 || format(problem) !== format(sorted[index - 1] ?? problem),
  );
}

function format({ file, line, column, text, path, expected, found, suggestion }: Problem): string {
  const where = text === undefined ? `${file}:${line}:${column}` : `${file} ${text}`;
  const what = path === "" || text?.startsWith(`${path}=`) ? "" : ` ${path}`;
  const meant = suggestion === undefined ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
  return `${where}${what}: expected ${expected}, found ${found}${meant}`;
}

/** Not by locale: the order must be the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
