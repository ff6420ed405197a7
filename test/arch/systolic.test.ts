import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferAccesses, productCycles, systolic } from "../../src/arch/systolic.ts";
import {
  foldGrid,
  type PortCycles,
  type SystolicShape,
  systolicCycles,
  widePorts,
} from "../../src/arch/systolic-time.ts";
import { hertz } from "../../src/quantity.ts";
import { scheduleOf, sramAccesses } from "../../src/scalesim/schedule.ts";
import { runArray, type Values, zeros } from "./systolic-model.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });

const shapes: fc.Arbitrary<SystolicShape> = fc.record({
  rows: whole(1, 6),
  columns: whole(1, 6),
  stationary: fc.constantFrom("weights" as const, "outputs" as const, "inputs" as const),
  folds: fc.constantFrom("serial" as const, "overlapped" as const),
  edges: fc.constantFrom("full" as const, "shrunk" as const),
});

const products = fc.record({ rows: whole(1, 11), inner: whole(1, 11), columns: whole(1, 11) });

/** Sums take a read and a write, of one port or of one each. */
const ports: fc.Arbitrary<PortCycles> = fc
  .record({ step: whole(1, 3), load: whole(1, 3), result: whole(1, 3), both: whole(0, 2) })
  .map(({ both, ...each }) => ({ ...each, sum: each.result + both }));

/** Whole numbers, so that sums are exact in any order. */
function filled(rows: number, columns: number, seed: number): Values {
  const values = zeros(rows, columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1)
      values.set(row, column, ((row * 31 + column * 17 + seed * 7) % 19) - 9);
  return values;
}

test("operands that really move through PEs give the plain product, in the cycles of the closed form", () => {
  fc.assert(
    fc.property(shapes, products, ports, whole(0, 100), (array, { rows, inner, columns }, given, seed) => {
      const [left, right] = [filled(rows, inner, seed), filled(inner, columns, seed + 1)];
      const run = runArray(array, left, right, given);
      expect(run.cycles).toBe(
        systolicCycles(array, foldGrid(array, { rows, inner, columns }), undefined, given),
      );
      for (let row = 0; row < rows; row += 1)
        for (let column = 0; column < columns; column += 1) {
          let sum = 0;
          for (let k = 0; k < inner; k += 1) sum += left.get(row, k) * right.get(k, column);
          expect(run.product.get(row, column)).toBe(sum);
        }
    }),
    { numRuns: 4000 },
  );
}, 60_000);

const array = { rows: 4, columns: 4, edges: "full", stationary: "weights", folds: "serial" } as const;

// 8 x 8 weights on 4 x 4 are four folds. Serial: 4 to load, 10 to stream, 6 to drain each. Overlapped: 4 + 4 x 10 + 6.
test("four folds of ten rows: 80 cycles one after the other, 50 with weights loaded behind the computing ones", () => {
  const grid = foldGrid(array, { rows: 10, inner: 8, columns: 8 });
  expect(systolicCycles(array, grid)).toBe(80);
  expect(systolicCycles({ ...array, folds: "overlapped" }, grid)).toBe(50);
});

test("serial whole folds and their buffer accesses are SCALE-Sim's, but for what it counts wrongly", () => {
  const dataflows = { weights: "ws", outputs: "os", inputs: "is" } as const;
  fc.assert(
    fc.property(shapes, products, (shape, product) => {
      const serial = { ...shape, folds: "serial", edges: "full" } as const;
      const { rows: m, inner: k, columns: n } = product;
      const size = { m, n, k, outputRows: m, outputColumns: 1 };
      const schedule = scheduleOf(size, dataflows[shape.stationary], shape);
      const folds = schedule.rowFolds * schedule.columnFolds;
      expect(systolicCycles(serial, foldGrid(serial, product))).toBe(folds * schedule.cyclesPerFold);
      const theirs = sramAccesses(schedule);
      const extra = shape.stationary === "outputs" ? folds * (shape.rows + shape.columns) : 0;
      expect(bufferAccesses(serial, product)).toMatchObject({
        inputReads: theirs.ifmapReads,
        weightReads: theirs.filterReads,
        resultWrites: theirs.ofmapWrites - extra,
      });
    }),
    { numRuns: 500 },
  );
});

test("several arrays share the column folds; the first has the most", () => {
  const spec = { ...array, arrays: 2 };
  // Three column folds of two row folds: two column folds, four folds of 20 cycles, on the first array.
  expect(productCycles(spec, { rows: 10, inner: 8, columns: 12 })).toBe(80);
});

