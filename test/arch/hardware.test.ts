import { expect, test } from "vitest";
import { hardwareFields, resolveHardware } from "../../src/arch/hardware.ts";
import { isKind } from "../../src/arch/index.ts";

const document = {
  name: "card",
  source: "a pencil",
  clock: "200 MHz",
  devices: 2,
  sequencer: { depth: 4, issue: "10 cycles" },
  units: {
    slow: { kind: "dma", straight: 64, transposed: 1, setup: "4 cycles" },
    fast: { kind: "dma", clock: "300 MHz", straight: 64, transposed: 1, setup: "4 cycles" },
  },
  energy: { table: "horowitz-45nm", staticPower: "25 W" },
};
const hardware = resolveHardware(hardwareFields.parse(document));

test("all units count in one tick, each at its own clock", () => {
  // 200 and 300 MHz: 600 MHz; a cycle is 3 ticks or 2.
  expect(hardware.tickRate).toBe(600e6);
  expect(hardware.clock).toBe(200e6);
  expect(hardware.units["slow"]?.spec).toMatchObject({ setup: 12, ticksPerCycle: 3 });
  expect(hardware.units["fast"]?.spec).toMatchObject({ setup: 8, ticksPerCycle: 2 });
  expect(hardware.sequencer).toEqual({ depth: 4, issue: 30 });
});

test("what it is besides its units is kept", () => {
  expect(hardware).toMatchObject({
    name: "card",
    source: "a pencil",
    devices: 2,
    energy: { table: "horowitz-45nm", staticPower: 25 },
  });
});

test("it is plain data", () => {
  expect(JSON.parse(JSON.stringify(hardware))).toEqual(hardware);
});

test("a unit is asked for its kind before its spec is used", () => {
  const { slow } = hardware.units;
  expect(isKind(slow, "dma") && slow.spec.elementsPerCycle).toEqual({ straight: 64, transposed: 1 });
  expect(isKind(slow, "hbm")).toBe(false);
  expect(isKind(undefined, "dma")).toBe(false);
});

test("an unknown kind of unit is no machine", () => {
  const units = { core: { kind: "quantum" } };
  expect(hardwareFields.safeParse({ ...document, units }).success).toBe(false);
});
