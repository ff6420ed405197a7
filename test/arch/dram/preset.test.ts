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
    "tRAS 10 is less than tRCDWR 12: a row must stay open until it can be written",
    "tFAW 2 is less than tRRD_S 4: the window must hold four activates",
    "tCCD_L 1 is less than tCCD_S 2",
    "2 stacks need tCCD_R, the column spacing between stacks",
    "organization.rows 1000 is not a power of two, so no address bits select it",
  ]);
});

test("a timing that is missing is named, with what it is", () => {
  const { tFAW: _, ...timing } = presetNamed("hbm2-2000").timing;
  const read = memoryPreset.safeParse({ ...presetNamed("hbm2-2000"), timing });
  expect(read.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
    "timing.tFAW: window of four activates: a whole number of clocks, which every data sheet prints",
  ]);
});

test("a mapping that leaves out the rank is an error of a preset with two ranks", () => {
  const preset = { ...presetNamed("ddr4-3200-2rank-dramsim3"), mapping: "ro ba co bg" };
  expect(presetProblems(preset)).toEqual([
    'mapping "ro ba co bg" does not cover the address: ra (1 bits) is missing',
  ]);
});

test("a clock in nanoseconds, a slow precharge of one bank and a near stack are told", () => {
  const sound = presetNamed("hbm3-6400");
  const broken = {
    ...sound,
    tCK: 0.625,
    timing: { ...sound.timing, tCCD_R: 1, tRPab: 1, tRCDWR: sound.timing.tRAS + 1 },
  };
  expect(presetProblems(broken)).toEqual([
    `tRAS ${sound.timing.tRAS} is less than tRCDWR ${sound.timing.tRAS + 1}: a row must stay open until it can be written`,
    "tCK 0.625 ps is a clock of 1600 GHz: data sheets print tCK in ns, here it is in ps",
    `tRPab 1 is less than tRP ${sound.timing.tRP}: all banks close no faster than one`,
    `tCCD_R 1 is less than tCCD_S ${sound.timing.tCCD_S}: another stack is no nearer than another group`,
  ]);
});

test("an address of more than 31 bits is an error, not a wrapped address", () => {
  const sound = presetNamed("hbm2-2000");
  const vast = { ...sound, organization: { ...sound.organization, rows: 2 ** 24 } };
  // 24 row bits, 2 + 2 of the banks, 5 of the columns
  expect(presetProblems(vast)).toEqual([
    'mapping "ro ra ba co bg" covers 33 bits of transactions; at most 31 are modelled',
  ]);
});
