/**
 * The best mapping of a layer on a hierarchy, with a bound that no mapping can beat: equal to the answer (a proof), or with the
 * gap between the two. The same input gives the same answer.
 */
import type { OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { type CostRules, costing, type MappingCost, ownRules } from "./cost.ts";
import { latticeOf } from "./lattice.ts";
import type { Mapping } from "./mapping.ts";
import { boundOf, mappingValue, type Objective } from "./objective.ts";
import { firstStage, roomsOf, type Space, stagesOf } from "./place.ts";
import { type PortsToGo, portsToGo } from "./port-bound.ts";
import { macsOf, type Problem } from "./problem.ts";
import { type Found, type Search, searched } from "./search.ts";
import { type Slot, slotsOf } from "./slot.ts";
import { tableFor, toGo, type Weight } from "./to-go.ts";
import { spatialOf, type Unrolling } from "./unrolling.ts";

export interface MapperOptions {
  readonly objective: Objective;
  readonly rules?: CostRules;
  /** Steps of the search, each a place looked at: what bounds its time. */
  readonly steps?: number;
  /** A gap that is small enough, as a fraction: the search ends there. 0 where it is left out: it goes on to a proof. */
  readonly gap?: number;
}

export interface Mapped {
  readonly mapping: Mapping;
  readonly cost: MappingCost;
  readonly value: number;
  /** No mapping with this unrolling has a smaller value. */
  readonly bound: number;
  /** (value - bound) / value; 0 is a proof. */
  readonly gap: number;
  readonly steps: number;
}

/** @returns nothing when the layer fits no mapping, which `hierarchyMisfits` explains */
export function mapped(
  problem: Problem,
  hierarchy: OperandHierarchy,
  unrolling: Unrolling,
  { objective, rules = ownRules, steps = 4000, gap = 0 }: MapperOptions,
): Mapped | undefined {
  const space = spaceOf(problem, hierarchy, unrolling, rules);
  const joules: Weight = (slot) => slot.joules();
  const energy = toGo(space, joules);
  const ports = portsToGo(space);
  const bound = boundOf(space, objective, energy, ports);
  const costs = costing(problem, hierarchy, unrolling, rules);
  const evaluate = (mapping: Mapping): number => mappingValue(costs, objective, mapping);
  const search = (guide: Search["guide"], share: number, start?: number): Found =>
    searched({ space, unrolling, bound, evaluate, guide, objective, steps: share, enough: gap }, start);
  const byEnergy = { weight: joules, toGo: energy };
  if (objective === "energy") return finish(search(byEnergy, steps));
  const found = guided(space, ports, search, costs.cost, { steps, enough: gap });
  return finish(objective === "product" ? better(found, search(byEnergy, steps, found.value)) : found);

  function finish({ mapping, value, bound: least, steps: spent }: Found): Mapped | undefined {
    if (mapping === undefined) return undefined;
    const cost = costs.cost(mapping);
    return { mapping, cost, value, bound: least, gap: Math.max(0, 1 - least / value), steps: spent };
  }
}

/** The better of two findings; what either proves holds for both. */
const better = (a: Found, b: Found): Found => ({
  mapping: b.value < a.value && b.mapping !== undefined ? b.mapping : a.mapping,
  value: Math.min(a.value, b.value),
  bound: Math.min(a.value, b.value, Math.max(a.bound, b.bound)),
  steps: a.steps + b.steps,
});

/**
 * Time is no sum over slots, so the search is led by one that comes close: what each link holds up the multipliers by, and the
 * cycles of ports that are never free. The port that then stalls the most is counted in full the next time.
 */
function guided(
  space: Space,
  ports: PortsToGo,
  search: (guide: Search["guide"], steps: number, start?: number) => Found,
  costing: (mapping: Mapping) => MappingCost,
  { steps, enough }: Pick<Search, "steps" | "enough">,
): Found {
  const rounds = 4;
  const compute = space.lattice.period[space.lattice.nodes - 1] ?? 1;
  const start = firstStage(space);
  const counted = new Set(
    space.slots.ports.flatMap((_, port) => (ports(start, 0, port) + 1 >= compute * 0.9 ? [port] : [])),
  );
  const table = tableFor(space);
  let best: Found | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const crowded = [...counted];
    const found = search(
      guideOf(space, crowdedWeight(crowded), table),
      Math.ceil(steps / rounds),
      best?.value,
    );
    best = best === undefined ? found : better(best, found);
    if (best.mapping === undefined || best.bound >= best.value * (1 - enough)) return best;
    const cost = costing(found.mapping ?? best.mapping);
    const worst = [...cost.ports].sort((a, b) => b.stall - a.stall)[0];
    const port = space.slots.ports.findIndex(
      (key) => key.memory.name === worst?.memory && key.port.name === worst.port,
    );
    if (worst === undefined || worst.stall === 0 || counted.has(port)) return best;
    counted.add(port);
  }
  if (best === undefined) throw new Error("no round of the search ran");
  return best;
}

function spaceOf(
  problem: Problem,
  hierarchy: OperandHierarchy,
  unrolling: Unrolling,
  rules: CostRules,
): Space {
  const spatial = spatialOf(problem, unrolling);
  const lattice = latticeOf(spatial);
  const slots = slotsOf(problem, hierarchy, spatial, lattice, rules);
  const shared = hierarchy.memories.filter(({ operands }) => operands.length > 1);
  return {
    problem,
    lattice,
    slots,
    stages: stagesOf(slots),
    rooms: roomsOf(problem, lattice, slots),
    shared,
    macJoules: macsOf(problem) * hierarchy.macEnergy,
  };
}

/** What a slot's link alone holds up the multipliers by, and its cycles at crowded ports. */
function crowdedWeight(crowded: readonly number[]): Weight {
  const known = new Map<Slot, Float64Array>();
  return (slot) => {
    const before = known.get(slot);
    if (before !== undefined) return before;
    const sum = slot.late().slice();
    for (const port of crowded) {
      if (!slot.ports.includes(port)) continue;
      slot.busy(port).forEach((cycles, node) => {
        sum[node] = (sum[node] ?? 0) + cycles;
      });
    }
    known.set(slot, sum);
    return sum;
  };
}

const guideOf = (space: Space, weight: Weight, table: Float64Array) => ({
  weight,
  toGo: toGo(space, weight, table),
});
