/** Validation as a feature: our model on the rows of a reference table, with the error of each. */
import type { Library } from "../config/library.ts";

/** A row of a reference table as its CSV has it. */
export type Row = Readonly<Record<string, string>>;

export interface Suite {
  readonly name: string;
  /** Who measured or published the rows. */
  readonly source: string;
  /** Tables shipped with the package, by path from its root. */
  readonly tables: readonly string[];
  /** Columns that a row must have. */
  readonly columns: readonly string[];
  /** How far off each quantity may be, as fractions of the reference. */
  readonly tolerance: Readonly<Record<string, Tolerance>>;
  /** Runs the model on a row. @throws Error when the row cannot be run, saying why */
  readonly run: RunRow;
  /** For suites that read configs: once for all rows. */
  readonly prepare?: (library: Library) => RunRow;
}

type RunRow = (row: Row, library: Library) => readonly Comparison[];

/** Bounds on the mean, the 90th percentile and the worst error; absent where only others are promised. */
export interface Tolerance {
  readonly mean?: number;
  readonly p90?: number;
  readonly max?: number;
}

export interface Comparison {
  /** A key of the suite's tolerance, "latencySeconds". */
  readonly quantity: string;
  /** What the row is, for a person: "1.5B on 4 cards [64:16]". */
  readonly label: string;
  readonly ours: number;
  readonly reference: number;
  /** What the page tells errors by: { preset: "ddr4-3200", pattern: "rand" }. */
  readonly groups?: Readonly<Record<string, string>>;
  /** A constant was fitted on this row, so that its error proves nothing; it is shown, and left out of the summary. */
  readonly fitted?: boolean;
}

export interface ComparedRow extends Comparison {
  /** (ours - reference) / reference; both zero is no error. */
  readonly error: number;
}

export interface SuiteResult {
  readonly suite: string;
  readonly source: string;
  readonly rows: readonly ComparedRow[];
  /** Rows that could not be run, and why; any of them fails the suite. */
  readonly failures: readonly { readonly row: number; readonly reason: string }[];
  /** Over all quantities together. */
  readonly summary: Summary;
  readonly tolerance: Readonly<Record<string, Tolerance>>;
  readonly quantities: readonly QuantityResult[];
  readonly pass: boolean;
}

export interface Summary {
  readonly rows: number;
  readonly meanError: number;
  readonly p90Error: number;
  readonly maxError: number;
}

export interface QuantityResult {
  readonly quantity: string;
  readonly summary: Summary;
  readonly tolerance: Tolerance;
  readonly pass: boolean;
}

/** Runs a suite on rows with its columns. */
export function runSuite(suite: Suite, table: readonly Row[], library: Library): SuiteResult {
  const rows: ComparedRow[] = [];
  const run = suite.prepare?.(library) ?? suite.run;
  const failures: { row: number; reason: string }[] = [];
  for (const [index, row] of table.entries()) {
    const missing = suite.columns.filter((column) => row[column] === undefined);
    try {
      if (missing.length > 0) throw new Error(`no column ${missing.join(", ")}`);
      rows.push(...run(row, library).map(withError));
    } catch (error) {
      failures.push({ row: index + 1, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const tested = rows.filter(({ fitted }) => fitted !== true);
  const quantities = Object.entries(suite.tolerance).map(([quantity, tolerance]): QuantityResult => {
    const summary = summarize(tested.filter((row) => row.quantity === quantity));
    return { quantity, summary, tolerance, pass: within(summary, tolerance) };
  });
  return {
    suite: suite.name,
    source: suite.source,
    rows,
    failures,
    summary: summarize(tested),
    tolerance: suite.tolerance,
    quantities,
    pass: failures.length === 0 && rows.length > 0 && quantities.every(({ pass }) => pass),
  };
}

function withError(comparison: Comparison): ComparedRow {
  const { ours, reference } = comparison;
  return { ...comparison, error: ours === reference ? 0 : (ours - reference) / reference };
}

/** Over absolute errors; the 90th percentile is the smallest error that at least 90 % of the rows do not pass. */
export function summarize(rows: readonly { readonly error: number }[]): Summary {
  const errors = rows.map(({ error }) => Math.abs(error)).sort((a, b) => a - b);
  const mean = errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length);
  const p90 = errors[Math.ceil(0.9 * errors.length) - 1] ?? 0;
  return { rows: errors.length, meanError: mean, p90Error: p90, maxError: errors.at(-1) ?? 0 };
}

const within = (summary: Summary, { mean = Infinity, p90 = Infinity, max = Infinity }: Tolerance): boolean =>
  summary.meanError <= mean && summary.p90Error <= p90 && summary.maxError <= max;
