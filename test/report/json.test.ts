import { expect, test } from "vitest";
import { renderJson } from "../../src/report/json.ts";
import { readResults } from "../../src/report/results.ts";
import { reportOf } from "../library.ts";
import { done, unfit } from "./report.ts";

test("results are a list under the experiment's name, each with a report or a reason", () => {
  const printed = JSON.parse(renderJson("two", [done, unfit]));
  expect(Object.keys(printed)).toEqual(["schemaVersion", "experiment", "runs"]);
  expect(printed.runs.map((run: object) => Object.keys(run))).toEqual([
    ["name", "parameters", "status", "report"],
    ["name", "parameters", "status", "reason", "misfits"],
  ]);
});

test("a whole report survives JSON", () => {
  const report = reportOf("dfx-u280", "gpt2", ["devices=1"]);
  const run = { name: "run", parameters: {}, result: { status: "done", report } } as const;
  expect(JSON.parse(renderJson("one", [run])).runs[0].report).toEqual(report);
});

test("results read back are the results, with their places on a curve", () => {
  const curve = {
    along: "gigabytesPerSecond",
    speedup: 1.9,
    ofFastest: 0.5,
    marginalReturn: 4.8,
    saturated: false,
  };
  const point = { ...done, curve };
  const read = readResults(renderJson("curve", [point, unfit]), "results.json");
  expect(read).toEqual({ ok: true, value: { experiment: "curve", runs: [point, unfit] } });
});

test("what JSON cannot hold is refused by name", () => {
  const broken = { ...done, parameters: { speed: Number.NaN } };
  expect(() => renderJson("broken", [broken])).toThrow('"speed" is NaN');
});
