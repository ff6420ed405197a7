import { describe, expect, test } from "vitest";
import { type OperandHierarchy, operands } from "../../src/arch/operand-hierarchy.ts";
import { mappingMisfits } from "../../src/mapping/check.ts";
import { bestMapped, bypassed } from "../../src/mapping/choice.ts";
import { costOf } from "../../src/mapping/cost.ts";
import type { Mapping } from "../../src/mapping/mapping.ts";
import { productProblem } from "../../src/mapping/problem.ts";
import { joules } from "../../src/quantity.ts";
import { pencilMemory } from "./pencil-memory.ts";

/** Ports of one element, so that accesses are elements. Weights may come by way of a buffer of 1 J an access, or straight from DRAM of 10 J. */
const machine: OperandHierarchy = {
  name: "pencil",
  array: [{ name: "D1", size: 1 }],
  macEnergy: joules(0),
  hopEnergy: joules(0),
  memories: [
    pencilMemory("register", ["O"], { price: 0 }),
    pencilMemory("buffer", ["W"], { price: 1, mayBypass: ["W"] }),
    pencilMemory("dram", operands, { price: 10 }),
  ],
};
const product = (rows: number) =>
  productProblem("rows", { count: 1, rows, inner: 4, columns: 3 }, { W: 8, I: 8, O: 8, partial: 8 });

/** C 4 innermost, K 3, then the rows; the buffer holds all 12 weights. */
const nest = (rows: number, weights: readonly number[]): Mapping => {
  const loops = [
    { dimension: "C" as const, times: 4 },
    { dimension: "K" as const, times: 3 },
    ...(rows > 1 ? [{ dimension: "B" as const, times: rows }] : []),
  ];
  return { unrolling: {}, loops, covers: { O: [1, loops.length], W: weights, I: [loops.length] } };
};
const weightJoules = (rows: number, hierarchy: OperandHierarchy, mapping: Mapping): number => {
  expect(mappingMisfits(product(rows), hierarchy, mapping)).toEqual([]);
  return costOf(product(rows), hierarchy, mapping)
    .traffic.filter(({ operand }) => operand === "W")
    .reduce((sum, { joules }) => sum + joules, 0);
};
const without = bypassed(machine, { buffer: ["W"] });

describe("weights kept out of a buffer", () => {
  test("with two rows: 12 reads of DRAM, 12 writes and 24 reads of the buffer, or 24 reads of DRAM", () => {
    expect(weightJoules(2, machine, nest(2, [2, 3]))).toBe(12 * 10 + 12 + 24);
    expect(weightJoules(2, without, nest(2, [3]))).toBe(24 * 10);
  });

  test("with one row each weight is used once: the buffer only adds 12 writes and 12 reads", () => {
    expect(weightJoules(1, machine, nest(1, [2, 2]))).toBe(12 * 10 + 12 + 12);
    expect(weightJoules(1, without, nest(1, [2]))).toBe(12 * 10);
  });

  test("the mapper keeps them out where that is cheaper, and only there", () => {
    const best = (rows: number) =>
      bestMapped(product(rows), machine, [{}], { objective: "energy" })?.mapping.bypass;
    expect(best(1)).toEqual({ buffer: ["W"] });
    // With K innermost each of 8 inputs is read once; weights then take 156 J by way of the buffer, and 240 J without.
    expect(best(2)).toBeUndefined();
  });
});
