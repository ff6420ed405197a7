/** What a mapping costs on a hierarchy: cycles with their stalls, and energy access by access. */
import type { Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { type DoubleBuffered, doubleBuffered } from "./buffering.ts";
import {
  type LaneRule,
  type Link,
  linksOf,
  meanLanes,
  type OperandPath,
  pathWith,
  roundedLanes,
  wholeLanes,
} from "./link.ts";
import { loadingOf } from "./loading.ts";
import type { Mapping } from "./mapping.ts";
import { macsOf, type Problem } from "./problem.ts";
import { type PortLoad, portLoads } from "./stall.ts";
import { accessEnergy, hopsOf, type Traffic, trafficOf, transfersOf } from "./traffic.ts";
import { type Spatial, spatialOf } from "./unrolling.ts";
import { zigzagLoading } from "./zigzag-loading.ts";

/** How time is counted where tools differ. */
export interface CostRules {
  /** Lanes that are not always filled: by their mean, exactly; or as ZigZag rounds them, down where they take time. */
  readonly lanes: "mean" | "whole";
  /** Loading before and after computing: as the ports allow, or by ZigZag's rules. */
  readonly loading: "ports" | "zigzag";
}

export const ownRules: CostRules = { lanes: "mean", loading: "ports" };
export const zigzagRules: CostRules = { lanes: "whole", loading: "zigzag" };

/** Accesses also in words of the memory, which its energies are for. */
export type PricedTraffic = Traffic & { readonly words: number; readonly joules: number };

export interface MappingCost {
  /** Products in time, one for each iteration of the loops. */
  readonly computeCycles: number;
  readonly stallCycles: number;
  readonly onloadCycles: number;
  readonly offloadCycles: number;
  readonly cycles: number;
  readonly energyJoules: number;
  readonly macJoules: number;
  /** Elements handed from multiplier to multiplier, and what that costs. */
  readonly hops: number;
  readonly hopJoules: number;
  readonly traffic: readonly PricedTraffic[];
  readonly ports: readonly PortLoad[];
}

export function costOf(
  problem: Problem,
  hierarchy: OperandHierarchy,
  mapping: Mapping,
  rules: CostRules = ownRules,
): MappingCost {
  const paths = pathsWith(problem, hierarchy, spatialOf(problem, mapping.unrolling), rules);
  return costing(problem, hierarchy, paths, rules).cost(mapping);
}

type Time = Pick<
  MappingCost,
  "computeCycles" | "stallCycles" | "onloadCycles" | "offloadCycles" | "cycles" | "ports"
>;

/** For many mappings with one unrolling. */
export interface Costing {
  readonly cost: (mapping: Mapping) => MappingCost;
  /** Without energy. */
  readonly time: (mapping: Mapping) => Time;
  readonly joules: (mapping: Mapping) => number;
}

/** The operands' ways through the hierarchy: as accesses are counted, and as times are. */
export interface Paths {
  readonly counted: Readonly<Record<Operand, OperandPath>>;
  readonly timed: Readonly<Record<Operand, OperandPath>>;
}

export function pathsWith(
  problem: Problem,
  hierarchy: OperandHierarchy,
  spatial: Spatial,
  rules: CostRules,
): Paths {
  const by = (rule: LaneRule): Record<Operand, OperandPath> => {
    const of = (operand: Operand) => pathWith(problem, hierarchy, spatial, operand, rule);
    return { O: of("O"), W: of("W"), I: of("I") };
  };
  const whole = rules.lanes === "whole";
  const counted = by(whole ? roundedLanes : meanLanes);
  return { counted, timed: whole ? by(wholeLanes) : counted };
}

export function costing(
  problem: Problem,
  hierarchy: OperandHierarchy,
  { counted, timed }: Paths,
  rules: CostRules,
): Costing {
  const linked = (mapping: Mapping, by: Paths["counted"]): Links => ({
    O: linksOf(problem, mapping, by.O),
    W: linksOf(problem, mapping, by.W),
    I: linksOf(problem, mapping, by.I),
  });
  const timeOf = (mapping: Mapping, links: Links): Time => {
    const inTime = timed === counted ? links : linked(mapping, timed);
    const buffered = doubleBuffered(problem, hierarchy, links);
    return timeWith(problem, mapping, inTime, buffered, rules);
  };
  return {
    time: (mapping) => timeOf(mapping, linked(mapping, counted)),
    joules: (mapping) => energyWith(problem, hierarchy, linked(mapping, counted)).energyJoules,
    cost: (mapping) => {
      const links = linked(mapping, counted);
      return { ...timeOf(mapping, links), ...energyWith(problem, hierarchy, links) };
    },
  };
}

type Links = Readonly<Record<Operand, readonly Link[]>>;

function timeWith(
  problem: Problem,
  { loops }: Mapping,
  links: Links,
  buffered: DoubleBuffered,
  rules: CostRules,
): Time {
  const computeCycles = loops.reduce((product, { times }) => product * times, 1);
  const transfers = operands.flatMap((operand) =>
    links[operand].flatMap((link) => transfersOf(problem, link)),
  );
  const ports = portLoads(transfers, buffered, computeCycles);
  const stallCycles = ports.reduce((most, { stall }) => Math.max(most, stall), 0);
  const loaded = rules.loading === "ports" ? loadingOf : zigzagLoading;
  const loading = loaded(problem, links, ports, computeCycles + stallCycles);
  const cycles = computeCycles + stallCycles + loading.onloadCycles + loading.offloadCycles;
  return { computeCycles, stallCycles, ...loading, cycles, ports };
}

function energyWith(
  problem: Problem,
  hierarchy: OperandHierarchy,
  links: Links,
): Pick<MappingCost, "energyJoules" | "macJoules" | "hops" | "hopJoules" | "traffic"> {
  const traffic = operands.flatMap((operand) =>
    links[operand].flatMap((link) =>
      transfersOf(problem, link).map((transfer) => {
        const moved = trafficOf(transfer);
        const each = accessEnergy(transfer.memory, transfer.port, transfer.way);
        const { bitsPerCycle } = transfer.port;
        const words = (moved.accesses * bitsPerCycle) / (transfer.memory.word ?? bitsPerCycle);
        return { ...moved, words, joules: moved.accesses * each };
      }),
    ),
  );
  const macJoules = macsOf(problem) * hierarchy.macEnergy;
  const hops = operands.flatMap((operand) => links[operand]).reduce((sum, link) => sum + hopsOf(link), 0);
  const hopJoules = hops * hierarchy.hopEnergy;
  const energyJoules = traffic.reduce((sum, { joules }) => sum + joules, macJoules + hopJoules);
  return { energyJoules, macJoules, hops, hopJoules, traffic };
}
