/** How runs stand to each other, as columns beside the runs, and in words where the experiment says what makes the difference. */
import { boundText } from "./bound.ts";
import { type Column, type Paint, wrapped } from "./columns.ts";
import { duration, percent, plain } from "./human.ts";
import type { Against, Bound, OpDifference, RunResult } from "./report.ts";

export function relationColumns(runs: readonly RunResult[]): readonly Column[] {
  const column = (
    header: string,
    rank: number,
    cell: (run: RunResult) => string | undefined,
  ): readonly Column[] => {
    const cells = runs.map((run) => cell(run) ?? "");
    return cells.every((text) => text === "") ? [] : [{ header, rank, align: "right", cells }];
  };
  return [
    ...column("speed-up", 1, ({ against, curve }) => times(against?.speedup ?? curve?.speedup)),
    ...column("return", 1, ({ curve }) =>
      curve?.marginalReturn === undefined ? undefined : percent(curve.marginalReturn),
    ),
    ...column("of fastest", 2, ({ curve }) => (curve === undefined ? undefined : percent(curve.ofFastest))),
    ...column("saturated", 0, ({ curve }) => (curve?.saturated === true ? "yes" : undefined)),
  ];
}

const times = (ratio: number | undefined): string | undefined =>
  ratio === undefined ? undefined : `${plain(ratio)} x`;

/** A paragraph for each run whose difference to another the experiment explains. */
export function againstLines(
  runs: readonly RunResult[],
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const told = runs.flatMap(({ name, against }) =>
    against?.because === undefined ? [] : [paragraph(name, against, against.because, width, paint)],
  );
  return told.length === 0 ? [] : [[paint("bold", "What makes the difference"), ...told.flat()]];
}

/** Ops that are named; the others share the rest. */
const named = 3;

function paragraph(
  name: string,
  { run, speedup, latencySeconds, ops }: Against,
  because: string,
  width: number,
  paint: Paint,
): readonly string[] {
  const [verdict, amount] = speedup >= 1 ? ["less", 1 - 1 / speedup] : ["more", 1 / speedup - 1];
  const rest = ops.slice(named);
  const texts = [
    ...ops.slice(0, named).map(differenceText),
    ...(rest.length === 0
      ? []
      : [`${rest.length} others ${signed(rest.reduce((sum, op) => sum + op.latencySeconds, 0))}`]),
  ];
  const difference = duration(Math.abs(latencySeconds));
  return [
    ...wrapped(`${name}: ${difference} (${percent(amount)}) ${verdict} than ${run}`, width, 2),
    ...wrapped(`because ${because}`, width - 2, 2).map((line) => `  ${line}`),
    ...wrapped(texts.join("; "), width - 2, 2).map((line) => `  ${paint("dim", line)}`),
  ];
}

function differenceText({ op, latencySeconds, boundBy, otherBoundBy }: OpDifference): string {
  const [is, was] = [boundOf(boundBy), boundOf(otherBoundBy)];
  return `${op} ${signed(latencySeconds)} (${is === was ? `still ${is}` : `${was}, now ${is}`})`;
}

const boundOf = (bound: Bound | null): string => (bound === null ? "hidden" : boundText(bound));

const signed = (seconds: number): string => `${seconds < 0 ? "-" : "+"}${duration(Math.abs(seconds))}`;
