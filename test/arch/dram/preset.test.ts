import { expect, test } from "vitest";
import { memoryPreset, presetProblems } from "../../../src/arch/dram/preset.ts";
import { presetFiles, presetNamed } from "../../validation/dram/rows.ts";

test("every preset that ships is sound", () => {
  expect(presetFiles().length).toBeGreaterThanOrEqual(20);
  for (const file of presetFiles()) expect([file, presetProblems(presetNamed(file))]).toEqual([file, []]);
});

test("all that no data sheet would print is reported at once, with what it requires", () => {
  const sound = presetNamed("hbm2-2000");
  const broken = {
    ...sound,
    organization: { ...sound.organization, stacks: 2, rows: 1000 },
    timing: { ...sound.timing, tRAS: 10, tFAW: 2, tCCD_L: 1 },
  };
  expect(presetProblems(broken)).toEqual([
    "tRAS 10 is less than tRCDRD 14: a row must stay open until it can be read",
    "tFAW 2 is less than tRRD_S 4: the window must hold four activates",
    "tCCD_L 1 is less than tCCD_S 2",
    "2 stacks need tCCD_R, the column spacing between stacks",
    "organization.rows 1000 is not a power of two, so no address bits select it",
  ]);
});

test("a timing that is missing is named", () => {
  const { tFAW: _, ...timing } = presetNamed("hbm2-2000").timing;
  const read = memoryPreset.safeParse({ ...presetNamed("hbm2-2000"), timing });
  expect(read.error?.issues.map(({ path }) => path.join("."))).toEqual(["timing.tFAW"]);
});

test("a mapping that leaves out the rank is an error of a preset with two ranks", () => {
  const preset = { ...presetNamed("ddr4-3200-2rank-dramsim3"), mapping: "ro ba co bg" };
  expect(presetProblems(preset)).toEqual([
    'mapping "ro ba co bg" does not cover the address: ra (1 bits) is missing',
  ]);
});
