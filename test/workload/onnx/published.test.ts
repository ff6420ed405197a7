import { describe, expect, test } from "vitest";
import { macsOf, parametersOf } from "../../../src/workload/count.ts";
import { importOnnx, type OnnxGraph } from "../../../src/workload/onnx/import.ts";
import { bytesSource } from "../../../src/workload/onnx/source.ts";
import { at, type Op } from "../../../src/workload/op.ts";
import type { Model } from "./model.ts";
import { bertBase, gpt2, llama2, mobileNetV2, resNet50, vitBase } from "./networks.ts";

const graphOf = (model: Model, dims: Readonly<Record<string, number>> = {}): OnnxGraph => {
  const read = importOnnx(bytesSource(model.bytes()), "model.onnx", { dims });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.graph;
};
const sum = (ops: readonly Op[], of: (op: Op) => number): number => ops.reduce((all, op) => all + of(op), 0);
const macs = ({ ops }: OnnxGraph): number => sum(ops, (op) => macsOf(op));
const parameters = ({ ops }: OnnxGraph): number => sum(ops, parametersOf);
const kinds = ({ ops }: OnnxGraph): Readonly<Record<string, number>> => {
  const times = new Map<string, number>();
  for (const { kind } of ops) times.set(kind, (times.get(kind) ?? 0) + 1);
  return Object.fromEntries(times);
};
const near = (found: number, published: number): void =>
  expect(Math.abs(found / published - 1)).toBeLessThan(0.005);

describe("published networks as an exporter writes them", () => {
  test("ResNet-50 has torchvision's 4.089 GMAC and 25,557,032 parameters; its norms are part of the convolutions", () => {
    const graph = graphOf(resNet50("batch"), { batch: 1 });
    near(macs(graph), 4.089e9);
    near(parameters(graph), 25_557_032);
    // A folded norm leaves one of its two numbers for each of 26,560 channels.
    expect(parameters(graph)).toBe(25_557_032 - 26_560);
    expect(kinds(graph)).toEqual({ convolution: 53, relu: 49, pooling: 2, residual: 16, matmul: 1 });
    expect(macs(graphOf(resNet50("batch"), { batch: 4 }))).toBe(4 * macs(graph));
  });

  test("MobileNetV2 has torchvision's 0.301 GMAC and 3,504,872 parameters", () => {
    const graph = graphOf(mobileNetV2());
    near(macs(graph), 300.8e6);
    near(parameters(graph), 3_504_872);
    expect(parameters(graph)).toBe(3_504_872 - 17_056);
  });

  test("BERT-base has 109.5 M parameters; its norms, GELUs, biases and attentions are put together again", () => {
    const graph = graphOf(bertBase(), { batch: 1, sequence: 128 });
    near(parameters(graph), 109_482_240);
    // 12 layers of 4 + 8 matrices of 768 x 768 on 128 tokens, with scores and context; the pooler on one token.
    expect(macs(graph)).toBe(12 * (128 * 12 * 768 ** 2 + 2 * 128 ** 2 * 768) + 768 ** 2);
    expect(Object.fromEntries(graph.patterns)).toEqual({ LayerNorm: 25, bias: 72, attention: 12, GELU: 12 });
    const { layernorm, gelu, softmax, matmul, residual, movement } = kinds(graph);
    expect({ layernorm, gelu, softmax, matmul, residual, movement }).toEqual({
      layernorm: 25,
      gelu: 12,
      softmax: 12,
      matmul: 97,
      residual: 25,
      movement: 1,
    });
  });

  test("ViT-B/16 has torchvision's 17.56 GMAC and 86,567,656 parameters", () => {
    const graph = graphOf(vitBase());
    near(macs(graph), 17.564e9);
    near(parameters(graph), 86_567_656);
    expect(graph.patterns.get("attention")).toBe(12);
  });

  test("GPT-2 has 124,439,808 parameters to the last, the tied head counted once", () => {
    const graph = graphOf(gpt2(), { sequence: 1024 });
    expect(parameters(graph)).toBe(124_439_808);
    expect(macs(graph)).toBe(1024 * (12 * 12 * 768 ** 2 + 50257 * 768) + 12 * 2 * 1024 ** 2 * 768);
    const head = graph.ops.at(-1);
    expect(head?.kind === "matmul" && head.tiedTo).toBe(graph.ops[0]?.name);
    expect(Object.fromEntries(graph.patterns)).toEqual({ LayerNorm: 25, GELU: 12, attention: 12 });
  });

  test("Llama-2-7B has 6,738,415,616 parameters to the last; RMSNorm, SiLU and rotary embedding are recognised", () => {
    const graph = graphOf(llama2(), { sequence: 128 });
    expect(parameters(graph)).toBe(6_738_415_616);
    expect(graph.precision).toBe("fp16");
    const layer = 4 * 4096 ** 2 + 3 * 4096 * 11008;
    expect(macs(graph)).toBe(128 * (32 * layer + 4096 * 32000) + 32 * 2 * 128 ** 2 * 4096);
    expect(Object.fromEntries(graph.patterns)).toEqual({
      RMSNorm: 65,
      "rotary embedding": 64,
      attention: 32,
      SiLU: 32,
    });
    expect(kinds(graph)).toEqual({
      embedding: 1,
      rmsnorm: 65,
      matmul: 289,
      rotary: 64,
      softmax: 32,
      residual: 64,
      silu: 32,
      elementwise: 32,
    });
  });

  test("every op reads what stands before it, and has the name of its node", () => {
    for (const model of [resNet50(), bertBase(1, 16), gpt2(1, 16), llama2(1, 16)]) {
      const { ops } = graphOf(model);
      const names = new Set(["input"]);
      for (const op of ops) {
        expect(op.inputs.length, op.name).toBeGreaterThan(0);
        for (const input of op.inputs) expect(names, `${op.name} reads ${input}`).toContain(input);
        expect(names).not.toContain(op.name);
        names.add(op.name);
      }
      const nodes = new Set(model.graph.node.map(({ name }) => name));
      for (const { name } of ops) expect(nodes).toContain(name);
    }
  });

  test("attention reads queries on the left and keys on the right", () => {
    const { ops } = graphOf(bertBase(1, 16));
    const softmax = ops.findIndex(({ kind }) => kind === "softmax");
    const [scores, context] = [ops[softmax - 1], ops[softmax + 1]];
    const shapeOf = (op: Op | undefined) =>
      op?.kind === "matmul" ? [op.count, at(op.rows, 0), at(op.inner, 0), at(op.columns, 0), op.right] : [];
    expect(shapeOf(scores)).toEqual([12, 16, 64, 16, "activations"]);
    expect(shapeOf(context)).toEqual([12, 16, 16, 64, "activations"]);
    expect(scores?.inputs.length).toBe(2);
    expect(context?.inputs[0]).toBe(ops[softmax]?.name);
  });
});
