/** What one device takes of its FPGA, and what it draws. */
import type { FpgaPower } from "../area/fpga-power.ts";
import type { MachineResources } from "../area/machine-resources.ts";
import { type Resources, resourceNames } from "../area/resources.ts";
import { type Column, leftColumn, rightColumn } from "./columns.ts";
import { grouped, percent, power } from "./human.ts";

/** A row for each component that takes something, then the sum, the device, and the share of it. */
export function resourceColumns({
  components,
  total,
  capacity,
  utilization,
  device,
}: MachineResources): readonly Column[] {
  const taking = components.filter((each) => resourceNames.some((name) => each[name] > 0));
  const counts = (name: keyof Resources): readonly string[] => [
    ...[...taking, total].map((each) => (each[name] === 0 ? "" : blocks(each[name]))),
    capacity[name] === 0 ? "" : blocks(capacity[name]),
    capacity[name] === 0 ? "" : percent(utilization[name]),
  ];
  return [
    leftColumn("component", [...taking.map(({ component }) => component), "together", device, "used"]),
    leftColumn("kind", [...taking.map(({ kind }) => kind), "", "", ""], 1),
    ...resourceNames.map((name) => rightColumn(name.toUpperCase(), counts(name))),
  ];
}

/** Half a block is told; thousands are grouped. */
const blocks = (n: number): string => (Number.isInteger(n) ? grouped(n) : `${grouped(Math.trunc(n))}.5`);

export function powerColumns(watts: FpgaPower): readonly Column[] {
  const rows = powerParts.map(([part, name]) => [name, watts[part]] as const);
  return [
    leftColumn(
      "part",
      rows.map(([name]) => name),
    ),
    rightColumn(
      "power",
      rows.map(([, each]) => power(each)),
    ),
    rightColumn(
      "share",
      rows.map(([, each]) => percent(each / watts.total)),
    ),
  ];
}

const powerParts = [
  ["clocking", "clocking"],
  ["logicAndSignal", "logic and signals"],
  ["dsp", "DSP"],
  ["memory", "memory"],
  ["static", "static"],
  ["total", "together"],
] as const;
