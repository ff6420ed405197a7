/** What a mapping costs on a hierarchy: cycles with their stalls, and energy access by access. */
import type { Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { doubleBuffered } from "./buffering.ts";
import { type LaneRule, type Link, linksOf, meanLanes, roundedLanes, wholeLanes } from "./link.ts";
import { loadingOf } from "./loading.ts";
import type { Mapping } from "./mapping.ts";
import { macsOf, type Problem } from "./problem.ts";
import { type PortLoad, portLoads } from "./stall.ts";
import { accessEnergy, hopsOf, type Traffic, trafficOf, transfersOf } from "./traffic.ts";
import { spatialOf } from "./unrolling.ts";
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
  const spatial = spatialOf(problem, mapping.unrolling);
  const links = (rule: LaneRule): Record<Operand, readonly Link[]> => {
    const of = (operand: Operand) => linksOf(problem, hierarchy, spatial, mapping, operand, rule);
    return { O: of("O"), W: of("W"), I: of("I") };
  };
  const counted = links(rules.lanes === "mean" ? meanLanes : roundedLanes);
  const timed = rules.lanes === "mean" ? counted : links(wholeLanes);
  const traffic = operands.flatMap((operand) =>
    counted[operand].flatMap((link) =>
      transfersOf(problem, link).map((transfer) => {
        const moved = trafficOf(transfer);
        const each = accessEnergy(transfer.memory, transfer.port, transfer.way);
        const { bitsPerCycle } = transfer.port;
        const words = (moved.accesses * bitsPerCycle) / (transfer.memory.word ?? bitsPerCycle);
        return { ...moved, words, joules: moved.accesses * each };
      }),
    ),
  );
  const computeCycles = mapping.loops.reduce((product, { times }) => product * times, 1);
  const transfers = operands.flatMap((operand) =>
    timed[operand].flatMap((link) => transfersOf(problem, link)),
  );
  const ports = portLoads(transfers, doubleBuffered(problem, hierarchy, counted), computeCycles);
  const stallCycles = ports.reduce((most, { stall }) => Math.max(most, stall), 0);
  const loading = (rules.loading === "ports" ? loadingOf : zigzagLoading)(
    problem,
    timed,
    ports,
    computeCycles + stallCycles,
  );
  const macJoules = macsOf(problem) * hierarchy.macEnergy;
  const hops = operands.flatMap((operand) => counted[operand]).reduce((sum, link) => sum + hopsOf(link), 0);
  const hopJoules = hops * hierarchy.hopEnergy;
  return {
    computeCycles,
    stallCycles,
    ...loading,
    cycles: computeCycles + stallCycles + loading.onloadCycles + loading.offloadCycles,
    energyJoules: traffic.reduce((sum, { joules }) => sum + joules, macJoules + hopJoules),
    macJoules,
    hops,
    hopJoules,
    traffic,
    ports,
  };
}
