import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { butterflyRtl } from "../../src/validation/butterfly-rtl.ts";
import { fabnetAuthorsModel } from "../../src/validation/fabnet-authors-model.ts";
import { fabnetFig19 } from "../../src/validation/fabnet-fig19.ts";
import { fabnetMacBaseline } from "../../src/validation/fabnet-mac-baseline.ts";
import { fabnetReduction } from "../../src/validation/fabnet-reduction.ts";
import { type Row, runSuite, type Suite } from "../../src/validation/suite.ts";
import { library, reportOf } from "../library.ts";

const rowsOf = (suite: Suite): Row[] =>
  suite.tables.flatMap((table) => csvParse(readFileSync(table, "utf8")).map((row) => ({ ...row })));

const results = (suite: Suite) => runSuite(suite, rowsOf(suite), library);

test("the RTL: every phase and latency exact, every interval", () => {
  const result = results(butterflyRtl);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(60 * 7 + 22);
  expect(result.summary.maxError).toBe(0);
  expect(result.pass).toBe(true);
});

describe("the authors' model", () => {
  test("every row, to the cycle, op by op", () => {
    const result = results(fabnetAuthorsModel);
    expect(result.failures).toEqual([]);
    expect(result.rows).toHaveLength(78 * 6);
    expect(result.pass).toBe(true);
    for (const { label, quantity, error } of result.rows)
      expect(Math.abs(error), `${quantity} ${label}`).toBeLessThan(1e-9);
  });

  test("sizes that its table does not have: long sequences, other units an engine, odd ports", () => {
    // The published formulas, worked out by a program that shares nothing with ours.
    const rows =
      csvParse(`config,version,seq_len,be,bu,in_bw_bits_per_cycle,coef_bw_bits_per_cycle,out_bw_bits_per_cycle,\
fft1_cycles,fft2_cycles,bfly_up_cycles,bfly_down_cycles,layers,total_cycles,latency_ms_at200MHz_eff0.85
VCU128,base,8192,64,4,2048,256,2048,325120,325120,655360,786432,12,25104384,147.67284705882355
VCU128,large,777,48,2,1152,543,3808,61440,62816,172800,202752,6,2998848,17.640282352941178
Zynq,base,300,20,8,96,100,64,137174,104538,301014,285041,1,827767,4.869217647058824
VCU128,large,128,128,16,4096,2048,512,1344,1344,9536,5632,24,428544,2.5208470588235294`);
    const result = runSuite(
      fabnetAuthorsModel,
      rows.map((row) => ({ ...row })),
      library,
    );
    expect(result.failures).toEqual([]);
    expect(result.rows).toHaveLength(4 * 6);
    for (const { label, quantity, error } of result.rows)
      expect(Math.abs(error), `${quantity} ${label}`).toBeLessThan(1e-9);
  });

  test("LRA-Image on BE-40 takes the 2.39 ms of the paper", () => {
    const ports = ["hardware.units.coefficients.channels=8"];
    const { totals } = reportOf("fabnet-vcu128-be40-evaluated", "fabnet-lra-image", ports);
    expect(Math.abs(totals.latencySeconds / 2.39e-3 - 1)).toBeLessThan(0.03);
  });
});

test.each([fabnetMacBaseline, fabnetFig19])("$name: every row within 5 %", (suite) => {
  const result = results(suite);
  expect(result.failures).toEqual([]);
  expect(result.pass).toBe(true);
  expect(result.summary.maxError).toBeLessThan(0.05);
  expect(result.summary.meanError).toBeLessThan(0.005);
});

test("operations and sizes of figure 17: every count and every ratio", () => {
  const result = results(fabnetReduction);
  expect(result.failures).toEqual([]);
  expect(result.rows).toHaveLength(5 * 6);
  expect(result.pass).toBe(true);
});
