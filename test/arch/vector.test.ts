import { expect, test } from "vitest";
import { vector } from "../../src/arch/vector.ts";
import { hertz } from "../../src/quantity.ts";

const clock = hertz(200e6);
const spec = vector.resolve(
  vector.fields.parse({
    kind: "vector",
    precision: "fp16",
    lanes: 64,
    add: "8 cycles",
    multiply: "6 cycles",
    exponential: "13 cycles",
    reciprocal: "11 cycles",
    reciprocalSquareRoot: "12 cycles",
  }),
  { clock, tickRate: clock },
);
const cost = (...chain: Parameters<typeof vector.cost>[1]["chain"]) => vector.cost(spec, { chain });

test("an instruction takes a beat for each 64 elements, and the pipeline of its operation", () => {
  expect(cost({ operation: "add", elements: 64 })).toMatchObject({ occupancy: 1, latency: 8 });
  expect(cost({ operation: "multiply", elements: 65 })).toMatchObject({ occupancy: 2, latency: 6 });
  expect(cost({ operation: "exponential", elements: 1 })).toMatchObject({ occupancy: 1, latency: 13 });
  expect(cost({ operation: "reciprocal", elements: 1 }).latency).toBe(11);
  expect(cost({ operation: "reciprocalSquareRoot", elements: 1 }).latency).toBe(12);
  expect(cost({ operation: "move", elements: 64 }).latency).toBe(1);
});

test("a reduction goes through six levels of adders and an accumulator", () => {
  expect(cost({ operation: "reduce", elements: 1024 })).toMatchObject({ occupancy: 16, latency: 56 });
});

test("instructions of a chain wait for each other: beats and pipelines add up", () => {
  const chain = cost(
    { operation: "add", elements: 100 },
    { operation: "reduce", elements: 100 },
    { operation: "multiply", elements: 1 },
  );
  // Beats 2 + 2 + 1, pipelines 8 + 56 + 6.
  expect(chain).toEqual({ occupancy: 5, latency: 70, counts: { elements: 201, instructions: 3 } });
});

test("an empty chain costs nothing", () => {
  expect(cost()).toEqual({ occupancy: 0, latency: 0, counts: { elements: 0, instructions: 0 } });
});
