/** The two ends of a slot's link: the ports that its data goes through, and how much of it at each. */
import type { MemoryLevel, MemoryPort, Way } from "../arch/operand-hierarchy.ts";
import type { OperandPath } from "./link.ts";
import { accessEnergy, portOf } from "./traffic.ts";

export interface PortKey {
  readonly memory: MemoryLevel;
  readonly port: MemoryPort;
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

/** @param counted as accesses are counted, @param timed as times are */
export function endsOf(
  ports: readonly PortKey[],
  counted: OperandPath,
  timed: OperandPath,
  level: number,
): readonly End[] {
  const { operand, memories, instances, multipliers } = counted;
  const [lower, upper] = [memories[level - 1], memories[level]];
  const end = (memory: MemoryLevel | undefined, way: Way, back: boolean): readonly End[] => {
    if (memory === undefined) return [];
    const found = portOf(memory, operand, way);
    const high = memory === upper;
    return [
      {
        port: ports.findIndex((key) => key.memory === memory && key.port === found),
        key: { memory, port: found },
        joules: accessEnergy(memory, found, way),
        instances: (high ? instances[level] : instances[level - 1]) ?? multipliers,
        fan: high ? (counted.fans[level] ?? 1) : 1,
        timedFan: high ? (timed.fans[level] ?? 1) : 1,
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

/** Cycles to bring the first operands of all multipliers, or to take away their last results: one element for each, of so many bits. */
export function firstCycles(
  { fans }: OperandPath,
  level: number,
  ends: readonly End[],
  bits: number,
): number {
  if (level === 0) return 0;
  const below = fans.slice(0, level).reduce((product, fan) => product * fan, 1);
  return ends.reduce(
    (most, { back, timedFan, key }) =>
      back ? most : Math.max(most, Math.floor((below * timedFan * bits) / key.port.bitsPerCycle)),
    0,
  );
}
