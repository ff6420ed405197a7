/** Idioms that schedules share. */
import type { Amount } from "../amount.ts";
import type { Cost, SpecBase } from "../arch/component.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import type { Dependency, Program, Task } from "../program.ts";
import { add, type Ticks } from "../quantity.ts";

/** The program's name of a device's unit, or of one of its queues: "device0.hbm.read". */
export const unitName = (device: number, unit: string, queue = ""): string =>
  queue === "" ? `device${device}.${unit}` : `device${device}.${unit}.${queue}`;

export interface TaskOptions {
  /** "matrix", or a queue of a unit, "hbm.read". */
  readonly unit: string;
  readonly op: string;
  /** The task is "device0.<name>"; the op's own name where it is left out, for the task that brings the op's result. */
  readonly name?: string;
  readonly cost: Cost;
  /** Added to the latency of the cost. */
  readonly issue?: Ticks;
  readonly after: readonly Dependency[];
  readonly holds?: Readonly<Record<string, Amount>>;
  /** The unit whose rate the occupancy is, where it is another's: "inputs.read". */
  readonly pacedBy?: string;
  /** Actions on other units that it causes without taking their time, "registers.readBytes". */
  readonly also?: Readonly<Record<string, Amount>>;
}

/** A task of one device; counts become "<unit>.<action>". */
export function deviceTask(
  device: number,
  { unit, op, name = op, cost, issue, after, holds, pacedBy, also }: TaskOptions,
): Task {
  const dot = unit.indexOf(".");
  const owner = dot < 0 ? unit : unit.slice(0, dot);
  const counts: Record<string, Amount> = {};
  for (const action in cost.counts) counts[`${owner}.${action}`] = cost.counts[action] ?? 0;
  if (also !== undefined) Object.assign(counts, also);
  return {
    kind: "task",
    id: taskName(device, name),
    unit: unitName(device, unit),
    op,
    occupancy: cost.occupancy,
    latency: issue === undefined ? cost.latency : add(cost.latency, issue),
    after,
    counts,
    ...(holds === undefined ? {} : { holds }),
    ...(pacedBy === undefined ? {} : { pacedBy: unitName(device, pacedBy) }),
  };
}

/** The id of a device's task. */
export const taskName = (device: number, name: string): string => `device${device}.${name}`;

/** The units and servers of all devices, each device with a sequencer of its own. */
export function machineOf({ devices, units, sequencer }: Hardware): Pick<Program, "units" | "servers"> {
  const onEach = <T>(make: (device: number, owner: string, spec: SpecBase) => readonly T[]): T[] =>
    Array.from({ length: devices }, (_, device) =>
      Object.entries(units).flatMap(([name, { spec }]) =>
        ownersOf(name, spec).flatMap((owner) => make(device, owner, spec)),
      ),
    ).flat();
  return {
    units: onEach((device, owner, { queues, shared }) =>
      queues.map((queue) => ({
        name: unitName(device, owner, queue),
        sequencer: `device${device}`,
        depth: sequencer.depth,
        ...(shared ? { server: unitName(device, owner) } : {}),
      })),
    ),
    servers: onEach((device, owner, { shared }) => (shared ? [{ name: unitName(device, owner) }] : [])),
  };
}

/** Who has queues: the unit, or each of the parts of it that work side by side, "hbm.0-7". */
const ownersOf = (unit: string, { parts }: SpecBase): readonly string[] =>
  parts === undefined ? [unit] : parts.map(({ name }) => partName(unit, name));

export const partName = (unit: string, part: string): string => `${unit}.${part}`;

/** What device `device` gets of `total` parts that are dealt out evenly, the first devices taking what is left over. */
export const shareOf = (total: number, devices: number, device: number): number =>
  Math.floor(total / devices) + (device < total % devices ? 1 : 0);

/** A warning for each walk that a memory's YAML describes and the dataflow never takes; a name that was misspelt, most likely. */
export function unknownWalks(
  units: Hardware["units"],
  memory: string,
  known: readonly string[],
): readonly string[] {
  const unit = units[memory];
  if (!isKind(unit, "hbm") && !isKind(unit, "ddr")) return [];
  return Object.keys(unit.spec.walks)
    .filter((walk) => walk !== "other" && !known.includes(walk))
    .map(
      (walk) => `${memory} describes the walk ${walk}, which nothing takes; there are ${known.join(", ")}`,
    );
}
