/** What a mapper minimises, and how little a place can still come to. */
import type { Costing, MappingCost } from "./cost.ts";
import type { Frame, Layout } from "./frame.ts";
import type { Mapping } from "./mapping.ts";
import type { Space } from "./place.ts";
import { operandToGo, type PortShare } from "./port-bound.ts";
import type { ToGo } from "./to-go.ts";

export const objectives = ["latency", "energy", "product"] as const;
/** Cycles, joules, or cycles times joules. */
export type Objective = (typeof objectives)[number];

export const objectiveValue = ({ cycles, energyJoules }: MappingCost, objective: Objective): number =>
  objective === "latency" ? cycles : objective === "energy" ? energyJoules : cycles * energyJoules;

/** The same of a mapping, and no more of its cost than is needed. */
export function mappingValue(
  { cost, time, joules }: Costing,
  objective: Objective,
  mapping: Mapping,
): number {
  switch (objective) {
    case "latency":
      return time(mapping).cycles;
    case "energy":
      return joules(mapping);
    case "product":
      return objectiveValue(cost(mapping), objective);
  }
}

/** No mapping that goes on from a frame with this stage and node costs less. */
export type Bound = (frame: Frame, stage: Frame["stage"], node: number) => number;

export function boundOf(
  space: Space,
  layout: Layout,
  objective: Objective,
  energy: ToGo,
  shares: readonly PortShare[],
): Bound {
  const joules: Bound = (frame, stage, node) =>
    frame.joules + (energy()[stage.index]?.[node] ?? Number.POSITIVE_INFINITY);
  if (objective === "energy") return joules;
  const cycles = cyclesBound(space, layout, shares);
  return objective === "latency"
    ? cycles
    : (frame, stage, node) => joules(frame, stage, node) * cycles(frame, stage, node);
}

/**
 * Every product in time takes a cycle, late transfers hold it up, the first operands come before and the last results leave after;
 * and no port moves its share in less than it takes.
 */
function cyclesBound(space: Space, layout: Layout, shares: readonly PortShare[]): Bound {
  const { nodes, period } = space.lattice;
  const compute = period[nodes - 1] ?? 1;
  const loading = {
    O: operandToGo(space, "O", space.load.least),
    W: operandToGo(space, "W", space.load.least),
    I: operandToGo(space, "I", space.load.least),
  };
  return ({ sums }, stage, node) => {
    const { filled, index } = stage;
    const outputs = (sums[layout.load] ?? 0) + (loading.O[filled.O]?.[node] ?? 0);
    const weights = (sums[layout.load + 1] ?? 0) + (loading.W[filled.W]?.[node] ?? 0);
    const inputs = (sums[layout.load + 2] ?? 0) + (loading.I[filled.I]?.[node] ?? 0);
    const loads = Math.max(weights, inputs);
    let stall = 0;
    for (let port = 0; port < layout.ports; port += 1) {
      const held = (sums[layout.late + port] ?? 0) + Math.max(0, (sums[layout.within + port] ?? 0) - compute);
      if (held > stall) stall = held;
    }
    let least = compute + stall + loads + outputs;
    for (const { port, least: leastAt, lateToGo, side, without } of shares) {
      const other = (without.loads ? loads : 0) + (without.outputs ? outputs : 0);
      const sum = (sums[port] ?? 0) + leastAt(stage, node) + other;
      if (sum > least) least = sum;
      if (lateToGo === undefined) continue;
      const loaded = (sums[layout.load] ?? 0) + (sums[layout.load + (side === "W" ? 1 : 2)] ?? 0);
      const held = compute + (sums[layout.late + port] ?? 0) + loaded + (lateToGo()[index]?.[node] ?? 0);
      if (held > least) least = held;
    }
    return least;
  };
}