test("narrow ports slow the stream down: 8 words a step by ports of 3 take 3 cycles", () => {
  const spec = { ...array, stationary: "outputs", arrays: 1 } as const;
  // One fold: 10 steps, the last starts at 27, then 3 + 3 to the far corner.
  expect(productCycles({ ...spec, wordsPerCycle: 3 }, { rows: 4, inner: 10, columns: 4 })).toBe(34);
});

describe("by hand, ports that are narrower than the edges of 4 x 4 PEs, ten rows through four folds of weights", () => {
  const grid = foldGrid(array, { rows: 10, inner: 8, columns: 8 });
  const cycles = (folds: "serial" | "overlapped", narrow: Partial<PortCycles>): number =>
    systolicCycles({ ...array, folds }, grid, undefined, { ...widePorts, ...narrow });

  test("a row of weights in 3 cycles takes 12 to load: serial 8 more in each fold, overlapped 12 for each that streams for 10", () => {
    expect(cycles("serial", { load: 3 })).toBe(80 + 4 * 8);
    expect(cycles("overlapped", { load: 3 })).toBe(12 + 3 * 12 + 10 + 6);
  });

  test("a row of sums in 2 cycles, read back and written: only folds that add to what is there are held up", () => {
    // Two of the four: ten steps of one cycle more.
    expect(cycles("serial", { sum: 2 })).toBe(80 + 2 * 10);
    expect(cycles("overlapped", { sum: 2 })).toBe(4 + 10 + 20 + 10 + 20 + 6);
  });

  test("outputs that stay leave by the port: 4 rows in 3 cycles each are 8 more than 4 in one, and a fold of 10 steps waits 2 for the next to begin", () => {
    const outputs = { ...array, stationary: "outputs" } as const;
    const four = foldGrid(outputs, { rows: 8, inner: 10, columns: 8 });
    const slow = { ...widePorts, result: 3 };
    expect(systolicCycles(outputs, four, undefined, slow) - systolicCycles(outputs, four)).toBe(4 * 8);
    const overlapped = { ...outputs, folds: "overlapped" } as const;
    // A fold begins every 12 cycles instead of every 10.
    expect(systolicCycles(overlapped, four, undefined, slow)).toBe(3 * 12 + 9 + 12 + 3);
  });
});

test("overlapped products follow each other as folds do: many in a row are one with as many columns", () => {
  fc.assert(
    fc.property(shapes, products, whole(1, 5), ports, (shape, product, count, given) => {
      const spec = systolic.resolve(
        systolic.fields.parse({ ...shape, kind: "systolic", precision: "int8", arrays: 1 }),
        { tickRate: hertz(1e9), clock: hertz(1e9) },
      );
      // Whole column folds, so that the products side by side are folded as each by itself.
      const columns = shape.stationary === "inputs" ? product.columns : product.columns * shape.columns;
      const rows = shape.stationary === "inputs" ? product.rows * shape.columns : product.rows;
      const one = { rows, inner: product.inner, columns };
      const many =
        shape.stationary === "inputs" ? { ...one, rows: count * rows } : { ...one, columns: count * columns };
      const { occupancy, latency } = systolic.cost(spec, { ...one, count, macs: 0, ports: given });
      const together = systolicCycles(shape, foldGrid(shape, many), undefined, given);
      expect(Math.max(together, Number(occupancy))).toBe(Number(occupancy) + latency);
    }),
    { numRuns: 2000 },
  );
});

test("a wider format takes its passes, and counts its MACs apart", () => {
  const fields = { ...array, kind: "systolic", precision: "int8", passes: { int16: 4 }, arrays: 1 } as const;
  const spec = systolic.resolve(systolic.fields.parse(fields), { tickRate: hertz(1e9), clock: hertz(1e9) });
  // One fold of ten rows: the last enters at 4 + 9 x 4, and 6 cycles later its result is there.
  const work = { rows: 10, inner: 4, columns: 4, count: 1, macs: 160, precision: "int16" } as const;
  expect(systolic.cost(spec, work)).toMatchObject({
    occupancy: 47,
    latency: 0,
    counts: { "int16.macs": 160 },
  });
  expect(() => systolic.cost(spec, { ...work, precision: "fp32" })).toThrow("int8 has no fp32");
});

test("the component counts in ticks of a faster machine clock", () => {
  const fields = { ...array, kind: "systolic", precision: "int8", arrays: 1 } as const;
  const spec = systolic.resolve(systolic.fields.parse(fields), { tickRate: hertz(2e9), clock: hertz(1e9) });
  const cost = systolic.cost(spec, { rows: 10, inner: 8, columns: 8, count: 3, macs: 1920 });
  expect(cost).toMatchObject({ occupancy: 3 * 80 * 2, counts: { macs: 1920, weightReads: 3 * 64 } });
});
