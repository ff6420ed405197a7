/** What each memory holds over the run, against what it can hold. */
import type { Hardware } from "../arch/hardware.ts";
import { capacity } from "../engine/capacity.ts";
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";
import { splitUnit } from "./fold.ts";
import type { MemoryRow } from "./report.ts";

export const memoryRows = (hardware: Hardware, program: Program, stats: Stats): readonly MemoryRow[] =>
  capacity(program, stats.marks).map(({ memory: name, peak, profile }) => {
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
    };
  });

function capacityOf({ name, units }: Hardware, memory: string): number {
  const size = units[memory]?.spec.capacity;
  if (size === undefined)
    throw new Error(`a program holds bytes in "${memory}", which is no memory of ${name}`);
  return size;
}
