import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type MachineResources,
  machineResources,
  resourceMisfits,
} from "../../src/area/machine-resources.ts";
import { resourceNames } from "../../src/area/resources.ts";
import { configReader } from "../../src/config/config-reader.ts";
import { readMachineOnDevice } from "../../src/config/fpga.ts";
import { simulate } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library, planned, reportOf } from "../library.ts";

const read = configReader(library);

/** @throws Error with the problems of the configs */
function resourcesOf(hardware: string, set: readonly string[] = [], device?: string): MachineResources {
  const found = readMachineOnDevice(read, hardware, { set, ...(device === undefined ? {} : { device }) });
  if (!found.ok) throw new Error(formatProblems(found.problems));
  return machineResources(found.value.machine.hardware, found.value.machine.fpga);
}

describe("from structure alone", () => {
  test("FABNet BE-40 has a slice for each of 640 multipliers, and none for adders of logic", () => {
    expect(resourcesOf("fabnet-vcu128-be40").total.dsp).toBe(40 * 4 * 4);
  });

  test("its RAMs: 40 engines x 16 RAMs and 32 of weights, half a block each", () => {
    expect(resourcesOf("fabnet-vcu128-be40").total.bram).toBe((40 * 16 + 32) / 2);
  });

  test("DFX's matrix unit: 16 lanes of 64 multipliers and 64 adders of two slices, and a scalar unit of both", () => {
    const matrix = resourcesOf("dfx-u280").components.find(({ component }) => component === "matrix");
    expect(matrix?.dsp).toBe(16 * (64 + 2 * 64) + 16 * (1 + 2));
  });

  test("adders of logic take no slices, and more logic than adders with slices", () => {
    const [logic, full] = ["logic", "full"].map(
      (style) => resourcesOf("dfx-u280", [`fpga.adders=${style}`]).total,
    );
    expect(logic?.dsp).toBeLessThan(full?.dsp ?? 0);
    expect(logic?.lut).toBeGreaterThan(full?.lut ?? 0);
  });

  test("DFX's registers in block RAM instead of UltraRAM: 1024 x 29952 in halves of 18 x 1024 are 57 wide and 30 deep", () => {
    const registers = resourcesOf("dfx-u280", ["fpga.ultra=[]"]).components.find(
      ({ component }) => component === "registers",
    );
    expect(registers).toMatchObject({ uram: 0, bram: (57 * 30) / 2 });
  });

  test("what has no cost is named and not counted", () => {
    const { uncosted, total } = resourcesOf("fabnet-vcu128-be40", ["units.engine.precision=bf16"]);
    expect(uncosted).toEqual(["engine: bf16 multiply", "engine: bf16 add"]);
    expect(total.dsp).toBe(0);
  });
});

describe("laws", () => {
  const size = fc.integer({ min: 1, max: 128 });
  const grows = (hardware: string, path: string) => (few: number, more: number) => {
    const [small, large] = [few, few + more].map((n) => resourcesOf(hardware, [`${path}=${n}`]).total);
    for (const name of resourceNames) expect(small?.[name]).toBeLessThanOrEqual(large?.[name] ?? 0);
  };

  test.each([
    ["dfx-u280", "units.matrix.lanes"],
    ["dfx-u280", "units.matrix.width"],
    ["dfx-u280", "units.vector.lanes"],
    ["dfx-u280", "units.hbm.channels"],
    ["fabnet-vcu128-be40", "units.engine.engines"],
    ["fabnet-vcu128-be40", "units.engine.bankDepth"],
    ["fabnet-vcu128-be96-attention", "units.queryKey.lanes"],
  ])("more of %s %s never takes less of anything", (hardware, path) => {
    fc.assert(fc.property(size, size, grows(hardware, path)), { numRuns: 15 });
  });

  test("every shipped machine can be put on a U280, and its components sum up", () => {
    for (const hardware of library.names("hardware")) {
      const { components, total } = resourcesOf(hardware, [], "u280");
      for (const name of resourceNames)
        expect(components.reduce((sum, each) => sum + each[name], 0)).toBeCloseTo(total[name], 6);
      expect(total.lut).toBeGreaterThan(0);
    }
  });
});

describe("devices", () => {
  test.each([
    ["u280", 1303680, 9024, 2016, 960],
    ["vcu128", 1303680, 9024, 2016, 960],
    ["u50", 871680, 5952, 1344, 640],
    ["kv260", 117120, 1248, 144, 64],
  ])("%s has what its data sheet says", (device, lut, dsp, bram, uram) => {
    expect(resourcesOf("fabnet-vcu128-be40", [], device).capacity).toEqual({
      ...{ lut, ff: 2 * lut, dsp, bram, uram },
    });
  });

  test("a CLB of every AMD device has two flip-flops a look-up table", () => {
    for (const name of library.names("device").filter((each) => !each.startsWith("arria"))) {
      const found = read.device({ name, at: { file: name, line: 1, column: 1 } }, []);
      if (!found.ok) throw new Error(formatProblems(found.problems));
      expect(found.value.capacity.ff).toBe(2 * found.value.capacity.lut);
    }
  });

  test("a device of which only capacities are known is refused", () => {
    const text =
      "{ name: bare, source: none, part: none, capacity: { lut: 8, ff: 16, dsp: 1, bram: 1, uram: 0, source: none, sure: read } }";
    const find: typeof library.find = (family, name, from) =>
      name === "bare" ? { file: "bare.yaml", text } : library.find(family, name, from);
    const found = readMachineOnDevice(configReader({ ...library, find }), "fabnet-vcu128-be40", {
      device: "bare",
    });
    if (found.ok) throw new Error("a device without a fabric was taken");
    expect(formatProblems(found.problems)).toContain(
      '--device bare hardware.fpga.device: expected a device with a table of its fabric, found "bare", of which only capacities are known',
    );
  });

  test("every shipped device has a fabric, which knows all operators of FABNet", () => {
    for (const device of library.names("device")) {
      const { total, uncosted } = resourcesOf("fabnet-vcu128-be40", [], device);
      expect(total.dsp).toBe(device.startsWith("arria") ? 320 : 640);
      expect(uncosted).toEqual([]);
    }
  });

  test("a machine without a device needs one", () => {
    expect(() => resourcesOf("gemmini")).toThrow(
      "fpga.device: expected the FPGA of the machine, or --device",
    );
  });
});

describe("in a run", () => {
  test("a design that its device cannot hold is unfit, with the arithmetic", () => {
    const result = simulate(planned("fabnet-vcu128-be40", "fabnet-base", ["fpga.device=kv260"]));
    expect(result).toMatchObject({
      status: "unfit",
      misfits: [
        {
          what: "LUT of kv260",
          arithmetic: expect.stringMatching(/^engine 327536 \+ .* = 358000 > 117120$/),
        },
        { what: "FF of kv260", arithmetic: expect.stringMatching(/ = 536000 > 234240$/) },
        { what: "BRAM of kv260", arithmetic: "engine 336 = 336 > 144" },
      ],
    });
  });

  test("the report has resources of machines that name a device, and of no others", () => {
    expect(reportOf("fabnet-vcu128-be40", "fabnet-base").resources?.total.dsp).toBe(640);
    expect(reportOf("fabnet-vcu128-be128", "fabnet-base").resources).toBeUndefined();
  });

  test("nothing is too much for a device that has as much", () => {
    const resources = resourcesOf("fabnet-vcu128-be40");
    expect(resourceMisfits({ ...resources, capacity: resources.total })).toEqual([]);
  });
});
