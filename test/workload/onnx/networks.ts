/** Published networks node by node, as PyTorch's exporter writes them. */
import { int64Type, type Model, onnxModel } from "./model.ts";

type Names = readonly string[];

/** Convolution and batch normalisation, which the exporter folds where it may: here they stand apart. */
function convolution(
  model: Model,
  x: string,
  [inputs, filters, kernel, stride]: readonly [number, number, number, number],
  { groups = 1, relu = "" }: { readonly groups?: number; readonly relu?: string } = {},
): string {
  const weight = model.weight("conv.weight", [filters, inputs / groups, kernel, kernel]);
  const padding = (kernel - 1) / 2;
  const made = model.node("Conv", [x, weight], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    dilations: [1, 1],
    group: groups,
  });
  const norm = ["scale", "shift", "mean", "variance"].map((name) => model.weight(`bn.${name}`, [filters]));
  const normed = model.node("BatchNormalization", [made, ...norm], { epsilon: { float: 1e-5 } });
  if (relu === "Relu") return model.node("Relu", [normed]);
  if (relu !== "Clip") return normed;
  return model.node("Clip", [normed, model.floats("low", [0]), model.floats("high", [6])]);
}

function classifier(model: Model, x: string, features: number): void {
  const pooled = model.node("GlobalAveragePool", [x]);
  const flat = model.node("Flatten", [pooled], { axis: 1 });
  const weight = model.weight("fc.weight", [1000, features]);
  const logits = model.node("Gemm", [flat, weight, model.weight("fc.bias", [1000])], {
    alpha: { float: 1 },
    beta: { float: 1 },
    transB: 1,
  });
  model.output(logits);
}

export function resNet50(batch: number | string = 1): Model {
  const model = onnxModel({ opset: 13 });
  const image = model.input("image", [batch, 3, 224, 224]);
  const stem = convolution(model, image, [3, 64, 7, 2], { relu: "Relu" });
  let x = model.node("MaxPool", [stem], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = 64;
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block += 1) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const first = convolution(model, x, [channels, width, 1, 1], { relu: "Relu" });
      const second = convolution(model, first, [width, width, 3, stride], { relu: "Relu" });
      const third = convolution(model, second, [width, 4 * width, 1, 1]);
      const shortcut = block === 0 ? convolution(model, x, [channels, 4 * width, 1, stride]) : x;
      x = model.node("Relu", [model.node("Add", [third, shortcut])]);
      channels = 4 * width;
    }
  }
  classifier(model, x, channels);
  return model;
}

/** Rows of table 2 of the paper: expansion, filters, blocks, stride. */
const inverted = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

export function mobileNetV2(): Model {
  const model = onnxModel({ opset: 11 });
  let x = convolution(model, model.input("image", [1, 3, 224, 224]), [3, 32, 3, 2], { relu: "Clip" });
  let channels = 32;
  for (const [expansion, filters, blocks, first] of inverted)
    for (let block = 0; block < blocks; block += 1) {
      const stride = block === 0 ? first : 1;
      const wide = channels * expansion;
      const expanded = expansion === 1 ? x : convolution(model, x, [channels, wide, 1, 1], { relu: "Clip" });
      const depthwise = convolution(model, expanded, [wide, wide, 3, stride], { groups: wide, relu: "Clip" });
      const projected = convolution(model, depthwise, [wide, filters, 1, 1]);
      x = stride === 1 && channels === filters ? model.node("Add", [x, projected]) : projected;
      channels = filters;
    }
  classifier(model, convolution(model, x, [channels, 1280, 1, 1], { relu: "Clip" }), 1280);
  return model;
}

/** A linear layer: a product with the transposed weight, and an Add. */
function linear(model: Model, x: string, inner: number, columns: number, bias = true): string {
  const made = model.node("MatMul", [x, model.weight("onnx::MatMul", [inner, columns])]);
  return bias ? model.node("Add", [model.weight("bias", [columns]), made]) : made;
}

