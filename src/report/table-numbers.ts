/** What the results rest on: numbers that were fitted, and numbers that were assumed. */
import { type Paint, wrapped } from "./columns.ts";
import type { RunResult } from "./report.ts";

export function numbersLines(
  runs: readonly RunResult[],
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const numbers = new Map(
    runs.flatMap(({ result }) =>
      result.status === "done"
        ? result.report.provenance.numbers.map((number) => [number.path, number] as const)
        : [],
    ),
  );
  const calibrated = [...numbers.values()].filter(({ sure }) => sure === "calibrated");
  const assumed = [...numbers.values()].filter(({ sure }) => sure === "assumed");
  const calibratedLines = calibrated.flatMap(({ path, value, fittedOn = [] }) =>
    wrapped(`${path}${valueText(value)}, on ${fittedOn.join("; ")}`, width - 2, 2).map((line) => `  ${line}`),
  );
  const assumedText = assumed.map(({ path }) => path).join(", ");
  return [
    calibrated.length === 0 ? [] : [paint("bold", "Fitted numbers"), ...calibratedLines],
    assumed.length === 0
      ? []
      : [
          paint("bold", `Assumed numbers (${assumed.length})`),
          ...wrapped(assumedText, width - 2).map((line) => `  ${paint("dim", line)}`),
        ],
  ];
}

/** A mapping whose numbers share their origin has no value of its own. */
const valueText = (value: unknown): string =>
  value === undefined ? "" : ` = ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
