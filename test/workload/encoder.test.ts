import { describe, expect, test } from "vitest";
import { formatProblems, planSingle } from "../../src/index.ts";
import { pointsOf, stacksOf } from "../../src/workload/butterfly.ts";
import { countWorkload, macsOf, parametersOf } from "../../src/workload/count.ts";
import { opsOf, type Workload } from "../../src/workload/graph.ts";
import { library, planned } from "../library.ts";

/** The workload does not depend on the machine. */
const workload = (name: string, set: readonly string[] = []): Workload =>
  planned("fabnet-vcu128-be128", name, set).workload;

describe("counts by pencil", () => {
  test("a vector is padded to the next power of two, and a wider result takes butterflies side by side", () => {
    expect([1, 31, 32, 768, 1024, 2000].map(pointsOf)).toEqual([1, 32, 32, 1024, 1024, 2048]);
    expect(stacksOf({ inner: 768, columns: 3072 })).toBe(4);
    expect(stacksOf({ inner: 3072, columns: 768 })).toBe(1);
  });

  test("FABNet with hidden size 32, feed-forward 128 and 64 tokens", () => {
    const small = workload("lra-image-fabnet", ["workload.sequence=64"]);
    const counts = Object.fromEntries(
      opsOf(small).map(({ name, op }) => [name, [macsOf(op), parametersOf(op)]]),
    );
    // Four multiplications for each of points / 2 pairs in each of log2(points) stages.
    expect(counts).toMatchObject({
      "fourier.fourierSequence": [32 * (32 * 4) * 6, 0],
      "fourier.fourierHidden": [64 * (16 * 4) * 5, 0],
      "fourier.expand": [64 * 4 * (16 * 4) * 5, 4 * (16 * 4) * 5],
      "fourier.contract": [64 * (64 * 4) * 7, 64 * 4 * 7],
      "fourier.mixingNorm": [0, 2 * 32],
    });
  });

  test("BERT-base with what stays with the host has the 109,482,240 parameters of the checkpoint", () => {
    // Token, position and segment tables with their norm, and the pooler.
    const embeddings = (30_522 + 512 + 2) * 768 + 2 * 768;
    const pooler = 768 * 768 + 768;
    expect(countWorkload(workload("bert-base")).parameters + embeddings + pooler).toBe(109_482_240);
  });

  test("a BERT encoder: 12 layers of 12 h^2 weights, their biases and norms; attention 2 n^2 h", () => {
    const { macs, parameters } = countWorkload(workload("bert-base"));
    const [h, n] = [768, 128];
    expect(parameters).toBe(12 * (12 * h * h + (4 + 4 + 1) * h + 4 * h));
    expect(macs).toBe(12 * (12 * n * h * h + 2 * n * n * h));
  });

  test("an FNet encoder has only its feed-forward weights", () => {
    const [h, f] = [768, 3072];
    expect(countWorkload(workload("fnet-base")).parameters).toBe(12 * (2 * h * f + f + h + 4 * h));
  });

  test("attention blocks follow the Fourier blocks", () => {
    const mixed = workload("fabnet-base", ["workload.model.num_attention_layers=2"]);
    expect(mixed.phases[0]?.blocks.map(({ name, times }) => [name, times])).toEqual([
      ["fourier", 10],
      ["attention", 2],
    ]);
  });
});

describe("a workload's YAML must say how much text passes", () => {
  const problems = (name: string, set: readonly string[]): string => {
    const plan = planSingle("fabnet-vcu128-be128", name, library, { set });
    return plan.ok ? "none" : formatProblems(plan.problems);
  };

  test("an encoder takes no output tokens, a decoder no sequence", () => {
    expect(problems("fabnet-base", ["workload.outputTokens=3"])).toContain("fabnet is an encoder");
    expect(problems("gpt2", ["workload.sequence=3"])).toContain("gpt2 is a decoder");
  });

  test("heads divide the hidden size; attention layers are among the layers", () => {
    expect(problems("bert-base", ["workload.model.num_attention_heads=7"])).toContain(
      "a divisor of hidden_size",
    );
    expect(problems("fabnet-base", ["workload.model.num_attention_layers=13"])).toContain(
      "at most num_hidden_layers",
    );
  });
});
