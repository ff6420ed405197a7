/** What a mapper minimises, and how little a place can still come to. */
import type { Costing, MappingCost } from "./cost.ts";
import type { Mapping } from "./mapping.ts";
import type { Space, Stage } from "./place.ts";
import type { PortsToGo } from "./port-bound.ts";
import type { ToGo } from "./to-go.ts";

export const objectives = ["latency", "energy", "product"] as const;
/** Cycles, joules, or cycles times joules. */
export type Objective = (typeof objectives)[number];

export const objectiveValue = ({ cycles, energyJoules }: MappingCost, objective: Objective): number =>
  objective === "latency" ? cycles : objective === "energy" ? energyJoules : cycles * energyJoules;

/** The same of a mapping, and no more of its cost than is needed. */
export const mappingValue = ({ cost, time }: Costing, objective: Objective, mapping: Mapping): number =>
  objective === "latency" ? time(mapping).cycles : objectiveValue(cost(mapping), objective);

/** What the slots that have their node cost. */
export interface Spent {
  readonly joules: number;
  /** Cycles by port. */
  readonly busy: readonly number[];
}

/** No mapping that goes on from a place costs less. */
export type Bound = (stage: Stage, node: number, spent: Spent) => number;

/**
 * Energy: what is spent and the least to go. Cycles: every product in time takes one, after the first operands have come and
 * before the last results leave; and so does every beat of a port.
 */
export function boundOf(space: Space, objective: Objective, energy: ToGo, ports: PortsToGo): Bound {
  const { lattice, slots } = space;
  const compute = lattice.period[lattice.nodes - 1] ?? 1;
  const through = (operand: "W" | "I" | "O"): number =>
    slots.slots[operand].reduce((sum, { first }) => sum + first, 0);
  const edges = Math.max(through("W"), through("I")) + through("O");
  const joules: Bound = (stage, node, spent) => spent.joules + energy(stage, node);
  const cycles: Bound = (stage, node, spent) =>
    slots.ports.reduce(
      (most, _, port) => Math.max(most, (spent.busy[port] ?? 0) + ports(stage, node, port)),
      edges + compute,
    );
  switch (objective) {
    case "energy":
      return joules;
    case "latency":
      return cycles;
    case "product":
      return (stage, node, spent) => joules(stage, node, spent) * cycles(stage, node, spent);
  }
}
