/**
 * The best mapping of a layer on a hierarchy, with a bound that no mapping can beat: equal to the answer (a proof), or with the
 * gap between the two. The same input gives the same answer.
 */
import type { OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { type CostRules, costing, type MappingCost, ownRules, type Paths, pathsWith } from "./cost.ts";
import { layoutOf } from "./frame.ts";
import { type Guide, tryTimeGuides } from "./guide.ts";
import { latticeOf } from "./lattice.ts";
import { loadsOf } from "./load-bound.ts";
import type { Mapping } from "./mapping.ts";
import { boundOf, mappingValue, type Objective } from "./objective.ts";
import { roomsOf, type Space, stagesOf } from "./place.ts";
import { type PortShare, portShare } from "./port-bound.ts";
import { macsOf, type Problem } from "./problem.ts";
import { type Found, searched } from "./search.ts";
import { slotsOf } from "./slot.ts";
import { toGo, type Weight } from "./to-go.ts";
import { type Spatial, spatialOf, type Unrolling } from "./unrolling.ts";

export interface MapperOptions {
  readonly objective: Objective;
  readonly rules?: CostRules;
  /** Steps of the search, each a place looked at: what bounds its time. A way down by each of its guides is always finished. */
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
  const spatial = spatialOf(problem, unrolling);
  const paths = pathsWith(problem, hierarchy, spatial, rules);
  const space = spaceOf(problem, hierarchy, spatial, paths, rules);
  const layout = layoutOf(space);
  const joules: Weight = (slot) => slot.joules();
  const energy = toGo(space, joules);
  const costs = costing(problem, hierarchy, paths, rules);
  const evaluate = (mapping: Mapping): number => mappingValue(costs, objective, mapping);
  const additive = objective === "energy";
  const common = { space, layout, energy: objective !== "latency", time: !additive };
  const searchWith = (shares: readonly PortShare[]) => {
    const bound = boundOf(space, layout, objective, energy, shares);
    const counting = { ...common, shares };
    return (guides: readonly Guide[], share: number, start?: number): Found =>
      searched({ counting, unrolling, bound, guides, evaluate, additive, steps: share, enough: gap }, start);
  };
  const byEnergy: Guide = { weight: joules, toGo: energy };
  const search = searchWith([]);
  if (additive) return finish(search([byEnergy], steps));
  const tried: { readonly guide: Guide; readonly found: Found }[] = [];
  const isNear = ({ bound, value }: Found): boolean => bound >= value * (1 - gap);
  const wayDown = (guide: Guide): Mapping | undefined => {
    const found = search([guide], 1);
    tried.push({ guide, found });
    return isNear(found) ? undefined : found.mapping;
  };
  const { crowded, busy } = tryTimeGuides(space, (mapping) => costs.time(mapping).ports, wayDown);
  if (objective === "product") wayDown(byEnergy);
  tried.sort((a, b) => a.found.value - b.found.value);
  const first = tried.map(({ found }) => found).reduce(better);
  if (isNear(first)) return finish(first);
  const closely = searchWith([
    ...crowded.map((port, index) => portShare(space, port, index < mostJointly)),
    ...busy.map((port) => portShare(space, port, false)),
  ]);
  const guides = tried.map(({ guide }) => guide);
  return finish(better(first, closely(guides, steps - first.steps, first.value)));

  function finish({ mapping, value, bound: least, steps: spent }: Found): Mapped | undefined {
    if (mapping === undefined) return undefined;
    const cost = costs.cost(mapping);
    return { mapping, cost, value, bound: least, gap: Math.max(0, 1 - least / value), steps: spent };
  }
}

/** Ports bounded over common loop orders: each costs tables of all places. */
const mostJointly = 1;

/** The better of two findings; what either proves holds for both. */
const better = (a: Found, b: Found): Found => ({
  mapping: b.value < a.value && b.mapping !== undefined ? b.mapping : a.mapping,
  value: Math.min(a.value, b.value),
  bound: Math.min(a.value, b.value, Math.max(a.bound, b.bound)),
  steps: a.steps + b.steps,
});

function spaceOf(
  problem: Problem,
  hierarchy: OperandHierarchy,
  spatial: Spatial,
  paths: Paths,
  rules: CostRules,
): Space {
  const lattice = latticeOf(spatial);
  const slots = slotsOf(problem, hierarchy, lattice, paths);
  return {
    problem,
    lattice,
    slots,
    stages: stagesOf(slots),
    rooms: roomsOf(problem, lattice, slots),
    load: loadsOf(slots, lattice, rules.loading),
    inTurn: rules.loading === "ports",
    memories: hierarchy.memories,
    macJoules: macsOf(problem) * hierarchy.macEnergy,
  };
}
