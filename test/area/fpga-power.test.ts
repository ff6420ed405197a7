import { expect, test } from "vitest";
import { fpgaPower } from "../../src/area/fpga-power.ts";
import { machineResources } from "../../src/area/machine-resources.ts";
import { configReader } from "../../src/config/config-reader.ts";
import { readMachineOnDevice } from "../../src/config/fpga.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library, reportOf } from "../library.ts";

function powerOf(hardware: string, activity?: number) {
  const found = readMachineOnDevice(configReader(library), hardware);
  if (!found.ok) throw new Error(formatProblems(found.problems));
  const { hardware: machine, fpga } = found.value.machine;
  const power = fpgaPower(
    machine,
    machineResources(machine, fpga),
    fpga,
    activity === undefined ? undefined : () => activity,
  );
  if (power === undefined) throw new Error("no power");
  return power;
}

test.each(["fabnet-vcu128-be40", "fabnet-vcu128-be120"])(
  "of %s over 70 %% of the power is dynamic and over a quarter of that is memory, as the paper says",
  (hardware) => {
    const { static: leak, memory, total } = powerOf(hardware);
    expect((total - leak) / total).toBeGreaterThan(0.7);
    expect(memory / (total - leak)).toBeGreaterThan(0.25);
  },
);

test("the parts sum to the total", () => {
  const { total, ...parts } = powerOf("dfx-u280");
  expect(Object.values(parts).reduce((sum, watts) => sum + watts, 0)).toBeCloseTo(total, 9);
});

test("an idle machine clocks and leaks, and no more", () => {
  const { clocking, static: leak, total, ...rest } = powerOf("dfx-u280", 0);
  expect(rest).toEqual({ logicAndSignal: 0, dsp: 0, memory: 0 });
  expect(total).toBeCloseTo(clocking + leak, 9);
});

test("a run draws at least what an idle machine does and at most what a busy one does", () => {
  const watts = reportOf("fabnet-vcu128-be40", "fabnet-base").resources?.powerWatts?.total ?? 0;
  expect(watts).toBeGreaterThan(powerOf("fabnet-vcu128-be40", 0).total);
  expect(watts).toBeLessThan(powerOf("fabnet-vcu128-be40").total);
});
