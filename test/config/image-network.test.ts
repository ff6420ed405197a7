import { expect, test } from "vitest";
import { formatProblems, planSingle } from "../../src/index.ts";
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
