/** The two ends of a slot's link: the ports that its data goes through, and how much of it at each. */
import type { MemoryLevel, MemoryPort, Operand, OperandHierarchy, Way } from "../arch/operand-hierarchy.ts";
import type { CostRules } from "./cost.ts";
import type { Lattice } from "./lattice.ts";
import { distinctOf, type LaneRule, unitsOf } from "./link.ts";
import type { Problem } from "./problem.ts";
import { accessEnergy, portOf } from "./traffic.ts";
import { type Lanes, pathOf, type Spatial } from "./unrolling.ts";

export interface PortKey {
  readonly memory: MemoryLevel;
  readonly port: MemoryPort;
}

export interface EndScope {
  readonly problem: Problem;
  readonly hierarchy: OperandHierarchy;
  readonly spatial: Spatial;
  readonly lattice: Lattice;
  /** How accesses and how times are counted. */
  readonly counted: LaneRule;
  readonly timed: LaneRule;
  readonly ports: readonly PortKey[];
  readonly loading: CostRules["loading"];
}

/** One end of a link. */
export interface End {
  readonly port: number;
  readonly key: PortKey;
  readonly joules: number;
  readonly instances: number;
  /** Elements dealt out to, or collected from, all below, for each that one of them holds: on average and in time. */
  readonly fan: number;
  readonly timedFan: number;
  /** Partial sums on their way back, while sums are open. */
  readonly back: boolean;
}

/** Different tiles that one instance of the upper memory deals out. */
export function fanAt(
  { problem }: EndScope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
  rule: LaneRule,
): number {
  const [below, above] = [lanes.slice(level), lanes.slice(level + 1)];
  return rule.amount(distinctOf(problem, operand, below, rule) / distinctOf(problem, operand, above, rule));
}

export function endsOf(
  scope: EndScope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
): readonly End[] {
  const { hierarchy, counted, timed, ports } = scope;
  const path = pathOf(hierarchy, operand);
  const [lower, upper] = [path[level - 1], path[level]];
  const fanOf = (rule: LaneRule): number => fanAt(scope, operand, level, lanes, rule);
  const end = (memory: MemoryLevel | undefined, way: Way, back: boolean): readonly End[] => {
    if (memory === undefined) return [];
    const found = portOf(memory, operand, way);
    const port = ports.findIndex((key) => key.memory === memory && key.port === found);
    const high = memory === upper;
    return [
      {
        port,
        key: { memory, port: found },
        joules: accessEnergy(memory, found, way),
        instances: unitsOf(lanes.slice(high ? level + 1 : level), counted),
        fan: high ? fanOf(counted) : 1,
        timedFan: high ? fanOf(timed) : 1,
        back,
      },
    ];
  };
  const outputs = operand === "O";
  return [
    ...end(upper, "toLower", outputs),
    ...end(lower, "fromHigher", outputs),
    ...(outputs ? [...end(upper, "fromLower", false), ...end(lower, "toHigher", false)] : []),
  ];
}

export function firstCycles(
  { problem, timed, loading }: EndScope,
  operand: Operand,
  level: number,
  lanes: readonly (readonly Lanes[])[],
  ends: readonly End[],
): number {
  if (level === 0 || loading === "zigzag") return 0;
  const below =
    distinctOf(problem, operand, lanes, timed) / distinctOf(problem, operand, lanes.slice(level), timed);
  const bits = Math.min(
    problem.bits[operand],
    operand === "O" ? problem.bits.partial : Number.POSITIVE_INFINITY,
  );
  return ends.reduce(
    (most, { back, timedFan, key }) =>
      back ? most : Math.max(most, Math.floor((below * timedFan * bits) / key.port.bitsPerCycle)),
    0,
  );
}
