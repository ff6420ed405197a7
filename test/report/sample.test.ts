import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { inputText, oneOf, rateText } from "../../src/report/sample.ts";
import { planned } from "../library.ts";

function totalsOf(...run: Parameters<typeof planned>) {
  const result = simulate(planned(...run));
  if (result.status !== "done") throw new Error(result.reason);
  return result.report.totals;
}

test("a network for images takes samples, an encoder tokens in sequences, a decoder tokens in and out", () => {
  const images = totalsOf("tpu-v1", "alexnet", ["workload.batch=2"]);
  expect(inputText(images)).toBe("2 samples");
  expect(oneOf(images)).toBe("sample");
  expect(rateText(images)).not.toContain("tokens");
  const encoder = totalsOf("sta-fpga", "bert-base");
  expect(inputText(encoder)).toBe("128 tokens in, 0 out");
  expect(rateText(encoder)).toMatch(/^[\d.]+ inferences\/s, [\d.]+ tokens\/s$/);
  const decoder = totalsOf("dfx-u280", "gpt2", ["workload.inputTokens=3", "workload.outputTokens=2"]);
  expect(inputText(decoder)).toBe("3 tokens in, 2 out");
  expect(oneOf(decoder)).toBe("token");
  expect(rateText(decoder)).toMatch(/^[\d.]+ tokens\/s$/);
});
