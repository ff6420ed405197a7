/** An explanation as text for a terminal. */
import { type Column, columnLines, type Paint, wrapped } from "../report/columns.ts";
import { duration } from "../report/human.ts";
import type { Explanation } from "./explain.ts";
import { headline, rooflineColumns, roofs, sensitivityColumns } from "./table-change.ts";
import { byOp, byUnit, chainColumns, legendOf, unitColumns } from "./table-path.ts";

export interface TableOptions {
  /** Characters in a line; none is longer. Less than 60 is taken as 60. */
  readonly width: number;
  readonly paint: Paint;
}

export function renderExplanation(explanation: Explanation, { width: wanted, paint }: TableOptions): string {
  const width = Math.max(60, wanted);
  const titled = (title: string, columns: readonly Column[], note = ""): readonly string[] =>
    (columns[0]?.cells.length ?? 0) === 0
      ? []
      : [
          paint("bold", title),
          ...columnLines(columns, width, paint),
          ...wrapped(note, width).map((line) => paint("dim", line)),
        ];
  const { name, layer, latencySeconds, measuredSeconds } = explanation;
  const subject =
    layer === null
      ? `${name}: ${duration(latencySeconds)}`
      : `${layer} of ${name}: ${duration(measuredSeconds)} of ${duration(latencySeconds)}`;
  const blocks = [
    [
      ...wrapped(subject, width).map((line) => paint("bold", line)),
      ...wrapped(headline(explanation.sensitivity), width),
    ],
    titled("Critical path by unit", byUnit(explanation), legendOf(explanation)),
    titled("Critical path by op", byOp(explanation)),
    titled("Units of one device", unitColumns(explanation)),
    titled(`Path of one pass through ${explanation.chainOf}`, chainColumns(explanation)),
    titled("What to change first", sensitivityColumns(explanation.sensitivity), gainNote),
    titled("Roofline", rooflineColumns(explanation.roofline), roofs(explanation.roofline)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

const gainNote =
  "Each value was simulated. Gain: by how much the time falls. Where a value is not valid or does not fit, the next one that is.";
