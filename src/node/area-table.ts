/** What a machine takes of its FPGA, as a table and as CSV. */
import { csvFormatRows } from "d3-dsv";
import type { FpgaPower } from "../area/fpga-power.ts";
import type { MachineResources } from "../area/machine-resources.ts";
import { resourceNames } from "../area/resources.ts";
import { type Column, columnLines, type Paint, wrapped } from "../report/columns.ts";
import { powerColumns, resourceColumns } from "../report/table-resources.ts";
import type { Provenance } from "../schema/provenance.ts";

export interface AreaEstimate extends MachineResources {
  readonly hardware: string;
  readonly devices: number;
  readonly powerWatts?: FpgaPower;
  readonly misfits: readonly { readonly what: string; readonly arithmetic: string }[];
  readonly numbers: readonly Provenance[];
}

export function areaTable(estimate: AreaEstimate, width: number, paint: Paint): string {
  const { hardware, devices, device, part, uncosted, misfits, powerWatts, numbers } = estimate;
  const titled = (title: string, columns: readonly Column[]): readonly string[] => [
    paint("bold", title),
    ...columnLines(columns, width, paint),
  ];
  const several = devices === 1 ? "" : `, one of ${devices}`;
  const calibrated = numbers.flatMap(({ fittedOn }) => fittedOn ?? []);
  const blocks = [
    titled(`${hardware} on ${device} (${part})${several}`, resourceColumns(estimate)),
    powerWatts === undefined
      ? wrapped(`Of the power of ${device} no figures are known.`, width, 2)
      : titled("Power with all units busy", powerColumns(powerWatts)),
    misfits.flatMap(({ what, arithmetic }) =>
      wrapped(`Does not fit: ${what}: ${arithmetic}`, width, 2).map((line) => paint("red", line)),
    ),
    uncosted.length === 0
      ? []
      : wrapped(`Without a cost in the table: ${uncosted.join(", ")}.`, width, 2).map((line) =>
          paint("yellow", line),
        ),
    wrapped(`An estimate. Calibrated on: ${[...new Set(calibrated)].join(", ")}.`, width, 2).map((line) =>
      paint("dim", line),
    ),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A row for each component, then the sum, the device and its share. */
export function areaCsv({ components, total, capacity, utilization, device }: AreaEstimate): string {
  const rows = [
    ...components,
    { component: "together", kind: "", ...total },
    { component: device, kind: "", ...capacity },
    { component: "used", kind: "", ...utilization },
  ];
  const cells = rows.map((row) => [
    row.component,
    row.kind,
    ...resourceNames.map((name) => String(row[name])),
  ]);
  return `${csvFormatRows([["component", "kind", ...resourceNames], ...cells])}\n`;
}
