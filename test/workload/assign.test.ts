import { describe, expect, test } from "vitest";
import { planSingle, simulate } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { countWorkload, parameterBits } from "../../src/workload/count.ts";
import { opsOf } from "../../src/workload/graph.ts";
import { library, planned } from "../library.ts";

const half = "{kind: nm, n: 2, m: 4, bits: 16, metadata: index}";
const workload = (set: readonly string[]) => planned("dfx-u280", "gpt2", set).workload;

describe("encodings of a workload", () => {
  test("2:4 halves the MACs of the weights and leaves attention and the head's table", () => {
    const [dense, sparse] = [workload([]), workload([`workload.weights.all=${half}`])];
    // Blocks of GPT-2: 12 layers of 12 * 768^2 weights; the head reads the embedding: 768 * 50257. 128 tokens pass.
    const weights = 12 * 12 * 768 ** 2 + 768 * 50257;
    expect(countWorkload(dense).macs - countWorkload(sparse).macs).toBe((128 * weights) / 2);
  });

  test("storage is 16/9 smaller where the matrices are encoded", () => {
    const [dense, sparse] = [workload([]), workload([`workload.weights.matrices.query=${half}`])];
    const queries = 12 * 768 ** 2;
    expect(countWorkload(dense).parameterBytes - countWorkload(sparse).parameterBytes).toBe(
      2 * queries * (1 - 9 / 16),
    );
    const query = opsOf(sparse).find(({ name }) => name === "decoder.query")?.op;
    expect(query && parameterBits(query, "fp16")).toBe(768 * 384 * 18 + 768 * 16);
  });

  test("layers that differ become blocks of their own, in order", () => {
    const set = [
      `workload.weights.layers=[{block: decoder, first: 4, last: 7, matrices: {expand: ${half}}}]`,
    ];
    const blocks = workload(set).phases[0]?.blocks.map(({ name, times }) => [name, times]);
    expect(blocks).toEqual([
      ["embedding", 1],
      ["decoder[0-3]", 4],
      ["decoder[4-7]", 4],
      ["decoder[8-11]", 4],
      ["head", 1],
    ]);
  });

  test("a matrix, block or layer that the model does not have is a problem with the ones it has", () => {
    const set = [
      `workload.weights.matrices.querry=${half}`,
      `workload.weights.layers=[{block: encoder, first: 0, last: 1, matrices: {}}, {block: decoder, first: 9, last: 12, matrices: {}}]`,
    ];
    const plan = planSingle("dfx-u280", "gpt2", library, { set });
    const text = plan.ok ? "" : formatProblems(plan.problems);
    expect(text).toContain("expected one of query, key, value, projection, expand, contract, logits");
    expect(text).toContain("expected one of embedding, decoder, head");
    expect(text).toContain("expected a layer from 9 to 11");
  });

  test("a dataflow that reads dense weights does not run encoded ones", () => {
    const result = simulate(
      planned("dfx-u280", "gpt2", [`workload.weights.all=${half}`, "hardware.devices=1"]),
    );
    expect(result.status === "unfit" && result.reason).toBe(
      "dfx reads dense weights only: decoder.query is encoded",
    );
  });
});
