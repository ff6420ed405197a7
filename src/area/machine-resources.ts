/** What a machine takes of its FPGA, unit by unit and together, and whether the device has as much. Of one device of several. */
import { roundUp } from "../arch/component.ts";
import type { Hardware } from "../arch/hardware.ts";
import { type Resources, resourceNames, resourcesBy, together } from "./resources.ts";
import type { Fpga } from "./setup.ts";
import { memoryOf, unitResources } from "./unit-resources.ts";

export interface ComponentResources extends Resources {
  /** A unit of the machine, or a buffer that its YAML names. */
  readonly component: string;
  readonly kind: string;
}

export interface MachineResources {
  readonly device: string;
  readonly part: string;
  readonly components: readonly ComponentResources[];
  readonly total: Resources;
  readonly capacity: Resources;
  /** Share of the device; 0 of what the device has none of. */
  readonly utilization: Resources;
  /** What has no cost in the fabric's table, and is in no sum: "matrix: bf16 multiply". */
  readonly uncosted: readonly string[];
}

export function machineResources({ units, clock }: Hardware, fpga: Fpga): MachineResources {
  const counted = Object.entries(units).map(([name, unit]) => ({
    component: name,
    kind: unit.kind,
    ...unitResources(name, unit, fpga, clock),
  }));
  const buffers = (fpga.memories ?? []).map(({ name, instances, depth, width }) => ({
    component: name,
    kind: "buffer",
    ...memoryOf(fpga, false, instances, { depth, width }),
  }));
  const components = [
    ...counted.map(({ component, kind, resources }) => ({ component, kind, ...whole(resources) })),
    ...buffers,
  ];
  const total = together(components);
  const { capacity } = fpga.of;
  return {
    device: fpga.of.name,
    part: fpga.of.part,
    components,
    total,
    capacity: resourcesBy((name) => capacity[name]),
    utilization: resourcesBy((name) => (capacity[name] === 0 ? 0 : total[name] / capacity[name])),
    uncosted: counted.flatMap(({ component, uncosted }) => uncosted.map((what) => `${component}: ${what}`)),
  };
}

/** What the device has too little of, with the arithmetic. */
export const resourceMisfits = ({
  device,
  components,
  total,
  capacity,
}: MachineResources): readonly { readonly what: string; readonly arithmetic: string }[] =>
  resourceNames
    .filter((name) => total[name] > capacity[name])
    .map((name) => {
      const parts = components
        .filter((each) => each[name] > 0)
        .sort((a, b) => b[name] - a[name])
        .map((each) => `${each.component} ${each[name]}`);
      return {
        what: `${name.toUpperCase()} of ${device}`,
        arithmetic: `${parts.join(" + ")} = ${total[name]} > ${capacity[name]}`,
      };
    });

/** Coefficients are fractions of what a tool counts whole. */
const whole = (resources: Resources): Resources => ({
  ...resources,
  lut: roundUp(resources.lut),
  ff: roundUp(resources.ff),
});