/** Before opset 17 the exporter takes a layer normalisation apart. */
function layerNorm(model: Model, x: string, width: number): string {
  const mean = model.node("ReduceMean", [x], { axes: [-1] });
  const centred = model.node("Sub", [x, mean]);
  const squared = model.node("Pow", [centred, model.floats("two", [2])]);
  const variance = model.node("ReduceMean", [squared], { axes: [-1] });
  const root = model.node("Sqrt", [model.node("Add", [variance, model.floats("epsilon", [1e-12])])]);
  const scaled = model.node("Mul", [
    model.node("Div", [centred, root]),
    model.weight("norm.weight", [width]),
  ]);
  return model.node("Add", [scaled, model.weight("norm.bias", [width])]);
}

function geluErf(model: Model, x: string): string {
  const erf = model.node("Erf", [model.node("Div", [x, model.floats("root", [Math.SQRT2])])]);
  const sum = model.node("Add", [erf, model.floats("one", [1])]);
  return model.node("Mul", [model.node("Mul", [x, sum]), model.floats("half", [0.5])]);
}

/** "gelu_new" of GPT-2. */
function geluTanh(model: Model, x: string): string {
  const cube = model.node("Mul", [
    model.node("Pow", [x, model.floats("three", [3])]),
    model.floats("c", [0.044715]),
  ]);
  const inner = model.node("Mul", [model.node("Add", [x, cube]), model.floats("root", [0.7978845608028654])]);
  const one = model.node("Add", [model.node("Tanh", [inner]), model.floats("one", [1])]);
  return model.node("Mul", [model.node("Mul", [x, model.floats("half", [0.5])]), one]);
}

/** [batch, sequence, hidden] to [batch, heads, sequence, size], with the shape computed in the graph as the exporter has it. */
function heads(
  model: Model,
  x: string,
  number: number,
  size: number,
  order: Names = ["0", "2", "1", "3"],
): string {
  const shape = model.node("Shape", [x]);
  const part = (at: number): string => {
    const one = model.node("Gather", [shape, model.ints("index", [at], [])], { axis: 0 });
    return model.node("Unsqueeze", [one, model.ints("axes", [0])]);
  };
  const target = model.node(
    "Concat",
    [part(0), part(1), model.ints("heads", [number]), model.ints("size", [size])],
    { axis: 0 },
  );
  return model.node("Transpose", [model.node("Reshape", [x, target])], { perm: order.map(Number) });
}

const merged = (model: Model, x: string, hidden: number): string =>
  model.node("Reshape", [
    model.node("Transpose", [x], { perm: [0, 2, 1, 3] }),
    model.ints("merged", [0, 0, hidden]),
  ]);

function attention(
  model: Model,
  x: string,
  hidden: number,
  number: number,
  mask: (scores: string) => string,
): string {
  const size = hidden / number;
  const [query, key, value] = [1, 2, 3].map(() => linear(model, x, hidden, hidden));
  const scores = model.node("MatMul", [
    heads(model, query ?? "", number, size),
    heads(model, key ?? "", number, size, ["0", "2", "3", "1"]),
  ]);
  const scaled = model.node("Div", [scores, model.floats("scale", [Math.sqrt(size)])]);
  const weights = model.node("Softmax", [mask(scaled)], { axis: -1 });
  const context = model.node("MatMul", [weights, heads(model, value ?? "", number, size)]);
  return linear(model, merged(model, context, hidden), hidden, hidden);
}

