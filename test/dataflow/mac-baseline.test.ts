import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { planned } from "../library.ts";

const baseline = (workload: string) =>
  simulate(planned("fabnet-mac-baseline", workload, ["workload.precision=fp16"]));

test("the baseline runs encoders with attention and with Fourier transforms", () => {
  for (const encoder of ["bert-base", "fnet-base"]) expect(baseline(encoder).status, encoder).toBe("done");
});

test("other networks are refused by the ops that no encoder layer has", () => {
  const result = baseline("resnet-18");
  if (result.status !== "unfit") throw new Error("a network for images ran");
  expect(result.reason).toMatch(/block conv1 has convolution, .*; lacks query, key, value, scores,/);
});

test("each unit is told what it did itself: all 2048 multipliers share the dense products, scores and contexts have their own", () => {
  const result = baseline("bert-base");
  if (result.status !== "done") throw new Error("BERT did not run");
  const { report } = result;
  const [phase] = report.phases;
  // 12 layers of 128 tokens: 3 x 768 x 768 on `linear` alone; 768 x 768 and 2 x 768 x 3072 on all; 128 x 128 x 768 twice.
  const own = 12 * 128 * 3 * 768 * 768;
  const shared = 12 * 128 * (768 * 768 + 2 * 768 * 3072);
  const attention = 12 * 128 * 128 * 768;
  const cycles = 170e6 * report.totals.latencySeconds;
  const { linear, queryKey, scoreValue } = report.totals.utilization;
  expect(linear).toBeCloseTo((own + 0.75 * shared) / (24 * 64 * cycles), 9);
  expect(queryKey).toBeCloseTo((attention + 0.125 * shared) / (8 * 32 * cycles), 9);
  expect(scoreValue).toBe(queryKey);
  expect(phase?.utilization).toBeCloseTo((own + shared + 2 * attention) / (2048 * cycles), 9);
  // Hidden behind others: 128 x 128 x 64 x 12 heads in two groups of 8 lanes, three quarters of them used.
  const scores = report.ops.find(({ op }) => op === "attention.scores");
  expect(scores?.utilization).toBeCloseTo(0.75, 9);
});
