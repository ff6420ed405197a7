import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keptInner, nmSystolic, nmSystolicCycles } from "../../src/arch/nm-systolic.ts";
import { systolic } from "../../src/arch/systolic.ts";
import { foldGrid, type SystolicShape, systolicCycles, widePorts } from "../../src/arch/systolic-time.ts";
import { hertz } from "../../src/quantity.ts";
import { runArray, zeros } from "./systolic-model.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });

const shapes: fc.Arbitrary<SystolicShape> = fc.record({
  rows: whole(1, 5),
  columns: whole(1, 5),
  stationary: fc.constantFrom("weights" as const, "outputs" as const, "inputs" as const),
  folds: fc.constantFrom("serial" as const, "overlapped" as const),
  edges: fc.constantFrom("full" as const, "shrunk" as const),
});

const patterns = fc
  .tuple(whole(1, 5), whole(1, 5))
  .map(([a, b]) => ({ n: Math.min(a, b), m: Math.max(a, b) }));

test("PEs that choose their operand out of M give the product with pruned weights, in the cycles over kept positions", () => {
  fc.assert(
    fc.property(
      shapes,
      fc.record({ rows: whole(1, 8), inner: whole(1, 14), columns: whole(1, 8) }),
      patterns,
      whole(0, 1000),
      (array, { rows, inner, columns }, pattern, seed) => {
        const left = zeros(rows, inner);
        const right = zeros(inner, columns);
        for (let row = 0; row < rows; row += 1)
          for (let k = 0; k < inner; k += 1) left.set(row, k, ((row * 31 + k * 17 + seed) % 19) - 9);
        for (let column = 0; column < columns; column += 1)
          for (let first = 0; first < inner; first += pattern.m) {
            const group = Array.from({ length: Math.min(pattern.m, inner - first) }, (_, place) => place);
            // Which are kept differs from column to column and from group to group.
            const turn = (first * 7 + column * 3 + seed) % group.length;
            for (const place of [...group.slice(turn), ...group.slice(0, turn)].slice(0, pattern.n))
              right.set(first + place, column, 1 + ((first + place + column + seed) % 5));
          }
        const run = runArray(array, left, right, widePorts, pattern);
        expect(run.cycles).toBe(nmSystolicCycles(array, { rows, inner, columns, pattern }));
        for (let row = 0; row < rows; row += 1)
          for (let column = 0; column < columns; column += 1) {
            let sum = 0;
            for (let k = 0; k < inner; k += 1) sum += left.get(row, k) * right.get(k, column);
            expect(run.product.get(row, column)).toBe(sum);
          }
      },
    ),
    { numRuns: 2000 },
  );
}, 60_000);

describe("a product of 10 x 16 by 16 x 4 on 4 x 4 PEs", () => {
  const fields = {
    ...{ precision: "int8", rows: 4, columns: 4, arrays: 1 },
    ...{ stationary: "weights", folds: "overlapped", edges: "full" },
  } as const;
  const time = { tickRate: hertz(1e9), clock: hertz(1e9) };
  const work = { count: 1, rows: 10, inner: 16, columns: 4, macs: 320 };
  const sparse = (more: object) =>
    nmSystolic.resolve(nmSystolic.fields.parse({ kind: "nm-systolic", ...fields, ...more }), time);
  const pattern = { n: 2, m: 4 };

  test("2:4 weights take two folds instead of four, and read half of them; the input is read whole", () => {
    const { occupancy, counts } = nmSystolic.cost(sparse({}), { ...work, pattern });
    expect(occupancy).toBe(2 * 10);
    expect(counts).toMatchObject({ macs: 320, weightReads: 32, inputReads: 160, resultWrites: 80 });
  });

  test("weights whose M is larger than what a PE chooses from take the time of dense ones", () => {
    const dense = systolic.resolve(systolic.fields.parse({ kind: "systolic", ...fields }), time);
    expect(nmSystolic.cost(sparse({ group: 2 }), { ...work, pattern })).toEqual(systolic.cost(dense, work));
    expect(nmSystolic.cost(sparse({ group: 4 }), { ...work, pattern }).occupancy).toBe(2 * 10);
  });

  test("a port as wide as the dense array's edge brings the operands of 2:4 in two cycles each: nothing is won", () => {
    // Two folds of ten steps of two cycles.
    expect(nmSystolic.cost(sparse({ wordsPerCycle: 4 }), { ...work, pattern }).occupancy).toBe(2 * 20);
    expect(nmSystolic.cost(sparse({ wordsPerCycle: 8 }), { ...work, pattern }).occupancy).toBe(2 * 10);
  });
});

test("outputs that keep different numbers take as long as the fullest", () => {
  expect(keptInner(16, { n: [1, 3, 2], m: 4 })).toBe(12);
  const array = { rows: 4, columns: 4, stationary: "outputs", folds: "serial", edges: "full" } as const;
  const product = { rows: 4, inner: 16, columns: 4 };
  expect(nmSystolicCycles(array, { ...product, pattern: { n: [1, 3, 2], m: 4 } })).toBe(
    systolicCycles(array, foldGrid(array, { ...product, inner: 12 })),
  );
});
