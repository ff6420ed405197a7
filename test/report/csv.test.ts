import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";
import { renderCsv } from "../../src/report/csv.ts";
import { done, unfit } from "./report.ts";

const fixed = [
  ...["experiment", "run", "status", "reason", "phase", "block", "op", "kind"],
  ...["latencySeconds", "latencyCycles", "share", "macs", "utilization", "energyJoules"],
  ...["boundByUnit", "boundByLimit", "boundByShare"],
];

test("there is a row for each op of each phase, and one for a run that does not fit", () => {
  const rows = csvParse(renderCsv("small ones", [done, unfit]));
  expect(rows.columns).toEqual([
    ...fixed,
    "bytes.hbm",
    "parameters.hardware",
    "parameters.workload.inputTokens",
  ]);
  expect(rows.map(({ run, status, phase, op }) => [run, status, phase, op])).toEqual([
    ["small", "done", "prefill", "layer.query"],
    ["small", "done", "decode", "layer.query"],
    ["small", "done", "decode", "layer.sum"],
    ["small", "done", "decode", "layer.store"],
    ["large, and too large", "unfit", "", ""],
  ]);
  expect(rows[1]).toMatchObject({
    latencySeconds: "0.5",
    boundByUnit: "hbm.read",
    "bytes.hbm": "2000000000",
  });
  expect(rows[4]?.["reason"]).toBe("weights: 13.3 GB > 8 GB");
});

test("the fixed columns stand there even when no run fits", () => {
  expect(csvParse(renderCsv("none", [unfit])).columns).toEqual([...fixed, "parameters.hardware"]);
});
