import { expect, test } from "vitest";
import { runSuite, type SuiteResult } from "../../../src/arch/dram/suite.ts";
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
  expect(() => runSuite([{ preset_id: "R_DDR4_2400", pattern: "spiral", requests: "10" }], presets)).toThrow(
    /spiral.*known are seq/,
  );
});
