import { expect, test } from "vitest";
import { hardwareFields, resolveHardware } from "../../src/arch/hardware.ts";
import { price, priceList } from "../../src/energy/price.ts";
import { energyTableSchema } from "../../src/energy/table.ts";

const link = { bandwidth: "1 GB/s", efficiency: {}, latency: "1 us", energy: "10 pJ/bit" };
const memory = {
  ...{ channels: 1, width: "64 bit", transfersPerCycle: 1, capacity: "1 GB", granule: "8 B" },
  ...{ efficiency: {}, latency: {} },
};
const hardware = resolveHardware(
  hardwareFields.parse({
    name: "card",
    source: "a pencil",
    clock: "1 GHz",
    devices: 3,
    sequencer: { depth: 4, issue: "0 cycles" },
    units: {
      main: { kind: "hbm", ...memory },
      side: { kind: "ddr", ...memory },
      matrix: {
        ...{ kind: "mac-tree", precision: "fp16", width: 4, lanes: 4 },
        ...{ multiply: "1 cycles", add: "1 cycles", scalar: "1 cycles" },
      },
      vector: {
        ...{ kind: "vector", precision: "fp16", lanes: 4, add: "1 cycles", multiply: "1 cycles" },
        ...{ exponential: "1 cycles", reciprocal: "1 cycles", reciprocalSquareRoot: "1 cycles" },
      },
      buffer: { kind: "scratchpad", capacity: "8 KiB", width: "64 bit", latency: "1 cycles" },
      ring: { kind: "ring", ...link },
      mover: { kind: "dma", straight: 1, transposed: 1, setup: "0 cycles" },
    },
    energy: { table: "pencil", staticPower: "2 W" },
  }),
);
const table = energyTableSchema.parse({
  name: "pencil",
  source: "a pencil",
  node: "none",
  operations: { fp16: { multiply: "3 pJ", add: "1 pJ" } },
  sram: [{ capacity: "8 KiB", energy: "16 pJ" }],
  dram: { hbm: "4 pJ/bit" },
});
const prices = priceList(hardware, table);
const priced = (counts: Readonly<Record<string, number>>, seconds = 0) =>
  price(prices, new Map(Object.entries(counts)), seconds);

test("every unit is charged for its own actions, and the total is their sum", () => {
  const counts = {
    // 4 pJ/bit: 32 pJ a byte.
    "main.readBytes": 1e9,
    "main.writeBytes": 1e9,
    // 3 + 1 pJ.
    "matrix.macs": 1e12,
    // A multiplication.
    "vector.elements": 1e9,
    // 16 pJ for 8 bytes.
    "buffer.readBytes": 1e9,
    // 10 pJ/bit.
    "ring.bytes": 1e9,
  };
  const { byComponent, totalJoules, unpriced } = priced(counts, 0.5);
  const expected = { main: 0.064, matrix: 4, vector: 0.003, buffer: 0.002, ring: 0.08, static: 3 };
  expect(Object.keys(byComponent).sort()).toEqual(Object.keys(expected).sort());
  for (const [unit, joules] of Object.entries(expected)) expect(byComponent[unit]).toBeCloseTo(joules, 12);
  expect(totalJoules).toBeCloseTo(7.149, 9);
  expect(unpriced).toEqual([]);
});

test("static power is drawn by every device for as long as the run takes", () => {
  // Three devices of 2 W for 10 s.
  expect(priced({}, 10)).toEqual({ totalJoules: 60, byComponent: { static: 60 }, unpriced: [] });
});

test("actions without a price are listed and not in the total", () => {
  const { totalJoules, byComponent, unpriced } = priced({
    "mover.elements": 1e9,
    "vector.instructions": 1e9,
    // The table has no DDR.
    "side.readBytes": 1e9,
    // No such unit.
    "oracle.answers": 42,
  });
  expect(unpriced).toEqual(["mover.elements", "vector.instructions", "side.readBytes", "oracle.answers"]);
  expect(byComponent).toEqual({ static: 0 });
  expect(totalJoules).toBe(0);
});
