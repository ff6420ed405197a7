/** What a run's machine takes of its FPGA, and what that draws while the units are as busy as the run kept them. */
import type { Hardware } from "../arch/hardware.ts";
import { fpgaPower } from "../area/fpga-power.ts";
import { machineResources } from "../area/machine-resources.ts";
import type { Fpga } from "../area/setup.ts";
import type { ResourceRows, UnitRow } from "./report.ts";

export function resourceRows(hardware: Hardware, fpga: Fpga, units: readonly UnitRow[]): ResourceRows {
  const resources = machineResources(hardware, fpga);
  const powerWatts = fpgaPower(hardware, resources, fpga, (component) => activityOf(component, units));
  const { price } = fpga.of;
  return {
    ...resources,
    ...(powerWatts === undefined ? {} : { powerWatts }),
    ...(price === undefined ? {} : { priceDollars: hardware.devices * price.dollars }),
  };
}

/** Of the busiest of its queues, over all devices. Buffers that are no unit work with those that are: the busiest of them. */
function activityOf(component: string, units: readonly UnitRow[]): number {
  const own = units.filter(({ unit }) => unit.split(".")[0] === component);
  return Math.max(0, ...(own.length > 0 ? own : units).map(({ busyShare }) => busyShare));
}
