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
