/** Which unit works for which layer, and for how much of the run. */
import { groupBy } from "../fold.ts";
import { percent } from "../human.ts";
import type { RunChart } from "./chart.ts";
import { heatMap, heatSize } from "./heat.ts";

/** More columns are layers instead of ops. */
const most = 40;

export const utilization: RunChart = ({ report: { ops, units, totals, provenance } }) => {
  const working = ops.filter(({ busySeconds }) => Object.values(busySeconds).some((seconds) => seconds > 0));
  const byOp = groupBy(working, ({ op }) => op);
  const columns = byOp.size > most ? groupBy(working, ({ block }) => block) : byOp;
  const rows = [...new Set(units.map(({ unit }) => unit))].filter((unit) =>
    working.some(({ busySeconds }) => (busySeconds[unit] ?? 0) > 0),
  );
  if (rows.length === 0 || totals.latencySeconds === 0) return [];
  const available = totals.latencySeconds * provenance.hardware.devices;
  const busy = (unit: string, column: string): number =>
    (columns.get(column) ?? []).reduce((sum, { busySeconds }) => sum + (busySeconds[unit] ?? 0), 0);
  const names = [...columns.keys()];
  const blocks = new Set(working.map(({ block }) => block));
  const labels = blocks.size === 1 ? names.map((name) => name.replace(/^[^.]*\./, "")) : names;
  return [
    {
      name: "utilization",
      title: `Utilization by unit and ${byOp.size > most ? "layer" : "op"}`,
      description: `The share of the run that each unit is busy for each ${byOp.size > most ? "layer" : "op"}, all phases${provenance.hardware.devices > 1 ? " and devices" : ""} together; a row sums to the unit's busy share. Empty where it does nothing.`,
      ...heatSize(rows, labels),
      config: heatMap({
        columns: labels,
        rows,
        value(row, column) {
          const seconds = busy(rows[row] ?? "", names[column] ?? "");
          return seconds === 0 ? undefined : seconds / available;
        },
        text: (share) => (share < 5e-4 ? "<0.1 %" : percent(share)),
        scale: "linear",
      }),
      data: {
        header: ["unit", byOp.size > most ? "layer" : "op", "busySeconds", "shareOfRun"],
        rows: rows.flatMap((unit) =>
          names.map((name) => [unit, name, busy(unit, name), busy(unit, name) / available]),
        ),
      },
    },
  ];
};
