/**
 * A mapping written by hand: loops as text, and for each memory how far up the loops its tile of an operand reaches.
 *
 *     unroll: { D1: { K: 14 }, D2: { C: 12 } }
 *     loops: [C 6, K 10, OY 28, FY 3, OX 28, FX 3]     # innermost first
 *     tiles: { rf-i: { I: 2 }, rf-w: { W: 3 }, rf-o: { O: 1 }, sram: { O: 4 } }
 */
import { z } from "zod";
import { type Operand, type OperandHierarchy, operands } from "../arch/operand-hierarchy.ts";
import { count } from "../schema/field.ts";
import type { Loop, Mapping } from "./mapping.ts";
import { dimensions } from "./problem.ts";
import { pathOf } from "./unrolling.ts";

const loop = z.templateLiteral([z.enum(dimensions), " ", z.int()]);
const covers = z.int().min(0);

export const writtenMapping = z.strictObject({
  unroll: z
    .record(z.string(), z.partialRecord(z.enum(dimensions), count))
    .describe("by dimension of the array: the loops on it and how far each is unrolled"),
  loops: z.array(loop).describe("loops in time, innermost first, such as `K 8`"),
  tiles: z
    .record(z.string(), z.partialRecord(z.enum(operands), covers))
    .describe(
      "by memory and operand: how many of the loops run over the tile that it holds; the outermost memory holds all",
    ),
  bypass: z
    .record(z.string(), z.array(z.enum(operands)))
    .optional()
    .describe("operands kept out of a memory"),
});

/** Memories that `tiles` leaves out hold what the memory below holds. */
export function readMapping(hierarchy: OperandHierarchy, written: z.output<typeof writtenMapping>): Mapping {
  const loops = written.loops.map((text): Loop => {
    const [name, times] = text.split(" ");
    const dimension = dimensions.find((each) => each === name);
    if (dimension === undefined) throw new Error(`no loop ${text}`);
    return { dimension, times: Number(times) };
  });
  const of = (operand: Operand): readonly number[] => {
    const path = pathOf(hierarchy, operand);
    let reached = 0;
    return path.map(({ name }, level) => {
      reached = level === path.length - 1 ? loops.length : (written.tiles[name]?.[operand] ?? reached);
      return reached;
    });
  };
  return {
    unrolling: written.unroll,
    loops,
    covers: { O: of("O"), W: of("W"), I: of("I") },
    ...(written.bypass === undefined ? {} : { bypass: written.bypass }),
  };
}
