import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { macroArea } from "../../src/area/memory-macro.ts";
import { type SiliconArea, siliconArea } from "../../src/area/silicon-area.ts";
import { configReader } from "../../src/config/config-reader.ts";
import { readMachineInSilicon } from "../../src/config/silicon.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library, reportOf } from "../library.ts";

const read = configReader(library);

function inSilicon(hardware: string, set: readonly string[] = []) {
  const found = readMachineInSilicon(read, hardware, set);
  if (found === undefined) throw new Error(`${hardware} names no node`);
  return found;
}

/** @throws Error with the problems of the configs */
function areaOf(hardware: string, set: readonly string[] = []): SiliconArea {
  const found = inSilicon(hardware, set);
  if (!found.ok) throw new Error(formatProblems(found.problems));
  return siliconArea(found.value.machine.hardware, found.value.machine.silicon);
}

const mm2Of = (area: SiliconArea, component: string): number | undefined =>
  area.components.find((each) => each.component === component)?.mm2;

test("a value of a workload is no value of a machine in silicon", () => {
  const found = inSilicon("tpu-v1", ["workload.inputTokens=3"]);
  expect(found.ok ? [] : found.problems.map(({ expected }) => expected)).toEqual(["a value of the machine"]);
});

describe("by pencil", () => {
  // 282 + 137 um2 of arithmetic and (8 + 8 + 8 + 32) bits of 5.45 um2 are 724.2 um2; over 0.7, times 0.368, 65536 of them.
  test("TPU v1's array at 28 nm: 65536 PEs of 381 um2", () => {
    expect(mm2Of(areaOf("tpu-v1"), "array")).toBeCloseTo(24.951, 3);
  });

  // 33554432 bit are 420.1 macros of 79872 bit and 45478.8 um2, times 0.4295.
  test("its accumulators of 4 MiB: 8.2 mm2 of macros", () => {
    expect(mm2Of(areaOf("tpu-v1"), "results")).toBeCloseTo(8.206, 3);
  });

  // A PE: 993 + 137 um2 and 64 + 192 + 384 bits of registers; its filter memory of 3584 bit is a macro.
  test("Eyeriss's PEs at 65 nm: pads below the smallest macro are registers", () => {
    const logic = (((993 + 137 + 640 * 5.45) / 0.7) * 1.5 * 168) / 1e6;
    expect(areaOf("eyeriss-mapped").components[0]?.logicMm2).toBeCloseTo(logic, 6);
  });
});

describe("memories", () => {
  const macros = [
    { bits: 448, area: 387.296 },
    { bits: 4096, area: 3155.026 },
    { bits: 32768, area: 17301.438 },
  ];

  test("that the table has come out, in between lies between, and above they are several", () => {
    for (const { bits, area } of macros) expect(macroArea(macros, bits)).toBeCloseTo(area, 6);
    expect(macroArea(macros, Math.sqrt(448 * 4096))).toBeCloseTo(Math.sqrt(387.296 * 3155.026), 6);
    expect(macroArea(macros, 3 * 32768)).toBeCloseTo(3 * 17301.438, 6);
  });

  test("are larger with more bits", () => {
    const bits = fc.integer({ min: 448, max: 1e6 });
    fc.assert(
      fc.property(bits, bits, (a, b) => a >= b || macroArea(macros, a) < macroArea(macros, b)),
      { numRuns: 300 },
    );
  });
});

test("a smaller node is smaller, in logic and in memory", () => {
  const nodes = [65, 45, 28, 22, 16, 14, 10, 7].map((node) => areaOf("gemmini", [`silicon.node=${node} nm`]));
  const shrinking = (amounts: readonly (number | undefined)[]) =>
    amounts.every((amount, at) => at === 0 || (amount ?? 0) < (amounts[at - 1] ?? 0));
  expect(shrinking(nodes.map((area) => mm2Of(area, "array")))).toBe(true);
  expect(shrinking(nodes.map((area) => mm2Of(area, "results")))).toBe(true);
});

const anyMachine = (hardware: string, set: readonly string[] = []) =>
  areaOf(hardware, ["silicon.table=cmos", "silicon.node=28 nm", ...set]);

test.each(["dfx-u280", "fabnet-vcu128-be96-attention", "sta-fpga", "sta-dense", "eyeriss-like-mapped"])(
  "%s, in silicon: components sum up, and each is logic and memory",
  (hardware) => {
    const { components, mm2 } = anyMachine(hardware);
    expect(components.reduce((sum, each) => sum + each.mm2, 0)).toBeCloseTo(mm2, 9);
    for (const { logicMm2, memoryMm2, mm2 } of components) expect(logicMm2 + memoryMm2).toBeCloseTo(mm2, 9);
    expect(mm2).toBeGreaterThan(0);
  },
);

// 1024 + 16 multipliers and as many adders of fp16; three operands of 16 bit and a sum in registers; tables of 1024 x 16 bit.
test("DFX's MAC trees, by pencil", () => {
  const matrix = anyMachine("dfx-u280").components.find(({ component }) => component === "matrix");
  const logic = (1040 * (1640 + 1360 + 64 * 5.45)) / 0.7;
  expect(matrix?.logicMm2).toBeCloseTo((logic * 0.368) / 1e6, 9);
  const table = 3155.026 * (17301.438 / 3155.026) ** (Math.log(4) / Math.log(8));
  expect(matrix?.memoryMm2).toBeCloseTo((16 * table * 0.4295) / 1e6, 9);
});

// Four multipliers and six adders a butterfly unit, ten numbers in registers; 8 RAMs of 512 x 16 bit in each of two banks, and 32 for weights.
test("FABNet's engines, by pencil", () => {
  const engine = anyMachine("fabnet-vcu128-be40").components.find(({ component }) => component === "engine");
  const unit = (4 * 1640 + 6 * 1360 + 160 * 5.45) / 0.7;
  expect(engine?.logicMm2).toBeCloseTo((160 * unit * 0.368) / 1e6, 9);
  const ram = (bits: number) => 3155.026 * (17301.438 / 3155.026) ** (Math.log(bits / 4096) / Math.log(8));
  expect(engine?.memoryMm2).toBeCloseTo(((40 * 16 * ram(8192) + 32 * ram(16384)) * 0.4295) / 1e6, 9);
});

test("what the table has no area for is named and not counted", () => {
  const { unpriced, components } = areaOf("gemmini", ["units.array.precision=bf16"]);
  expect(unpriced).toContain("array: bf16 multiply");
  expect(unpriced).toContain("memory: interface");
  expect(components.find(({ component }) => component === "memory")?.mm2).toBe(0);
});

test("a node that the table lacks is told with those that it has", () => {
  const found = inSilicon("gemmini", ["silicon.node=23 nm"]);
  if (found.ok) throw new Error("23 nm was read");
  expect(formatProblems(found.problems)).toContain(
    'hardware.silicon.node: expected one of 65 nm, 45 nm, 28 nm, 22 nm, 16 nm, 14 nm, 10 nm, 7 nm, found "23 nm"',
  );
});

test("a report has the area of a machine that names its node", () => {
  expect(reportOf("gemmini", "alexnet").area).toEqual(areaOf("gemmini"));
});
