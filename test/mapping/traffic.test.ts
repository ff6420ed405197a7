import fc from "fast-check";
import { expect, test } from "vitest";
import { type MemoryLevel, type Operand, operands, ways } from "../../src/arch/operand-hierarchy.ts";
import { costOf } from "../../src/mapping/cost.ts";
import { primesOf } from "../../src/mapping/lattice.ts";
import { dimensions, type Problem, sizesOf, tileElements } from "../../src/mapping/problem.ts";
import { spatialOf } from "../../src/mapping/unrolling.ts";
import { bits, joules } from "../../src/quantity.ts";

const memory = (name: string, spans: readonly string[]): MemoryLevel => ({
  name,
  capacity: bits(1e12),
  operands,
  mayBypass: [],
  readEnergy: joules(1),
  writeEnergy: joules(1),
  spans,
  buffering: "room",
  ports: [
    {
      name: "port",
      bitsPerCycle: 64,
      accessBits: 64,
      moves: operands.flatMap((operand) => ways.map((way) => ({ operand, way }))),
    },
  ],
});

const size = fc.integer({ min: 1, max: 40 });
const problems = fc
  .record({
    sizes: fc.record({
      B: fc.constantFrom(1, 2),
      G: fc.constantFrom(1, 3),
      K: size,
      C: size,
      OY: size,
      OX: size,
    }),
    taps: fc.record({ FY: fc.constantFrom(1, 3, 5), FX: fc.constantFrom(1, 2, 3) }),
    stride: fc.constantFrom(1, 2, 4),
    dilation: fc.constantFrom(1, 2),
    padding: fc.constantFrom(0, 1),
  })
  .map(({ sizes, taps, stride, dilation, padding }): Problem => {
    const all = sizesOf({ ...sizes, ...taps });
    const span = (results: number, filter: number): number =>
      Math.max(1, (results - 1) * stride + (filter - 1) * dilation + 1 - 2 * padding);
    return {
      name: "drawn",
      sizes: all,
      stride: { x: stride, y: stride },
      dilation: { x: dilation, y: dilation },
      input: { x: span(all.OX, all.FX), y: span(all.OY, all.FY) },
      bits: { W: 8, I: 8, O: 8, partial: 8 },
    };
  });
const lane = fc.constantFrom(...dimensions);
const lanes = fc.integer({ min: 1, max: 16 });
const unrollings = fc
  .record({ first: lane, second: lane, third: lane, widths: fc.tuple(lanes, lanes, lanes) })
  .map(({ first, second, third, widths: [one, two, three] }) => ({
    D1: { [first]: one },
    D2: { [second]: two, ...(third === second ? {} : { [third]: three }) },
  }));

test("any mapping brings every weight and every input that is used, and takes away every output: lanes that are not full lose none", () => {
  const hierarchy = {
    name: "drawn",
    array: [
      { name: "D1", size: 16 },
      { name: "D2", size: 256 },
    ],
    macEnergy: joules(1),
    hopEnergy: joules(1),
    memories: [memory("registers", []), memory("buffer", ["D1"]), memory("dram", ["D1", "D2"])],
  };
  fc.assert(
    fc.property(
      problems,
      unrollings,
      fc.nat(),
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      (problem, unrolling, seed, cuts) => {
        const { temporal } = spatialOf(problem, unrolling);
        const loops = dimensions
          .flatMap((dimension) =>
            [...primesOf(temporal[dimension])].flatMap(([times, many]) =>
              Array.from({ length: many }, () => ({ dimension, times })),
            ),
          )
          .map((loop, index) => ({ loop, rank: ((seed + 7919 * index) * 2654435761) % 4294967296 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ loop }) => loop);
        const cover = (operand: Operand): readonly number[] => {
          const at = 2 * operands.indexOf(operand);
          const [a = 0, b = 0] = [cuts[at], cuts[at + 1]].map((cut) => (cut ?? 0) % (loops.length + 1));
          return [Math.min(a, b), Math.max(a, b), loops.length];
        };
        const { traffic } = costOf(problem, hierarchy, {
          unrolling,
          loops,
          covers: { O: cover("O"), W: cover("W"), I: cover("I") },
        });
        const moved = (operand: Operand, way: string): number =>
          traffic.find((each) => each.memory === "dram" && each.operand === operand && each.way === way)
            ?.bytes ?? 0;
        const all = (operand: Operand): number => tileElements(problem, operand, problem.sizes);
        expect(moved("W", "toLower")).toBeGreaterThanOrEqual(all("W"));
        expect(moved("I", "toLower")).toBeGreaterThanOrEqual(all("I"));
        expect(moved("O", "fromLower")).toBeGreaterThanOrEqual(all("O"));
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});
