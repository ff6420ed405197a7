/** Which tiles are double buffered: told by the machine, or where the space that is left over allows. */
import type { MemoryLevel, Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import type { Link } from "./link.ts";
import type { Problem } from "./problem.ts";
import { bitsOf } from "./traffic.ts";

/** "memory operand" pairs whose next tile may arrive while the last one is in use. */
export type DoubleBuffered = ReadonlySet<string>;

export const bufferKey = (memory: MemoryLevel, operand: Operand): string => `${memory.name} ${operand}`;

/**
 * Where a memory's buffering is `room`, an operand needs as much free space as the part of its tile that is in use at a time:
 * what lies on top of the tile's inner loops is used once, and its space is free again. The free space goes to outputs first.
 */
export function doubleBuffered(
  problem: Problem,
  { memories }: OperandHierarchy,
  links: Readonly<Record<Operand, readonly Link[]>>,
): DoubleBuffered {
  const found = new Set<string>();
  for (const memory of memories) {
    const inUse = operands.flatMap((operand) => {
      const held = heldBits(problem, memory, links[operand]);
      return held === undefined ? [] : [{ operand, share: held.inUse / memory.capacity }];
    });
    let used = inUse.reduce((sum, { share }) => sum + share, 0);
    for (const { operand, share } of inUse) {
      if (memory.buffering === "single") continue;
      const half = used <= 0.5;
      if (memory.buffering === "room" && !half && share > 1 - used) continue;
      found.add(bufferKey(memory, operand));
      if (!half) used += share;
    }
  }
  return found;
}

/** Bits of the operand in one instance of the memory: all of its tile, and what of it is in use at a time. */
export function heldBits(
  problem: Problem,
  memory: MemoryLevel,
  links: readonly Link[],
): { readonly all: number; readonly inUse: number } | undefined {
  const link = links.find(({ lower }) => lower === memory);
  if (link === undefined) return undefined;
  const all = link.elements * bitsOf(problem, link);
  return { all, inUse: Math.floor(all / link.topRelevant) };
}
