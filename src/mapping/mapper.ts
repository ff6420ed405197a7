/**
 * The best mapping of a layer on a hierarchy, with a bound that no mapping can beat: equal to the answer (a proof), or with the
 * gap between the two. The same input gives the same answer.
 */
import type { OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { type CostRules, costing, type MappingCost, ownRules } from "./cost.ts";
import { layoutOf } from "./frame.ts";
import { latticeOf } from "./lattice.ts";
import type { Mapping } from "./mapping.ts";
import { boundOf, mappingValue, type Objective } from "./objective.ts";
import { roomsOf, type Space, stagesOf } from "./place.ts";
import { type PortShare, portShare } from "./port-bound.ts";
import { macsOf, type Problem } from "./problem.ts";
import { type Found, searched } from "./search.ts";
import { type Slot, slotsOf } from "./slot.ts";
import type { PortLoad } from "./stall.ts";
import { type Reach, reachOf, toGo, type Weight } from "./to-go.ts";
import { spatialOf, type Unrolling } from "./unrolling.ts";
import type { Guide } from "./walk.ts";

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
  const reach = reachOf(space);
  const layout = layoutOf(space);
  const joules: Weight = (slot) => slot.joules();
  const energy = toGo(space, joules, reach);
  const additive = objective === "energy";
  const shares = additive ? [] : space.slots.ports.map((_, port) => portShare(space, port));
  const bound = boundOf(space, layout, objective, energy, shares);
  const costs = costing(problem, hierarchy, unrolling, rules);
  const evaluate = (mapping: Mapping): number => mappingValue(costs, objective, mapping);
  const counting = { space, layout, energy: objective !== "latency", shares };
  const search = (guides: readonly Guide[], share: number, start?: number): Found =>
    searched({ counting, unrolling, bound, guides, evaluate, additive, steps: share, enough: gap }, start);
  const byEnergy = { weight: joules, toGo: energy };
  if (additive) return finish(search([byEnergy], steps));
  const guides = timeGuides(space, shares, reach, (mapping) => costs.time(mapping).ports);
  const probes: { readonly guide: Guide; readonly found: Found }[] = [];
  const probe = (guide: Guide): Found => {
    const found = search([guide], 1);
    probes.push({ guide, found });
    return found;
  };
  guides(probe);
  if (objective === "product") probe(byEnergy);
  probes.sort((a, b) => a.found.value - b.found.value);
  const tried = probes.map(({ found }) => found).reduce(better);
  if (tried.bound >= tried.value * (1 - gap)) return finish(tried);
  return finish(
    better(
      tried,
      search(
        probes.map(({ guide }) => guide),
        steps - tried.steps,
        tried.value,
      ),
    ),
  );

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
 * cycles of ports that are never free. The port that then stalls the most is counted in full in the next one.
 */
function timeGuides(
  space: Space,
  shares: readonly PortShare[],
  reach: Reach,
  portsOf: (mapping: Mapping) => readonly PortLoad[],
): (probe: (guide: Guide) => Found) => void {
  const compute = space.lattice.period[space.lattice.nodes - 1] ?? 1;
  const counted = new Set(
    shares.flatMap(({ port, toGo }) =>
      toGo.reduce((sum, { least }) => sum + (least[0] ?? 0), 0) >= compute * 0.9 ? [port] : [],
    ),
  );
  return (probe) => {
    for (let round = 0; round < 4; round += 1) {
      const weight = crowdedWeight(space, [...counted]);
      const { mapping } = probe({ weight, toGo: toGo(space, weight, reach) });
      if (mapping === undefined) return;
      const [worst] = portsOf(mapping).toSorted((a, b) => b.stall - a.stall);
      const port = space.slots.ports.findIndex(
        (key) => key.memory.name === worst?.memory && key.port.name === worst.port,
      );
      if (worst === undefined || worst.stall === 0 || counted.has(port)) return;
      counted.add(port);
    }
  };
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
  return {
    problem,
    lattice,
    slots,
    stages: stagesOf(slots),
    rooms: roomsOf(problem, lattice, slots),
    memories: hierarchy.memories,
    macJoules: macsOf(problem) * hierarchy.macEnergy,
  };
}

/** What a slot's link alone holds up the multipliers by, and its cycles at crowded ports. */
function crowdedWeight({ lattice }: Space, crowded: readonly number[]): Weight {
  const known = new Map<Slot, Float64Array>();
  return (slot) => {
    const before = known.get(slot);
    if (before !== undefined) return before;
    const sum = slot.late().slice();
    for (const port of crowded) {
      if (!slot.ports.includes(port)) continue;
      for (let node = 0; node < lattice.nodes; node += 1)
        sum[node] = (sum[node] ?? 0) + slot.moves(port, node) + slot.edge(port, node);
    }
    known.set(slot, sum);
    return sum;
  };
}