/** BERT-base of Hugging Face, with its pooler. */
export function bertBase(batch: number | string = "batch", sequence: number | string = "sequence"): Model {
  const [hidden, wide] = [768, 3072];
  const model = onnxModel({ opset: 13 });
  const ids = model.input("input_ids", [batch, sequence], int64Type);
  const attentionMask = model.input("attention_mask", [batch, sequence], int64Type);
  const segments = model.input("token_type_ids", [batch, sequence], int64Type);
  const axes = (values: readonly number[]): string => model.ints("axes", values);
  const extended = model.node("Unsqueeze", [model.node("Unsqueeze", [attentionMask, axes([1])]), axes([2])]);
  const inverse = model.node("Sub", [model.floats("one", [1]), model.node("Cast", [extended], { to: 1 })]);
  const mask = model.node("Mul", [inverse, model.floats("low", [-3.4e38])]);
  const words = model.node("Gather", [model.weight("word_embeddings", [30522, hidden]), ids]);
  const types = model.node("Gather", [model.weight("token_type_embeddings", [2, hidden]), segments]);
  const length = model.node("Gather", [model.node("Shape", [ids]), model.ints("index", [1], [])], {
    axis: 0,
  });
  const numbers = model.ints(
    "position_ids",
    Array.from({ length: 512 }, (_, at) => at),
    [1, 512],
  );
  const positions = model.node("Slice", [
    numbers,
    axes([0]),
    model.node("Unsqueeze", [length, axes([0])]),
    axes([1]),
  ]);
  const table = model.node("Gather", [model.weight("position_embeddings", [512, hidden]), positions]);
  const summed = model.node("Add", [model.node("Add", [words, types]), table]);
  let x = layerNorm(model, summed, hidden);
  for (let layer = 0; layer < 12; layer += 1) {
    const attended = attention(model, x, hidden, 12, (scores) => model.node("Add", [scores, mask]));
    x = layerNorm(model, model.node("Add", [attended, x]), hidden);
    const active = geluErf(model, linear(model, x, hidden, wide));
    x = layerNorm(model, model.node("Add", [linear(model, active, wide, hidden), x]), hidden);
  }
  model.output(x);
  const first = model.node("Gather", [x, model.ints("index", [0], [])], { axis: 1 });
  const pooler = [first, model.weight("pooler", [hidden, hidden]), model.weight("pooler.bias", [hidden])];
  model.output(model.node("Tanh", [model.node("Gemm", pooler, { transB: 1 })]));
  return model;
}

/** ViT-B/16 at 224 x 224, opset 17: layer normalisation is one node. */
export function vitBase(): Model {
  const hidden = 768;
  const model = onnxModel({ opset: 17 });
  const norm = (x: string): string =>
    model.node(
      "LayerNormalization",
      [x, model.weight("norm.weight", [hidden]), model.weight("norm.bias", [hidden])],
      {
        axis: -1,
        epsilon: { float: 1e-6 },
      },
    );
  const image = model.input("image", [1, 3, 224, 224]);
  const patches = model.node(
    "Conv",
    [image, model.weight("patches", [hidden, 3, 16, 16]), model.weight("patches.bias", [hidden])],
    { kernel_shape: [16, 16], strides: [16, 16], pads: [0, 0, 0, 0] },
  );
  const flat = model.node("Reshape", [patches, model.ints("flat", [0, hidden, -1])]);
  const words = model.node("Transpose", [flat], { perm: [0, 2, 1] });
  const all = model.node("Concat", [model.weight("class_token", [1, 1, hidden]), words], { axis: 1 });
  let x = model.node("Add", [all, model.weight("positions", [1, 197, hidden])]);
  for (let layer = 0; layer < 12; layer += 1) {
    x = model.node("Add", [x, attention(model, norm(x), hidden, 12, (scores) => scores)]);
    const active = geluErf(model, linear(model, norm(x), hidden, 3072));
    x = model.node("Add", [x, linear(model, active, 3072, hidden)]);
  }
  const first = model.node("Gather", [norm(x), model.ints("index", [0], [])], { axis: 1 });
  const head = [first, model.weight("head", [1000, hidden]), model.weight("head.bias", [1000])];
  model.output(model.node("Gemm", head, { transB: 1 }));
  return model;
}

