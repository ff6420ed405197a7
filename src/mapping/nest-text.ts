/** A mapping as a loop nest that a person can read: outermost loop first, memories where their tiles begin. */
import { type Operand, type OperandHierarchy, operands } from "../arch/operand-hierarchy.ts";
import type { Mapping } from "./mapping.ts";
import { pathOf } from "./unrolling.ts";

export function nestText(hierarchy: OperandHierarchy, { loops, covers, unrolling }: Mapping): string {
  const lines: string[] = [];
  const indent = (depth: number): string => "  ".repeat(depth);
  let depth = 0;
  for (let covered = loops.length; covered >= 0; covered -= 1) {
    for (const [memory, held] of tilesAt(hierarchy, covers, covered))
      lines.push(`${indent(depth)}-- ${memory}: ${held.join(", ")}`);
    const loop = loops[covered - 1];
    if (loop === undefined) continue;
    lines.push(`${indent(depth)}for ${loop.dimension} in 0..${loop.times}`);
    depth += 1;
  }
  for (const [array, factors] of Object.entries(unrolling))
    for (const [dimension, factor] of Object.entries(factors)) {
      if (factor === undefined || factor === 1) continue;
      lines.push(`${indent(depth)}side by side ${dimension} in 0..${factor} (${array})`);
      depth += 1;
    }
  lines.push(`${indent(depth)}O += W * I`);
  return lines.join("\n");
}

/** Memories whose tile covers just so many loops, outermost first, with the operands whose tile it is. */
function tilesAt(
  hierarchy: OperandHierarchy,
  covers: Mapping["covers"],
  covered: number,
): readonly (readonly [string, readonly Operand[]])[] {
  return [...hierarchy.memories].reverse().flatMap(({ name }) => {
    const held = operands.filter((operand) => {
      const level = pathOf(hierarchy, operand).findIndex((memory) => memory.name === name);
      return level >= 0 && covers[operand][level] === covered;
    });
    return held.length === 0 ? [] : [[name, held] as const];
  });
}
