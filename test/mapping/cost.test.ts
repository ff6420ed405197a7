import { describe, expect, test } from "vitest";
import { type OperandHierarchy, operands } from "../../src/arch/operand-hierarchy.ts";
import { hierarchyMisfits, mappingMisfits } from "../../src/mapping/check.ts";
import { costOf } from "../../src/mapping/cost.ts";
import type { Mapping } from "../../src/mapping/mapping.ts";
import { nestText } from "../../src/mapping/nest-text.ts";
import { productProblem } from "../../src/mapping/problem.ts";
import { unionOf } from "../../src/mapping/window-union.ts";
import { readMapping, writtenMapping } from "../../src/mapping/written-mapping.ts";
import { joules } from "../../src/quantity.ts";
import { pencilMemory } from "./pencil-memory.ts";

/** A register of one sum, and a memory of 32 bit a cycle. */
const machine: OperandHierarchy = {
  name: "pencil",
  array: [{ name: "D1", size: 2 }],
  macEnergy: joules(0),
  hopEnergy: joules(0),
  memories: [
    pencilMemory("register", ["O"], { capacity: 16, width: 32 }),
    pencilMemory("dram", operands, { capacity: 1e6, width: 32 }),
  ],
};
const problem = productProblem(
  "two by three by four",
  { count: 1, rows: 2, inner: 4, columns: 3 },
  { W: 8, I: 8, O: 8, partial: 16 },
);
const mapping: Mapping = {
  unrolling: {},
  loops: [
    { dimension: "C", times: 4 },
    { dimension: "K", times: 3 },
    { dimension: "B", times: 2 },
  ],
  covers: { O: [1, 3], W: [3], I: [3] },
};

describe("a product of 2 x 4 by 4 x 3 with its sums in a register", () => {
  const cost = costOf(problem, machine, mapping);
  const moved = (name: string, operand: string, way: string): number | undefined =>
    cost.traffic.find((each) => each.memory === name && each.operand === operand && each.way === way)
      ?.accesses;

  test("takes a cycle for each of 24 products", () => expect(cost.computeCycles).toBe(24));

  test("adds up in the register 24 times, and writes each of 6 results once", () => {
    expect(moved("register", "O", "fromLower")).toBe(24);
    expect(moved("register", "O", "toLower")).toBe(24);
    expect(moved("register", "O", "toHigher")).toBe(6);
    expect(moved("dram", "O", "fromLower")).toBe(6);
    expect(moved("dram", "O", "toLower")).toBeUndefined();
  });

  test("reads weights and inputs anew for each product: C, the innermost loop, changes both", () => {
    expect(moved("dram", "W", "toLower")).toBe(24);
    expect(moved("dram", "I", "toLower")).toBe(24);
  });

  test("waits: two words and every fourth cycle a result share one port", () => {
    // In 24 cycles 24 + 24 + 6 words. The first period of each is there before: 23 + 23 + 5 in 24 cycles stall 27.
    expect(cost.stallCycles).toBe(27);
  });
});

describe("planted mistakes", () => {
  test("an operand with no memory is named", () => {
    const without = {
      ...machine,
      memories: machine.memories.map((each) => ({ ...each, operands: ["O", "I"] as const })),
    };
    expect(hierarchyMisfits(problem, without)).toEqual([
      { what: "no memory of pencil holds weights (W)", arithmetic: "register holds O, I; dram holds O, I" },
    ]);
  });

  test("a layer that the outermost memory cannot hold shows its sum", () => {
    const small = {
      ...machine,
      memories: [
        pencilMemory("register", ["O"], { capacity: 16, width: 32 }),
        pencilMemory("dram", operands, { capacity: 100, width: 32 }),
      ],
    };
    expect(hierarchyMisfits(problem, small)).toEqual([
      {
        what: "dram cannot hold all of the layer of two by three by four",
        arithmetic: "O 48 bit + W 96 bit + I 64 bit = 208 bit > 100 bit",
      },
    ]);
  });

  test("an unrolling larger than the array shows its product", () => {
    expect(mappingMisfits(problem, machine, { ...mapping, unrolling: { D1: { K: 3 } } })).toEqual([
      {
        what: "the unrolling of two by three by four does not fit pencil",
        arithmetic: "K 3 unrolls 3 lanes on array dimension D1, which has 2",
      },
    ]);
  });

  test("a tile that its memory cannot hold, and loops that do not cover the layer, show theirs", () => {
    expect(
      mappingMisfits(problem, machine, { ...mapping, covers: { ...mapping.covers, O: [2, 3] } }),
    ).toEqual([
      {
        what: "register cannot hold its tiles of two by three by four",
        arithmetic: "O 48 bit = 48 bit > 16 bit",
      },
    ]);
    const short = { ...mapping, loops: mapping.loops.slice(0, 2), covers: { O: [1, 2], W: [2], I: [2] } };
    expect(mappingMisfits(problem, machine, short)).toEqual([
      { what: "the loops over B do not cover it", arithmetic: "no loop, 2 are left to run in time" },
    ]);
  });
});

test("a mapping written by hand reads, and prints as the nest that it is", () => {
  const written = writtenMapping.parse({
    unroll: { D1: { B: 2 } },
    loops: ["C 4", "K 3"],
    tiles: { register: { O: 1 } },
  });
  const read = readMapping(machine, written);
  expect(mappingMisfits(problem, machine, read)).toEqual([]);
  expect(nestText(machine, read)).toBe(
    [
      "-- dram: O, W, I",
      "for K in 0..3",
      "  -- register: O",
      "  for C in 0..4",
      "    side by side B in 0..2 (D1)",
      "      O += W * I",
    ].join("\n"),
  );
});

test("windows that open together are counted once", () => {
  // Of 12 cycles: 2 of every 4, and 5 of every 12 (cycle 2 to 4 are new).
  expect(
    unionOf(
      [
        { period: 4, open: 2 },
        { period: 12, open: 5 },
      ],
      12,
    ),
  ).toBe(8);
  expect(
    unionOf(
      [
        { period: 4, open: 2 },
        { period: 12, open: 5 },
      ],
      24,
    ),
  ).toBe(16);
  expect(
    unionOf(
      [
        { period: 3, open: 3 },
        { period: 6, open: 1 },
      ],
      6,
    ),
  ).toBe(6);
});
