/** What each memory holds over the run. */
import type { Hardware } from "../arch/hardware.ts";
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";
import type { MemoryRow } from "./report.ts";

export function memoryRows(_hardware: Hardware, _program: Program, _stats: Stats): readonly MemoryRow[] {
  return [];
}