/** GPT-2 small: queries, keys and values in one matrix, a causal mask by Where, the head tied to the token table. */
export function gpt2(batch: number | string = 1, sequence: number | string = "sequence"): Model {
  const [hidden, number, size] = [768, 12, 64];
  const model = onnxModel({ opset: 13 });
  const ids = model.input("input_ids", [batch, sequence], int64Type);
  const table = model.weight("wte", [50257, hidden]);
  const words = model.node("Gather", [table, ids]);
  const length = model.node("Gather", [model.node("Shape", [ids]), model.ints("index", [1], [])], {
    axis: 0,
  });
  const [zero, one] = [model.ints("zero", [0], []), model.ints("one", [1], [])];
  const positions = model.node("Unsqueeze", [
    model.node("Range", [zero, length, one]),
    model.ints("axes", [0]),
  ]);
  let x = model.node("Add", [words, model.node("Gather", [model.weight("wpe", [1024, hidden]), positions])]);
  /** A linear layer on rows, as GPT-2's Conv1D: Reshape, Gemm, Reshape back. */
  const rows = (from: string, inner: number, columns: number): string => {
    const flat = model.node("Reshape", [from, model.ints("rows", [-1, inner])]);
    const made = model.node("Gemm", [
      flat,
      model.weight("c.weight", [inner, columns]),
      model.weight("c.bias", [columns]),
    ]);
    const shape = model.node("Shape", [from]);
    const head = model.node("Slice", [shape, model.ints("start", [0]), model.ints("end", [2])]);
    return model.node("Reshape", [
      made,
      model.node("Concat", [head, model.ints("columns", [columns])], { axis: 0 }),
    ]);
  };
  for (let layer = 0; layer < 12; layer += 1) {
    const packed = rows(layerNorm(model, x, hidden), hidden, 3 * hidden);
    const query = model.node(
      "Split",
      [packed, model.ints("parts", [hidden, hidden, hidden])],
      { axis: 2 },
      { outputs: 3 },
    );
    const [key, value] = [1, 2].map((part) => query.replace(/0$/, String(part)));
    const scores = model.node("MatMul", [
      heads(model, query, number, size),
      heads(model, key ?? "", number, size, ["0", "2", "3", "1"]),
    ]);
    const scaled = model.node("Div", [scores, model.floats("scale", [8])]);
    const bias = model.weight("attn.bias", [1, 1, 1024, 1024], 9);
    const end = model.node("Unsqueeze", [length, model.ints("axes", [0])]);
    const top = model.node("Slice", [bias, model.ints("start", [0]), end, model.ints("axis", [2])]);
    const seen = model.node("Slice", [top, model.ints("start", [0]), end, model.ints("axis", [3])]);
    const masked = model.node("Where", [seen, scaled, model.floats("low", [-3.4e38])]);
    const weights = model.node("Softmax", [masked], { axis: -1 });
    const context = model.node("MatMul", [weights, heads(model, value ?? "", number, size)]);
    x = model.node("Add", [x, rows(merged(model, context, hidden), hidden, hidden)]);
    const active = geluTanh(model, rows(layerNorm(model, x, hidden), hidden, 4 * hidden));
    x = model.node("Add", [x, rows(active, 4 * hidden, hidden)]);
  }
  const head = model.node("Transpose", [table], { perm: [1, 0] });
  model.output(model.node("MatMul", [layerNorm(model, x, hidden), head]));
  return model;
}

