import { expect, test } from "vitest";
import { dma } from "../../src/arch/dma.ts";
import { hertz } from "../../src/quantity.ts";

const spec = dma.resolve(dma.fields.parse({ kind: "dma", straight: 64, transposed: 1, setup: "4 cycles" }), {
  clock: hertz(200e6),
  tickRate: hertz(400e6),
});

test("a row goes straight 64 elements a cycle, or element by element through the transposer", () => {
  // Two ticks a cycle: 100 elements are two beats, or a hundred.
  const move = (order: "straight" | "transposed") => dma.cost(spec, { elements: 100, order });
  expect(move("straight")).toEqual({ occupancy: 4, latency: 8, counts: { elements: 100 } });
  expect(move("transposed")).toEqual({ occupancy: 200, latency: 8, counts: { elements: 100 } });
});
