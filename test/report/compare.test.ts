/** Runs side by side: the parts of a difference are the difference, and the configs say what was changed. */
import { expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { plan } from "../../src/node/plan.ts";
import type { DoneRun } from "../../src/report/chart/chart.ts";
import { noPaint } from "../../src/report/columns.ts";
import { compare } from "../../src/report/compare/compare.ts";
import { comparisonSections } from "../../src/report/compare/sections.ts";
import { sectionText } from "../../src/report/view/text.ts";

function run(name: string, set: readonly string[]): DoneRun {
  const small = ["devices=1", "inputTokens=4", "outputTokens=4"];
  const result = simulate(plan("dfx-u280", "gpt2", { set: [...small, ...set] }));
  if (result.status !== "done") throw new Error(result.reason);
  return { name, parameters: {}, report: result.report };
}

const base = run("base", []);
const narrow = run("half the channels", ["hardware.units.hbm.channels=16"]);
const longer = run("twice the tokens", ["outputTokens=12"]);
const comparison = compare([base, narrow, longer]);
const latency = ({ report }: DoneRun): number => report.totals.latencySeconds;

test("the reasons of a difference sum to the difference of the latencies", () => {
  expect(comparison.against).toHaveLength(2);
  for (const { run, reasons } of comparison.against) {
    const sum = reasons.reduce((all, { seconds }) => all + seconds, 0);
    expect(sum / (latency(run) - latency(base))).toBeCloseTo(1, 9);
  }
});

test("ops and kinds sum to the latency of each run", () => {
  for (const parts of [comparison.ops, comparison.kinds])
    for (const [index, run] of comparison.runs.entries())
      expect(parts.reduce((sum, { seconds }) => sum + (seconds[index] ?? 0), 0) / latency(run)).toBeCloseTo(
        1,
        9,
      );
});

test("half the channels show in the configs, and as the rate of the memory under the same work", () => {
  const [against] = comparison.against;
  expect(against?.config).toEqual([{ path: "hardware.units.hbm.channels", before: "32", after: "16" }]);
  expect(against?.reasons[0]).toMatchObject({ cause: "hbm.read rate" });
  expect(against?.reasons[0]?.because).not.toContain("MACs");
  // Streams take twice as long, so what they add is what they took.
  const logits = against?.reasons.find(({ op, cause }) => op === "head.logits" && cause === "hbm.read rate");
  expect((logits?.after ?? 0) / (logits?.before ?? 1)).toBeCloseTo(2, 1);
});

test("twice the tokens show as more work", () => {
  const [, against] = comparison.against;
  expect(against?.config.map(({ path }) => path)).toEqual(["workload.outputTokens"]);
  expect(against?.reasons.every(({ because }) => because !== "")).toBe(true);
  // 16 passes of the network instead of 8.
  const query = against?.reasons.find(({ op }) => op === "decoder.query");
  expect(query?.because).toContain("MACs × 2");
});

test("a run against itself has no reasons, and an op that only one run has says so", () => {
  expect(compare([base, { ...base, name: "again" }]).against[0]).toMatchObject({ reasons: [], config: [] });
  const without = {
    ...base,
    report: { ...base.report, ops: base.report.ops.filter(({ op }) => op !== "head.logits") },
  };
  const [reason] = compare([without, base]).against[0]?.reasons ?? [];
  expect(reason).toMatchObject({ op: "head.logits", because: "only in this run" });
});

test("as text every line fits the width", () => {
  for (const width of [80, 160])
    for (const line of sectionText(comparisonSections(comparison), width, noPaint).split("\n"))
      expect(line.length).toBeLessThanOrEqual(width);
});
