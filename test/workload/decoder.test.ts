import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countWorkload, macsOf } from "../../src/workload/count.ts";
import { decoderPhases } from "../../src/workload/decoder.ts";
import { opsOf, type Workload } from "../../src/workload/graph.ts";
import { biases } from "../../src/workload/hugging-face-field.ts";
import type { DecoderModel } from "../../src/workload/model.ts";
import { planned } from "../library.ts";

const small: DecoderModel = {
  kind: "decoder",
  family: "gpt2",
  layers: 2,
  embedding: 8,
  heads: 2,
  keyValueHeads: 2,
  headSize: 4,
  feedForward: 16,
  vocabulary: 10,
  positions: 20,
  activation: "gelu",
  bias: biases(true),
  gated: false,
  norm: "layernorm",
  normPlacement: "before",
  queryKeyNorm: false,
  attentionPosition: "none",
  positionTable: 20,
  tokenWidth: 8,
  embeddingNorm: false,
  finalNorm: true,
  tiedHead: true,
};

const generating = (
  inputTokens: number,
  outputTokens: number,
  { batch = 1, model = small }: { batch?: number; model?: DecoderModel } = {},
): Workload => {
  const task = { kind: "generation" as const, model, batch, inputTokens, outputTokens };
  return { name: "small", source: "a pencil", precision: "fp16", task, phases: decoderPhases(task) };
};
const macs = (...run: Parameters<typeof generating>): number => countWorkload(generating(...run)).macs;
const shipped = (name: string, input: number, output: number) =>
  countWorkload(
    planned("dfx-u280", name, [`workload.inputTokens=${input}`, `workload.outputTokens=${output}`]).workload,
  );

describe("parameters", () => {
  test.each([
    // As the checkpoints of Hugging Face openai-community hold them.
    ["gpt2", 124_439_808],
    ["gpt2-medium", 354_823_168],
    ["gpt2-large", 774_030_080],
    ["gpt2-xl", 1_557_611_200],
    // 48 * (12 * 1536^2 + 13 * 1536) + 2 * 1536 + (50257 + 1024) * 1536.
    ["gpt2-1.5b-dfx", 1_438_683_648],
  ])("of %s are %i, two bytes each", (name, parameters) => {
    const counted = shipped(name, 1, 1);
    expect(counted.parameters).toBe(parameters);
    expect(counted.parameterBytes).toBe(2 * parameters);
  });

  test("a head of its own adds its matrix, a model without biases lacks them", () => {
    const of = (model: DecoderModel) => countWorkload(generating(1, 0, { model })).parameters;
    // Two layers of 12 * 64 weights, 9 * 8 + 16 - 24 = 64 biases and 2 norms of 16; a last norm; tables of (10 + 20) * 8.
    // A layer's biases: query, key, value, projection, contract: 5 * 8; expand: 16.
    const trained = 5 * 8 + 16;
    expect(of(small)).toBe(2 * (4 * 64 + 2 * 8 * 16 + trained + 2 * 16) + 16 + 240);
    expect(of({ ...small, tiedHead: false })).toBe(of(small) + 80);
    expect(of({ ...small, bias: biases(false) })).toBe(of(small) - 2 * trained);
  });

  test("fewer key and value heads make their matrices narrower", () => {
    const of = (model: DecoderModel) => countWorkload(generating(1, 0, { model })).parameters;
    // Keys and values of one head instead of two: 2 matrices of 8 x 4 and their biases less, in each of two layers.
    expect(of({ ...small, keyValueHeads: 1 })).toBe(of(small) - 2 * 2 * (8 * 4 + 4));
  });
});

describe("MACs", () => {
  test("of three tokens read and two written by GPT-2 equal a pencil count", () => {
    // A token passes 12 layers of 4 * 768^2 + 2 * 768 * 3072 = 7,077,888 and the head of 768 * 50257 = 38,597,376: 123,532,032.
    // At position p it meets p keys and p values of 768 in each layer: 2 * 12 * 768 * p = 18,432 p; 1 + 2 + 3 + 4 + 5 = 15.
    expect(shipped("gpt2", 3, 2).macs).toBe(5 * 123_532_032 + 18_432 * 15);
  });

  test("of one token through the small model, op by op", () => {
    const ops = new Map(opsOf(generating(1, 0)).map(({ name, op }) => [name, macsOf(op)]));
    expect(Object.fromEntries([...ops].filter(([, n]) => n > 0))).toEqual({
      "decoder.query": 64,
      "decoder.key": 64,
      "decoder.value": 64,
      // Two heads, one position, four elements.
      "decoder.scores": 8,
      "decoder.context": 8,
      "decoder.projection": 64,
      "decoder.expand": 128,
      "decoder.contract": 128,
      "head.logits": 80,
    });
  });

  test("of masked positions are not counted: token r of a prompt sees r positions", () => {
    const ops = new Map(opsOf(generating(4, 0)).map(({ name, op }) => [name, macsOf(op)]));
    // 1 + 2 + 3 + 4 positions, two heads, four elements.
    expect(ops.get("decoder.scores")).toBe(80);
    expect(ops.get("decoder.context")).toBe(80);
  });

  test("are the same however a text is split into prompt and answer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(12), (input, output) => {
        expect(macs(input, output)).toBe(macs(input + output, 0));
      }),
    );
  });

  test("grow with the batch in proportion", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(6),
        (batch, input, output) => {
          expect(macs(input, output, { batch })).toBe(batch * macs(input, output));
        },
      ),
    );
  });

  test("are more with every token", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(12), (input, output) => {
        expect(macs(input + 1, output)).toBeGreaterThan(macs(input, output));
        expect(macs(input, output + 1)).toBeGreaterThan(macs(input, output));
      }),
    );
  });
});

describe("keys and values", () => {
  test.each([
    // 2 * layers * embedding * 2 bytes.
    ["gpt2", 36_864],
    ["gpt2-medium", 98_304],
    ["gpt2-large", 184_320],
    ["gpt2-xl", 307_200],
    ["gpt2-1.5b-dfx", 294_912],
  ])("of one position of %s take %i bytes", (name, size) => {
    expect(shipped(name, 7, 3).cacheBytesPerToken).toBe(size);
  });

  test("of one sequence do not depend on the batch", () => {
    const of = (batch: number) => countWorkload(generating(5, 2, { batch })).cacheBytesPerToken;
    expect(of(4)).toBe(of(1));
    expect(of(1)).toBe(2 * 2 * 8 * 2);
  });
});

describe("phases", () => {
  test("the prompt is one step of all its tokens, the answer a step for each token", () => {
    const { phases } = generating(5, 3);
    expect(phases.map(({ name, steps, tokensPerStep, past }) => [name, steps, tokensPerStep, past])).toEqual([
      ["prefill", 1, 5, 0],
      ["decode", 3, 1, 5],
    ]);
    expect(generating(5, 0).phases.map(({ name }) => name)).toEqual(["prefill"]);
  });

  test("every op reads ops that stand before it in its block, or the block's input", () => {
    for (const phase of generating(5, 3).phases)
      for (const { ops } of phase.blocks)
        for (const [index, { inputs }] of ops.entries()) {
          const before = ["input", ...ops.slice(0, index).map(({ name }) => name)];
          for (const input of inputs) expect(before).toContain(input);
        }
  });
});
