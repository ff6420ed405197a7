import { expect, test } from "vitest";
import { formatProblems, planSingle } from "../../src/index.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { opsOf } from "../../src/workload/graph.ts";
import { visionNames } from "../../src/workload/vision/index.ts";
import { library, planned } from "../library.ts";

function problemsOf(workload: string, set: readonly string[]): string {
  const plan = planSingle("dfx-u280", workload, library, { set });
  return plan.ok ? "" : formatProblems(plan.problems);
}

test("every network that is built in ships as a workload, and reads its images and its batch", () => {
  expect(visionNames.filter((name) => !library.names("workloads").includes(name))).toEqual([]);
  for (const name of visionNames) {
    const { workload } = planned("dfx-u280", name, ["batch=2"]);
    expect(workload.task).toEqual({
      kind: "inference",
      model: { kind: "graph", family: name },
      batch: 2,
      sequence: 1,
    });
    const [first] = opsOf(workload);
    expect(first?.op).toMatchObject({ kind: "convolution", batch: 2, height: 224, width: 224, channels: 3 });
  }
});

test("a normalisation is folded or an op of its own", () => {
  const kinds = (batchnorm: string): number =>
    opsOf(planned("dfx-u280", "resnet-18", [`batchnorm=${batchnorm}`]).workload).filter(
      ({ op }) => op.kind === "batchnorm",
    ).length;
  expect([kinds("folded"), kinds("separate") > 10]).toEqual([0, true]);
});

test("what a network lacks, or has no use for, is told at its place", () => {
  expect(problemsOf("resnet-50", ["image=16"])).toBe("");
  expect(problemsOf("alexnet", ["image=16"])).toContain("expected an image of more rows and columns");
  expect(problemsOf("vit-b", ["image=230"])).toContain("expected a multiple of the patch of 16");
  expect(problemsOf("resnet-50", ["sequence=5"])).toContain("expected nothing: resnet-50 takes images");
  expect(problemsOf("bert-base", ["image=224"])).toContain("expected nothing: bert takes text");
  expect(problemsOf("resnet-50", ["network=resnet"])).toContain('did you mean "resnet-18"');
});

test("filters of a network are stored as its weights say, all or by block and name", () => {
  const { workload } = planned("gemmini", "resnet-50", [
    "weights.all={kind: nm, n: 2, m: 4, bits: 8, metadata: index}",
    "weights.layers=[{block: conv1, first: 0, last: 0, matrices: {convolution: {kind: dense, bits: 8}}}]",
  ]);
  const kinds = opsOf(workload).flatMap(({ name, op }) =>
    op.kind === "convolution" || op.kind === "matmul" ? [[name, op.encoding?.kind]] : [],
  );
  expect(kinds[0]).toEqual(["conv1.convolution", "dense"]);
  expect(kinds.slice(1).every(([, kind]) => kind === "nm")).toBe(true);
  // All but the 7 x 7 x 3 x 64 filters of the first convolution, whose MACs are 112 x 112 of these, keep half: all sizes are multiples of four.
  const whole = countWorkload(planned("gemmini", "resnet-50").workload);
  const first = 7 * 7 * 3 * 64;
  expect(countWorkload(workload).macs).toBe((whole.macs - 112 * 112 * first) / 2 + 112 * 112 * first);
  expect(problemsOf("resnet-50", ["weights.matrices={query: {kind: dense, bits: 8}}"])).toContain(
    "expected one of convolution, a, b, c, shortcut",
  );
});
