/** What each memory holds over the run, against what it can hold. */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import { capacity } from "../engine/capacity.ts";
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";
import { type OpTally, splitUnit, sumOf } from "./fold.ts";
import { walksOf } from "./memory-walks.ts";
import type { MemoryRow } from "./report.ts";

/**
 * Memories that hold something, then those of which only the traffic is known, by walks.
 * @param ops what each op did on each device
 */
export function memoryRows(
  hardware: Hardware,
  program: Program,
  stats: Stats,
  ops: readonly OpTally[],
): readonly MemoryRow[] {
  const held = capacity(program, stats.marks).map(({ memory: name, peak, profile }): MemoryRow => {
    const { device, unit: memory } = splitUnit(name);
    const levels = profile.map(({ at, bytes }) => ({ seconds: at / hardware.tickRate, bytes }));
    return {
      device,
      memory,
      capacityBytes: capacityOf(hardware, memory),
      peakBytes: peak,
      // Only corners: a point where neither the time nor the level moved says nothing.
      levels: levels.filter((point, index) => {
        const before = levels[index - 1];
        return before === undefined || before.seconds !== point.seconds || before.bytes !== point.bytes;
      }),
      ...traffic(hardware, stats, ops, device, memory),
    };
  });
  const isHeld = (device: number, memory: string): boolean =>
    held.some((row) => row.device === device && row.memory === memory);
  const walked = Array.from({ length: hardware.devices }, (_, device) =>
    Object.entries(hardware.units).flatMap(([memory, { spec }]): MemoryRow[] => {
      const went = isHeld(device, memory) ? {} : traffic(hardware, stats, ops, device, memory);
      if (went.walks === undefined) return [];
      return [{ device, memory, capacityBytes: spec.capacity ?? 0, peakBytes: 0, levels: [], ...went }];
    }),
  ).flat();
  return [...held, ...walked];
}

function traffic(
  { units, tickRate }: Hardware,
  { finish }: Stats,
  ops: readonly OpTally[],
  device: number,
  memory: string,
): Pick<MemoryRow, "walks" | "channels"> {
  const unit = units[memory];
  if (!isKind(unit, "hbm") && !isKind(unit, "ddr")) return {};
  const { counts } = sumOf(ops.filter((op) => op.device === device));
  return walksOf({ memory, spec: unit.spec, counts, tickRate, latencySeconds: finish / tickRate });
}

function capacityOf({ name, units }: Hardware, memory: string): number {
  const size = units[memory]?.spec.capacity;
  if (size === undefined)
    throw new Error(`a program holds bytes in "${memory}", which is no memory of ${name}`);
  return size;
}
