import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type EnergyTable, energyTableSchema, macEnergy, sramEnergyPerByte } from "../../src/energy/table.ts";
import { bytes, type Joules, joules } from "../../src/quantity.ts";

const shipped = (name: string): EnergyTable =>
  energyTableSchema.parse(parse(readFileSync(`configs/energy/${name}.yaml`, "utf8")));
const picojoules = (energy: Joules | undefined): number => Math.round((energy ?? Number.NaN) * 1e18) / 1e6;

/** Joules per byte as picojoules for 64 bit. */
const dram = (table: EnergyTable, kind: "hbm" | "ddr"): number => (table.dram[kind] ?? Number.NaN) * 8e12;

/** multiply, add */
const operations = ({ operations: priced }: EnergyTable) =>
  Object.fromEntries(
    Object.entries(priced).map(([name, { multiply, add }]) => [
      name,
      [picojoules(multiply), picojoules(add)],
    ]),
  );
const knots = ({ sram }: EnergyTable) =>
  sram.map(({ capacity, energy }) => [capacity / 1024, picojoules(energy)]);

describe("the shipped tables hold the published numbers, in pJ", () => {
  test("Horowitz, ISSCC 2014, 45 nm", () => {
    const table = shipped("horowitz-45nm");
    const { int16, ...published } = operations(table);
    expect(published).toEqual({ int8: [0.2, 0.03], fp16: [1.1, 0.4], fp32: [3.7, 0.9] });
    // Not published; between 8 and 32 bit (0.2 and 3.1, 0.03 and 0.1) on the line that grows by the width's powers.
    expect(int16).toEqual([
      expect.closeTo(Math.sqrt(0.2 * 3.1), 3),
      expect.closeTo(Math.sqrt(0.03 * 0.1), 3),
    ]);
    expect(knots(table)).toEqual([
      [8, 10],
      [32, 20],
      [1024, 100],
    ]);
    // 64 bit from DRAM: 1300 to 2600.
    expect(dram(table, "ddr")).toBeCloseTo((1300 + 2600) / 2, 6);
    expect(table.dram.hbm).toBeUndefined();
  });

  test("Jouppi et al., ISCA 2021, table 2, 7 nm", () => {
    const table = shipped("jouppi-7nm");
    expect(operations(table)).toEqual({
      int8: [0.07, 0.007],
      bf16: [0.21, 0.11],
      fp16: [0.34, 0.16],
      fp32: [1.31, 0.38],
    });
    expect(knots(table)).toEqual([
      [8, 7.5],
      [32, 8.5],
      [1024, 14],
    ]);
    // 64 bit from DDR3/4: 1300; from HBM2: 250 to 450.
    expect(dram(table, "ddr")).toBeCloseTo(1300, 6);
    expect(dram(table, "hbm")).toBeCloseTo((250 + 450) / 2, 6);
  });
});

test("a MAC is a multiplication and an addition; a number format without a price has none", () => {
  expect(picojoules(macEnergy(shipped("horowitz-45nm"), "fp16"))).toBe(1.5);
  expect(picojoules(macEnergy(shipped("jouppi-7nm"), "int8"))).toBe(0.077);
  expect(macEnergy(shipped("horowitz-45nm"), "bf16")).toBeUndefined();
});

describe("SRAM", () => {
  const table = shipped("horowitz-45nm");
  const kibi = (size: number): number => sramEnergyPerByte(table, bytes(size * 1024)) * 8e12;

  test("costs at the knots what the table says for 64 bit, an eighth of it for a byte", () => {
    expect(kibi(8)).toBeCloseTo(10, 9);
    expect(kibi(32)).toBeCloseTo(20, 9);
    expect(kibi(1024)).toBeCloseTo(100, 9);
  });

  test("lies on a straight line in log-log between the knots", () => {
    // 16 KiB is the geometric middle of 8 and 32 KiB: sqrt(10 * 20).
    expect(kibi(16)).toBeCloseTo(14.142135623730951, 9);
    // From 32 KiB to 1 MiB are 5 doublings and a factor of 5: 64 KiB costs 20 * 5^(1/5).
    expect(kibi(64)).toBeCloseTo(20 * 1.3797296614612149, 9);
  });

  test("goes on along the outer lines beyond the knots", () => {
    // Four times the capacity costs twice as much below; 32 times costs 5 times as much above.
    expect(kibi(2)).toBeCloseTo(5, 9);
    expect(kibi(32 * 1024)).toBeCloseTo(500, 9);
  });

  test("costs the same at any size where a table has one knot only", () => {
    const flat = { ...table, sram: [{ capacity: bytes(8192), energy: joules(8e-12) }] };
    for (const size of [1, 8192, 2 ** 30]) expect(sramEnergyPerByte(flat, size)).toBe(1e-12);
  });
});
