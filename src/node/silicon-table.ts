/** What a machine takes of silicon, as a table and as CSV. */
import { csvFormatRows } from "d3-dsv";
import type { SiliconArea } from "../area/silicon-area.ts";
import { columnLines, type Paint, wrapped } from "../report/columns.ts";
import { siliconColumns, unpricedArea } from "../report/table-silicon.ts";

export interface SiliconEstimate extends SiliconArea {
  readonly hardware: string;
  readonly devices: number;
}

export function siliconTable(estimate: SiliconEstimate, width: number, paint: Paint): string {
  const { hardware, devices, table, node } = estimate;
  const several = devices === 1 ? "" : `, one of ${devices}`;
  const blocks = [
    [
      paint("bold", `${hardware} at ${node} (${table})${several}`),
      ...columnLines(siliconColumns(estimate), width, paint),
    ],
    unpricedArea(estimate, width).map((line) => paint("yellow", line)),
    wrapped(
      "A lower bound: operators, registers and memories. Control, wires between units, clock, test and pads come on top; published designs are 1.5 to 4 times as large.",
      width,
      2,
    ).map((line) => paint("dim", line)),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A row for each component, then the sum. */
export function siliconCsv({ components, mm2 }: SiliconEstimate): string {
  const rows = components.map((row) => [
    row.component,
    row.kind,
    ...[row.logicMm2, row.memoryMm2, row.mm2].map(String),
  ]);
  const header = ["component", "kind", "logicMm2", "memoryMm2", "mm2"];
  return `${csvFormatRows([header, ...rows, ["together", "", "", "", String(mm2)]])}\n`;
}
