import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { renderTable } from "../../src/report/table.ts";
import { planned } from "../library.ts";

const result = (hardware: string) => ({
  name: hardware,
  parameters: {},
  result: simulate(planned(hardware, "fabnet-base")),
});

test("the table tells what a machine would get wrong, and how many runs it is about", () => {
  const runs = ["fabnet-vcu128-be128", "fabnet-vcu128-be128-evaluated"].map(result);
  const text = renderTable({ title: "t", source: "s" }, runs, { width: 200, paint: (_, line) => line });
  expect(text).toContain(
    "warning: butterfly of 1024 points: 1280 rows of weights, the weight buffer has 1024 a bank (1 of 2 runs)",
  );
});

test("an encoder's tokens a second are those it reads", () => {
  const { result: run } = result("fabnet-vcu128-be128");
  if (run.status === "unfit") throw new Error(run.reason);
  expect(run.report.totals.tokensPerSecond).toBeCloseTo(128 / run.report.totals.latencySeconds, 6);
});
