import { expect, test } from "vitest";
import { planSingle } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library } from "../library.ts";

const model = JSON.stringify({
  model_type: "gpt2",
  n_embd: 64,
  n_head: 4,
  n_layer: 2,
  n_positions: 128,
  vocab_size: 1000,
  activation_function: "gelu_new",
  torch_dtype: "float16",
});

const withFile = (text: string) => ({
  ...library,
  find: (family: Parameters<typeof library.find>[0], name: string, from?: string) =>
    name === "tiny/config.json" ? { file: name, text } : library.find(family, name, from),
});

test("a Hugging Face config.json is a workload once the tokens are set", () => {
  const set = ["inputTokens=8", "outputTokens=2", "devices=2"];
  const plan = planSingle("dfx-u280", "tiny/config.json", withFile(model), { set });
  const workload = plan.ok ? plan.value.runs[0]?.workload : undefined;
  expect(workload).toMatchObject({ name: "config", source: "tiny/config.json", precision: "fp16" });
  expect(workload?.task).toMatchObject({ kind: "generation", batch: 1, inputTokens: 8, outputTokens: 2 });
});

test("what it does not say and nobody sets is missed, not guessed", () => {
  const plan = planSingle(
    "dfx-u280",
    "tiny/config.json",
    withFile(model.replace("float16", "unheard-of")),
    {},
  );
  expect(plan.ok ? "" : formatProblems(plan.problems)).toContain(
    "tiny/config.json:1:1 precision: expected one of",
  );
});