/** Llama-2-7B in half precision: RMSNorm and SiLU taken apart, rotary embedding, no biases. */
export function llama2(batch: number | string = 1, sequence: number | string = "sequence"): Model {
  const [hidden, number, size, wide, half] = [4096, 32, 128, 11008, 10];
  const model = onnxModel({ opset: 14 });
  const weight = (name: string, shape: readonly number[]): string => model.weight(name, shape, half);
  const norm = (x: string): string => {
    const full = model.node("Cast", [x], { to: 1 });
    const mean = model.node("ReduceMean", [model.node("Pow", [full, model.floats("two", [2])])], {
      axes: [-1],
    });
    const root = model.node("Sqrt", [model.node("Add", [mean, model.floats("epsilon", [1e-5])])]);
    const inverse = model.node("Div", [model.floats("one", [1]), root]);
    const normed = model.node("Cast", [model.node("Mul", [full, inverse])], { to: half });
    return model.node("Mul", [weight("norm.weight", [hidden]), normed]);
  };
  const product = (x: string, inner: number, columns: number): string =>
    model.node("MatMul", [x, weight("onnx::MatMul", [inner, columns])]);
  const ids = model.input("input_ids", [batch, sequence], int64Type);
  const length = model.node("Gather", [model.node("Shape", [ids]), model.ints("index", [1], [])], {
    axis: 0,
  });
  const end = model.node("Unsqueeze", [length, model.ints("axes", [0])]);
  const table = (name: string): string => {
    const cached = weight(name, [1, 1, 2048, size]);
    return model.node("Slice", [cached, model.ints("start", [0]), end, model.ints("axis", [2])]);
  };
  const [cosine, sine] = [table("cos_cached"), table("sin_cached")];
  const rotated = (x: string): string => {
    const axis = model.ints("axis", [3]);
    const left = model.node("Slice", [x, model.ints("start", [0]), model.ints("end", [size / 2]), axis]);
    const right = model.node("Slice", [
      x,
      model.ints("start", [size / 2]),
      model.ints("end", [2 ** 52]),
      axis,
    ]);
    const turned = model.node("Concat", [model.node("Neg", [right]), left], { axis: -1 });
    return model.node("Add", [model.node("Mul", [x, cosine]), model.node("Mul", [turned, sine])]);
  };
  const mask = model.input("mask", [batch, 1, sequence, sequence], half);
  let x = model.node("Gather", [weight("embed_tokens", [32000, hidden]), ids]);
  for (let layer = 0; layer < 32; layer += 1) {
    const before = norm(x);
    const [query, key, value] = [1, 2, 3].map(() =>
      heads(model, product(before, hidden, hidden), number, size),
    );
    const turned = model.node("Transpose", [rotated(key ?? "")], { perm: [0, 1, 3, 2] });
    const scores = model.node("MatMul", [rotated(query ?? ""), turned]);
    const scaled = model.node("Div", [scores, model.floats("scale", [Math.sqrt(size)])]);
    const full = model.node("Cast", [model.node("Add", [scaled, mask])], { to: 1 });
    const weights = model.node("Cast", [model.node("Softmax", [full], { axis: -1 })], { to: half });
    const context = model.node("MatMul", [weights, value ?? ""]);
    x = model.node("Add", [x, product(merged(model, context, hidden), hidden, hidden)]);
    const inner = norm(x);
    const gate = product(inner, hidden, wide);
    const active = model.node("Mul", [gate, model.node("Sigmoid", [gate])]);
    x = model.node("Add", [
      x,
      product(model.node("Mul", [active, product(inner, hidden, wide)]), wide, hidden),
    ]);
  }
  model.output(product(norm(x), hidden, 32000));
  return model;
}

/** A small network with its weights in it, of which two of every four are kept: the model of the docs. */
export function tinyCnn(): Model {
  const model = onnxModel({ opset: 17 });
  const stored = (name: string, shape: readonly number[]): string => {
    const values = Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, at) =>
      at % 4 < 2 ? 0.5 : 0,
    );
    return model.floats(name, values, shape);
  };
  const image = model.input("image", ["batch", 3, 32, 32]);
  const wide = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const made = model.node("Conv", [image, stored("conv.weight", [16, 3, 3, 3])], wide, { name: "conv" });
  const norm = ["scale", "shift", "mean", "variance"].map((name) => stored(`norm.${name}`, [16]));
  const active = model.node(
    "Relu",
    [model.node("BatchNormalization", [made, ...norm], {}, { name: "norm" })],
    {},
    { name: "relu" },
  );
  const pooled = model.node("GlobalAveragePool", [active], {}, { name: "pool" });
  const flat = model.node("Flatten", [pooled], {}, { name: "flatten" });
  const head = [flat, stored("head.weight", [16, 16]), stored("head.bias", [16])];
  model.output(
    model.node(
      "Softmax",
      [model.node("Gemm", head, { transB: 1 }, { name: "head" })],
      { axis: -1 },
      { name: "softmax" },
    ),
    ["batch", 16],
  );
  return model;
}
