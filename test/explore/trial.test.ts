import { expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { measureProblems } from "../../src/explore/trial.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library } from "../library.ts";

const product = { "hardware.devices": [1, 2], "workload.inputTokens": [2, 3] };
const set = { "model.n_layer": 1, "workload.outputTokens": 1 };

function told(sweep: object, hardware: string | undefined = "dfx-u280"): string {
  const experiment = { name: "x", title: "x", source: "x", hardware, workload: "gpt2", set, sweep };
  const space = designSpace({ file: "space.yaml", text: JSON.stringify(experiment, null, 1) }, library);
  if (!space.ok) throw new Error(formatProblems(space.problems));
  return formatProblems(measureProblems(space.value));
}

test("objectives and limits that no run has are told together, each at its place, with what was meant", () => {
  const wrong = told({
    product,
    minimize: ["latencySeconds", "latencySecond"],
    maximize: ["phases.decod.latencySeconds"],
    limits: ["latencySeconds", "energyJoules <= watt"],
  });
  expect(wrong.split("\n").map((line) => line.replace(/^space\.yaml:\d+:\d+ (\S+): .*$/, "$1"))).toEqual([
    "sweep.minimize.1",
    "sweep.maximize.0",
    "sweep.limits.0",
    "sweep.limits.1",
  ]);
  expect(wrong).toContain('did you mean "latencySeconds"?');
});

test("totals, parameters, expressions and fields of the report are something", () => {
  const minimize = ["energyJoules * latencySeconds", "inputTokens / tokensPerSecond", "resources.total.dsp"];
  const limits = ["averagePowerWatts <= 5", "devices < 2"];
  expect(told({ product, minimize, limits })).toBe("");
});

test("what only some machines report is something, also where the first design has it not", () => {
  const sweep = { product: { hardware: ["tpu-v1", "dfx-u280"] }, minimize: ["resources.total.dsp"] };
  expect(told(sweep, undefined)).toBe("");
});

test("where nothing runs there is nothing to tell", () => {
  expect(told({ product: { "hardware.units.hbm.capacity": ["1 MB"] }, minimize: ["x"] })).toBe("");
});
