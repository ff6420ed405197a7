import { describe, expect, test } from "vitest";
import { workloadFields, workloadIncludes } from "../../src/config/workload.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { readConfig } from "../../src/schema/read-config.ts";

const workload = `
name: small
source: a pencil
model: config.json
precision: fp16
batch: 1
inputTokens: 1
outputTokens: 1
`;

/** Laid out as Hugging Face writes it, a key a line. */
const config = {
  model_type: "gpt2",
  n_embd: 768,
  n_head: 12,
  n_layer: 12,
  n_positions: 1024,
  vocab_size: 50257,
  activation_function: "gelu_new",
};

function read(changes: Readonly<Record<string, unknown>> = {}) {
  const text = JSON.stringify({ ...config, ...changes }, undefined, 2);
  return readConfig(workloadFields, workload, "small.yaml", {
    load: (path) => (path === "config.json" ? text : undefined),
    include: Object.keys(workloadIncludes).map((path) => ({ path })),
  });
}

function modelOf(changes: Readonly<Record<string, unknown>> = {}) {
  const found = read(changes);
  if (!found.ok) throw new Error(formatProblems(found.problems));
  return found.value.model;
}

function problems(changes: Readonly<Record<string, unknown>>): string {
  const found = read(changes);
  return found.ok ? "" : formatProblems(found.problems);
}

describe("a GPT-2 config.json", () => {
  test("gives the model's numbers", () => {
    expect(modelOf()).toEqual({
      kind: "decoder",
      family: "gpt2",
      layers: 12,
      embedding: 768,
      heads: 12,
      keyValueHeads: 12,
      headSize: 64,
      feedForward: 3072,
      vocabulary: 50257,
      positions: 1024,
      positionTable: 1024,
      tokenWidth: 768,
      activation: "gelu",
      gated: false,
      norm: "layernorm",
      normPlacement: "before",
      queryKeyNorm: false,
      attentionPosition: "none",
      embeddingNorm: false,
      finalNorm: true,
      bias: { query: true, key: true, value: true, projection: true, feedForward: true },
      tiedHead: true,
    });
  });

  test("n_inner is the width of the feed-forward network; absent or null, it is four times the embedding", () => {
    expect(modelOf({ n_inner: 1000 })).toMatchObject({ feedForward: 1000 });
    expect(modelOf({ n_inner: null })).toMatchObject({ feedForward: 3072 });
  });

  test("the head may have a table of its own", () => {
    expect(modelOf({ tie_word_embeddings: false })).toMatchObject({ tiedHead: false });
  });

  test("keys that say nothing about cost pass unread, whatever they hold", () => {
    expect(modelOf({ summary_type: "cls_index", task_specific_params: { a: [1] } })).toEqual(modelOf());
  });

  test.each([
    ["gelu_fast", "gelu"],
    ["relu", "relu"],
    ["silu", "silu"],
  ])("activation %s is a %s", (written, activation) => {
    expect(modelOf({ activation_function: written })).toMatchObject({ activation });
  });
});

describe("what is odd or missing is told at its place in the config.json", () => {
  test("a number that is none, is not whole or not above zero", () => {
    expect(problems({ n_embd: "768" })).toBe('config.json:3:13 model.n_embd: expected a number, found "768"');
    expect(problems({ n_layer: 12.5 })).toBe(
      "config.json:5:14 model.n_layer: expected a whole number, found 12.5",
    );
    expect(problems({ vocab_size: 0 })).toBe(
      "config.json:7:17 model.vocab_size: expected a number of at least 1, found 0",
    );
  });

  test("several at once", () => {
    const lines = problems({ n_embd: -768, n_head: "many", n_positions: null }).split("\n");
    expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "config.json:3:13 model.n_embd:",
      "config.json:4:13 model.n_head:",
      "config.json:6:18 model.n_positions:",
    ]);
  });

  test("a field that is missing", () => {
    expect(problems({ n_head: undefined })).toBe(
      "config.json:1:1 model.n_head: expected a number, found nothing",
    );
  });

  test("heads that do not divide the embedding", () => {
    expect(problems({ n_head: 7 })).toBe(
      "config.json:4:13 model.n_head: expected a divisor of n_embd, found 7",
    );
  });

  test("an activation that nobody knows", () => {
    expect(problems({ activation_function: "gelu_newer" })).toMatch(
      /^config\.json:8:26 model\.activation_function: expected one of "gelu", .*; did you mean "gelu_new"\?$/,
    );
  });

  test("a family that nobody knows", () => {
    expect(problems({ model_type: "gpt3" })).toMatch(
      /^config\.json:2:17 model\.model_type: expected one of "gpt2", .* found "gpt3"; did you mean "gpt2"\?$/,
    );
  });
});

test("an encoder's odd numbers are told as a decoder's are", () => {
  const bert = {
    model_type: "bert",
    hidden_size: 768,
    num_attention_heads: 7,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    max_position_embeddings: 512,
    vocab_size: 30522,
    hidden_act: "gelu",
  };
  expect(problems({ ...bert })).toMatch(
    /model\.num_attention_heads: expected a divisor of hidden_size, found 7$/,
  );
});
