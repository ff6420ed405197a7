import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { planExperiment, type Report, simulate } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library } from "../library.ts";

/** Reports of all runs of a shipped experiment, by name. */
function reportsOf(experiment: string): ReadonlyMap<string, Report> {
  const file = `experiments/${experiment}.yaml`;
  const plan = planExperiment({ file, text: readFileSync(file, "utf8") }, library);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  return new Map(
    plan.value.runs.map((run) => {
      const result = simulate(run);
      if (result.status === "unfit") throw new Error(`${run.name}: ${result.reason}`);
      return [run.name, result.report];
    }),
  );
}

const seconds = (reports: ReadonlyMap<string, Report>, name: string): number =>
  reports.get(name)?.totals.latencySeconds ?? Number.NaN;

describe("the shipped experiments", () => {
  test("speed-up: the fewer weights are kept the faster, never beyond M/N; other engines only where they can choose", () => {
    const reports = reportsOf("sta-speedup");
    const gain = (name: string, dense = "dense"): number => seconds(reports, dense) / seconds(reports, name);
    const kept = [6, 4, 3, 2, 1];
    const gains = kept.map((n) => gain(`${n}:8`));
    for (const [index, each] of gains.entries()) {
      expect(each).toBeGreaterThan(gains[index - 1] ?? 1);
      expect(each).toBeLessThan(8 / (kept[index] ?? 8));
    }
    expect(gain("1:8 on sta-dense", "dense on sta-dense")).toBeCloseTo(1, 2);
    expect(gain("2:4 on sta-tensor-core", "dense on sta-tensor-core")).toBeGreaterThan(
      gain("4:8 on sta-tensor-core", "dense on sta-tensor-core"),
    );
  });

  test("crossover: memory bounds the products of short sequences, the matrix engine those of long ones", () => {
    const reports = reportsOf("sta-crossover");
    const bound = (name: string) =>
      reports.get(name)?.ops.find(({ op }) => op === "attention.query")?.boundBy?.unit;
    expect(bound("dense, 1 tokens")).toBe("memory.read");
    expect(bound("2:4, 1 tokens")).toBe("memory.read");
    expect(bound("dense, 256 tokens")).toBe("matrix");
    expect(bound("2:4, 256 tokens")).toBe("matrix");
  });

  test("heterogeneous: sparsity is worth more in the feed-forward matrices, which are twice as large", () => {
    const reports = reportsOf("sta-heterogeneous");
    const wide = seconds(reports, "attention 4:8, feed-forward 2:8");
    const narrow = seconds(reports, "attention 2:8, feed-forward 4:8");
    expect(wide).toBeLessThan(narrow);
    expect(narrow).toBeLessThan(seconds(reports, "all 4:8"));
    expect(wide).toBeGreaterThan(seconds(reports, "all 2:8"));
    const layers = reports.get("layers differ")?.layers.map(({ block, times }) => [block, times]);
    expect(layers?.slice(1, 4)).toEqual([
      ["attention[0-1]", 2],
      ["attention[2-10]", 9],
      ["attention[11]", 1],
    ]);
  });

  test("softmax: off chip is slower at every length, and as built changes sides after 512 tokens", () => {
    const reports = reportsOf("sta-softmax");
    const spills = (name: string): boolean =>
      reports.get(name)?.ops.some(({ op }) => op.endsWith("scoreSpill")) ?? false;
    for (const length of [128, 256, 512]) {
      expect(spills(`as built, ${length} tokens`)).toBe(false);
      expect(spills(`off chip, ${length} tokens`)).toBe(true);
      expect(seconds(reports, `off chip, ${length} tokens`)).toBeGreaterThan(
        seconds(reports, `as built, ${length} tokens`),
      );
    }
    for (const length of [513, 1024, 2048]) {
      expect(spills(`as built, ${length} tokens`)).toBe(true);
      expect(seconds(reports, `as built, ${length} tokens`)).toBeGreaterThan(
        seconds(reports, `on chip, ${length} tokens`),
      );
    }
  });
});
