import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { plan, planOf } from "../../src/node/plan.ts";

test("a script plans a run by names, and an experiment by name or file", () => {
  const result = simulate(
    plan("dfx-u280", "gpt2", { set: ["devices=1", "inputTokens=2", "outputTokens=1"] }),
  );
  expect(result.status).toBe("done");
  const [byName, byFile] = [planOf("dfx-gpt2-latency"), planOf("experiments/dfx-gpt2-latency.yaml")];
  expect(byName.runs.map(({ name }) => name)).toEqual(byFile.runs.map(({ name }) => name));
  expect(byName.runs.length).toBeGreaterThan(1);
});

test("mistakes are thrown, all in one error", () => {
  const wrong = () => plan("dfx-u280", "gpt2", { set: ["devices=0", "units.hbm.width=8"] });
  expect(wrong).toThrow(/devices=0: expected .*\n.*width=8: expected /);
  expect(() => planOf("nothing")).toThrow('"nothing" is neither a file nor one of');
});
