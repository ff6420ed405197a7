import { expect, test } from "vitest";
import { runSuite, type SuiteResult } from "../../../src/arch/dram/suite.ts";
import { dram } from "../../../src/validation/dram.ts";
import { library } from "../../library.ts";
import { referencePresets, rowsOf } from "./rows.ts";

const presets = referencePresets();
/** Every so many rows of a table; `every-row.ts` runs them all. */
const sample = (file: string, every: number): readonly SuiteResult[] =>
  runSuite(
    rowsOf(file).filter((_, index) => index % every === 3),
    presets,
  );
const errors = (results: readonly SuiteResult[], measure: SuiteResult["measure"]): number[] =>
  results.filter((result) => result.measure === measure).map(({ error }) => Math.abs(error));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test.each(["ddr4", "hbm2", "hbm3", "lpddr5"])(
  "Ramulator 2.1 on %s is reproduced to the clock",
  (standard) => {
    const results = sample(`ramulator2_${standard}.csv`, 23);
    // The table rounds to four digits behind the point, its own bandwidth to one clock in the window.
    expect(Math.max(...errors(results, "bandwidth"))).toBeLessThan(0.005);
    expect(mean(errors(results, "bandwidth"))).toBeLessThan(0.0005);
    expect(mean(errors(results, "read latency"))).toBeLessThan(0.0005);
  },
);

test.each(["ddr4", "hbm2", "lpddr4"])(
  "DRAMsim3 on %s is reproduced within three per cent in the mean, its energy too",
  (standard) => {
    const results = sample(`dramsim3_${standard}.csv`, 43);
    expect(mean(errors(results, "bandwidth"))).toBeLessThan(0.03);
    expect(mean(errors(results, "read latency"))).toBeLessThan(0.05);
    expect(mean(errors(results, "energy"))).toBeLessThan(0.01);
    for (const part of ["activate", "read", "write", "refresh", "background"] as const)
      expect(mean(errors(results, `${part} energy`)), part).toBeLessThan(0.01);
  },
);

test("several channels are reproduced within 3 % in the mean", () => {
  const results = runSuite(
    rowsOf("multichannel.csv").filter(({ channels, pattern }) => channels === "2" && pattern !== "rand"),
    presets,
  );
  expect(mean(errors(results, "bandwidth"))).toBeLessThan(0.03);
});

test("a row of an unknown preset or pattern is an error that names the known ones", () => {
  expect(() => runSuite([{ preset_id: "R_HBM9", pattern: "seq_rd" }], presets)).toThrow(/R_HBM9.*known are/);
  expect(() => runSuite([{ preset_id: "R_HBM3_6401", pattern: "seq_rd" }], presets)).toThrow(
    /did you mean "R_HBM3_6400"\?$/,
  );
  expect(() => runSuite([{ preset_id: "R_DDR4_2400", pattern: "spiral", requests: "10" }], presets)).toThrow(
    /spiral.*known are seq/,
  );
});

test("a row may name any preset that ships, or a file", () => {
  const row = { simulator: "Ramulator2.1", pattern: "seq_rd", requests: "1000", achieved_GBps: "1" };
  const ours = (preset_id: string): readonly number[] =>
    dram.run({ ...row, preset_id }, library).map((each) => each.ours);
  expect(ours("ddr4-3200")).toEqual(ours("R_DDR4_3200"));
  expect(ours("configs/memory/ddr4-3200.yaml")).toEqual(ours("R_DDR4_3200"));
  expect(ours("hbm4-8000")).toHaveLength(1);
});

test("a cell that no run can have is an error that says what belongs there", () => {
  const row = { preset_id: "R_DDR4_2400", mapping: "m2", pattern: "rand_rd", requests: "100" };
  const reason = (cells: Readonly<Record<string, string>>) => () => runSuite([{ ...row, ...cells }], presets);
  expect(reason({ mapping: "m6" })).toThrow(/"m6" is unknown; known are m1, m2/);
  expect(reason({ requests: "many" })).toThrow(/requests is a whole number from 1, found "many"/);
  expect(reason({ max_outstanding: "0" })).toThrow(/max_outstanding is a whole number from 1/);
  expect(reason({ write_pct: "120" })).toThrow(/write_pct is a share in per cent, from 0 to 100/);
  expect(reason({ pattern: "load_rand", offered_load: "0" })).toThrow(/offered_load is a share of the peak/);
  expect(reason({ pattern: "chunk_rd", param: "48" })).toThrow(/chunks of 48 B; one transaction is 64 B/);
  expect(reason({ channels: "3", mapping_msb_to_lsb: "ro ra ba co bg ch" })).toThrow(/3 channels are not/);
});
