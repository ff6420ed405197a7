import proto from "onnx-proto";
import { describe, expect, test } from "vitest";
import { formatProblems } from "../../../src/schema/problem.ts";
import { macsOf, outputElements, parametersOf } from "../../../src/workload/count.ts";
import { importOnnx, type OnnxGraph, type OnnxOptions } from "../../../src/workload/onnx/import.ts";
import { readModel } from "../../../src/workload/onnx/read-message.ts";
import { bytesSource } from "../../../src/workload/onnx/source.ts";
import { wireOf } from "../../../src/workload/onnx/wire.ts";
import type { Op } from "../../../src/workload/op.ts";
import { hugeModel, pieceSource } from "./huge.ts";
import { floatType, int64Type, type Model, nodeOf, onnxModel, valueInfo } from "./model.ts";
import { bertBase, gpt2 } from "./networks.ts";

const read = (model: Model, options: OnnxOptions = {}) =>
  importOnnx(bytesSource(model.bytes()), "model.onnx", options);

function graphOf(model: Model, options: OnnxOptions = {}): OnnxGraph {
  const found = read(model, options);
  if (!found.ok) throw new Error(formatProblems(found.problems));
  return found.graph;
}

function refusal(model: Model, options: OnnxOptions = {}): string {
  const found = read(model, options);
  return found.ok ? "taken" : formatProblems(found.problems);
}

/** What one node makes of inputs of these shapes. */
function single(
  operator: string,
  inputs: readonly (readonly number[])[],
  weights: readonly (readonly number[])[],
  attributes: Parameters<Model["node"]>[2] = {},
  options: { readonly opset?: number; readonly domain?: string; readonly outputs?: number } = {},
): {
  readonly shape: readonly number[];
  readonly ops: readonly Op[];
  readonly macs: number;
  readonly parameters: number;
} {
  const { opset = 17, domain = "", outputs = 1 } = options;
  const model = onnxModel({ opset, domains: domain === "" ? [] : [domain] });
  const names = [
    ...inputs.map((shape, at) => model.input(`x${at}`, shape)),
    ...weights.map((shape, at) => model.weight(`w${at}`, shape)),
  ];
  model.output(model.node(operator, names, attributes, { domain, outputs }));
  const { ops, outputs: made } = graphOf(model);
  return {
    shape: made[0]?.shape ?? [],
    ops,
    macs: ops.reduce((sum, op) => sum + macsOf(op), 0),
    parameters: ops.reduce((sum, op) => sum + parametersOf(op), 0),
  };
}

describe("operators by hand", () => {
  test("a convolution of one dimension, strided and padded unevenly", () => {
    const { shape, macs, parameters } = single("Conv", [[2, 4, 10]], [[6, 4, 3], [6]], {
      pads: [1, 0],
      strides: [2],
    });
    // (10 + 1 - 3) / 2 + 1 = 5 places.
    expect([shape, macs, parameters]).toEqual([[2, 6, 5], 2 * 5 * 6 * 4 * 3, 6 * 12 + 6]);
  });

  test("a convolution of three dimensions in groups", () => {
    const { shape, macs, parameters } = single("Conv", [[1, 4, 5, 6, 7]], [[8, 2, 3, 3, 3]], { group: 2 });
    expect([shape, macs, parameters]).toEqual([[1, 8, 3, 4, 5], 3 * 4 * 5 * 8 * 2 * 27, 8 * 2 * 27]);
  });

  test("a transposed convolution multiplies once for each input element and tap", () => {
    const { shape, macs } = single("ConvTranspose", [[1, 4, 5, 5]], [[4, 6, 3, 3]], {
      strides: [2, 2],
      output_padding: [1, 1],
      pads: [1, 1, 1, 1],
    });
    // (5 - 1) * 2 + 3 + 1 - 2 = 10.
    expect([shape, macs]).toEqual([[1, 6, 10, 10], 25 * 4 * 6 * 9]);
  });

  test("SAME_UPPER pads more behind, and keeps ceil(size / stride)", () => {
    const { shape, ops } = single("Conv", [[1, 3, 224, 225]], [[8, 3, 3, 3]], {
      auto_pad: "SAME_UPPER",
      strides: [2, 2],
    });
    expect(shape).toEqual([1, 8, 112, 113]);
    expect(ops[0]).toMatchObject({ padding: [0, 1], paddingEnd: [1, 1] });
  });

  test("Gemm with both operands turned, and a bias that the file holds", () => {
    const { shape, macs, parameters } = single("Gemm", [[20, 3]], [[7, 20], [7]], { transA: 1, transB: 1 });
    expect([shape, macs, parameters]).toEqual([[3, 7], 3 * 20 * 7, 147]);
  });

  test("a product whose left operand is trained has its rows as columns", () => {
    const model = onnxModel();
    const x = model.input("x", [5, 20]);
    model.output(model.node("MatMul", [model.weight("w", [8, 5]), x]));
    expect(graphOf(model).ops[0]).toMatchObject({ rows: 20, inner: 5, columns: 8, right: "parameters" });
  });

  test("a stack of products of activations, broadcast", () => {
    const { shape, macs, ops } = single(
      "MatMul",
      [
        [2, 1, 3, 4],
        [5, 4, 6],
      ],
      [],
    );
    expect([shape, macs]).toEqual([[2, 5, 3, 6], 10 * 3 * 4 * 6]);
    expect(ops[0]).toMatchObject({ kind: "matmul", count: 10, right: "activations" });
  });

  test("Einsum of attention scores, and of a trained matrix with heads apart", () => {
    expect(
      single(
        "Einsum",
        [
          [2, 7, 3, 4],
          [2, 9, 3, 4],
        ],
        [],
        { equation: "bqhd,bkhd->bhqk" },
      ),
    ).toMatchObject({
      shape: [2, 3, 7, 9],
      macs: 2 * 3 * 7 * 9 * 4,
    });
    expect(single("Einsum", [[2, 7, 12]], [[12, 3, 4]], { equation: "btd,dhk->bthk" })).toMatchObject({
      shape: [2, 7, 3, 4],
      macs: 14 * 12 * 12,
      parameters: 144,
    });
  });

  test("an LSTM of two directions: four gates from the input and the state at each step", () => {
    const { macs, parameters, shape } = single(
      "LSTM",
      [[10, 2, 16]],
      [
        [2, 32, 16],
        [2, 32, 8],
        [2, 64],
      ],
      {
        hidden_size: 8,
        direction: "bidirectional",
      },
      { outputs: 3 },
    );
    expect([shape, macs, parameters]).toEqual([[10, 2, 2, 8], 2 * 20 * 32 * (16 + 8), 2 * 32 * 24 + 128]);
  });

  test("a group normalisation has two parameters for each channel, whatever the groups are", () => {
    const { ops, parameters } = single(
      "GroupNormalization",
      [[2, 12, 5, 7]],
      [[12], [12]],
      { num_groups: 4 },
      { opset: 21 },
    );
    expect(ops).toMatchObject([
      { kind: "layernorm", rows: 8, width: 3 * 35 },
      { kind: "batchnorm", rows: 2 * 35, width: 12 },
    ]);
    expect(parameters).toBe(24);
  });

  test("pooling that runs off the edge, and over everything", () => {
    expect(
      single("MaxPool", [[1, 2, 6, 6]], [], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }).shape,
    ).toEqual([1, 2, 3, 3]);
    expect(single("GlobalAveragePool", [[1, 2, 6, 5]], []).shape).toEqual([1, 2, 1, 1]);
  });

  test("attention that ONNX Runtime put together: one projection, scores, softmax, context", () => {
    const { ops, macs, shape } = single(
      "Attention",
      [[1, 6, 8]],
      [[8, 24], [24]],
      { num_heads: 2 },
      { domain: "com.microsoft" },
    );
    expect(shape).toEqual([1, 6, 8]);
    expect(ops.map(({ name, kind }) => `${name.split(".").at(-1)} ${kind}`)).toEqual([
      "projection matmul",
      "scores matmul",
      "softmax softmax",
      "context matmul",
    ]);
    expect(macs).toBe(6 * 8 * 24 + 2 * 2 * 6 * 6 * 4);
  });

  test("what runs on constants alone, or keeps the bytes, is free; what moves them is not", () => {
    const model = onnxModel({ opset: 13 });
    const x = model.input("x", [2, 3, 4]);
    const table = model.node("Sqrt", [model.node("Abs", [model.weight("w", [3, 4])])]);
    const flat = model.node("Reshape", [x, model.ints("shape", [0, -1])]);
    const back = model.node("Reshape", [flat, model.ints("shape", [2, 3, 4])]);
    const turned = model.node("Transpose", [model.node("Add", [back, table])], { perm: [0, 2, 1] });
    model.output(model.node("Unsqueeze", [turned, model.ints("axes", [0])]));
    const { ops } = graphOf(model);
    expect(ops.map(({ kind }) => kind)).toEqual(["elementwise", "movement"]);
    expect(ops[0]).toMatchObject({ rows: 2, width: 12, parametersPerElement: 1, inputs: ["input"] });
    expect(ops.map((op) => outputElements(op))).toEqual([24, 24]);
  });

  test("a product of quantised operands takes their scales with it, and has int8 weights", () => {
    const model = onnxModel({ opset: 13 });
    const scale = model.floats("scale", [0.1]);
    const x = model.node("QuantizeLinear", [model.input("x", [1, 64]), scale]);
    const weight = model.node("DequantizeLinear", [model.weight("w", [64, 32], 3), scale]);
    const product = model.node("MatMul", [model.node("DequantizeLinear", [x, scale]), weight]);
    model.output(model.node("QuantizeLinear", [product, scale]));
    const graph = graphOf(model);
    expect(graph.precision).toBe("int8");
    expect(graph.ops.map((op) => ("operation" in op ? op.operation : op.kind))).toEqual([
      "quantize",
      "matmul",
      "quantize",
    ]);
  });
});

describe("a model that cannot be taken is told why", () => {
  test("open dimensions, each with the places where it stands; wrong names with the right ones", () => {
    expect(refusal(bertBase(), { dims: { batch: 1, sequnce: 128 } })).toBe(
      [
        'model.onnx input input_ids[1], attention_mask[1], token_type_ids[1]: expected a size for "sequence" (--dim sequence=1), found none',
        'model.onnx --dim sequnce: expected one of batch, sequence, found "sequnce"; did you mean "sequence"?',
      ].join("\n"),
    );
  });

  test("unknown operators with their count and share; or they are listed as uncosted, and what follows them too", () => {
    const model = onnxModel({ domains: ["my.domain"] });
    const x = model.node("Relu", [model.input("x", [4, 8])]);
    const odd = model.node("Frobnicate", [x], {}, { domain: "my.domain" });
    model.output(model.node("Relu", [odd]));
    model.output(model.node("Tanh", [x]));
    expect(refusal(model)).toBe(
      "model.onnx graph: expected operators that have a rule (--allow-unknown lists them as uncosted), found 1 x my.domain:Frobnicate (25 % of 4 nodes)",
    );
    const { notes, ops } = graphOf(model, { allowUnknown: true });
    expect(ops.map(({ kind }) => kind)).toEqual(["relu", "elementwise"]);
    expect(notes).toEqual([
      "uncosted: 1 x my.domain:Frobnicate (25 % of 4 nodes), which has no rule",
      "uncosted: 1 x Relu (25 % of 4 nodes), whose sizes an operator without a rule decides",
    ]);
  });

  test("an If is followed where its condition is known, and refused where the run decides", () => {
    const branch = (name: string, operator: string) => ({
      graph: {
        name,
        node: [nodeOf(`${name}/op`, operator, ["x"], [`${name}_out`])],
        output: [{ name: `${name}_out` }],
      },
    });
    const build = (condition: (model: Model) => string): Model => {
      const model = onnxModel({ opset: 13 });
      const chosen = condition(model);
      if (!model.graph.input.some(({ name }) => name === "x")) model.input("x", [2, 3]);
      const made = model.node("If", [chosen], {
        then_branch: branch("yes", "Relu"),
        else_branch: branch("no", "Tanh"),
      });
      model.output(made);
      return model;
    };
    const known = build((model) => {
      const x = model.input("x", [2, 3]);
      return model.node("Equal", [model.node("Size", [x]), model.ints("six", [6], [])]);
    });
    expect(graphOf(known).ops).toMatchObject([{ kind: "relu", name: "yes/op" }]);
    const open = build((model) => model.input("flag", [1], 9));
    expect(refusal(open)).toMatch(
      /node \/If \(If\): expected a condition that is known before the run, found/,
    );
  });

  test("loops, sequences and shapes that the run decides", () => {
    const loop = onnxModel();
    loop.output(loop.node("Loop", [loop.ints("times", [3], []), "", loop.input("x", [1])]));
    expect(refusal(loop)).toContain("1 x Loop (100 % of 1 nodes)");
    const open = onnxModel();
    open.output(open.node("Reshape", [open.input("x", [6]), open.input("shape", [2], int64Type)]));
    expect(refusal(open)).toBe(
      'model.onnx node /Reshape (Reshape): expected values that are known before the run, for they decide a shape, found "shape", which is an input of the run (--value shape=[1, 2] sets it)',
    );
    const sequence = onnxModel();
    sequence.graph.input.push({
      name: "list",
      type: { sequenceType: { elemType: valueInfo("", [1]).type ?? {} } },
    });
    expect(refusal(sequence)).toBe('model.onnx graph input "list": expected a tensor, found a sequence');
  });

  test("shapes that do not go together, by the node's name", () => {
    const model = onnxModel();
    model.output(
      model.node("MatMul", [model.input("x", [2, 3]), model.weight("w", [4, 5])], {}, { name: "scores" }),
    );
    expect(refusal(model)).toBe(
      "model.onnx node scores (MatMul): expected matrices whose inner sizes are equal, found [2, 3] and [4, 5]",
    );
  });

  test("an operator set that is not known", () => {
    expect(refusal(onnxModel({ opset: 99 }))).toBe(
      "model.onnx opset_import: expected ONNX's operators in a version from 1 to 24, found 99",
    );
  });
});

describe("the file's form", () => {
  test("local functions are inlined, with their attributes and names", () => {
    const body = [
      nodeOf("wide", "MatMul", ["x", "w"], ["y"]),
      {
        ...nodeOf("norm", "Softmax", ["y"], ["z"]),
        attribute: [{ name: "axis", refAttrName: "along", type: 2 }],
      },
    ];
    const local = {
      name: "Layer",
      domain: "local",
      input: ["x", "w"],
      output: ["z"],
      attribute: ["along"],
      node: body,
      opsetImport: [{ domain: "", version: 17 }],
    };
    const model = onnxModel({ functions: [local], domains: ["local"] });
    const x = model.input("x", [4, 8]);
    const made = model.node(
      "Layer",
      [x, model.weight("w", [8, 6])],
      { along: 0 },
      { name: "first", domain: "local" },
    );
    model.output(made);
    expect(graphOf(model).ops).toMatchObject([
      { name: "first/wide", kind: "matmul", rows: 4, inner: 8, columns: 6 },
      { name: "first/norm", kind: "softmax", rows: 6, width: 4, inputs: ["first/wide"] },
    ]);
  });

  test("functions that call themselves end in an error", () => {
    const local = {
      name: "Again",
      domain: "local",
      input: ["x"],
      output: ["y"],
      node: [nodeOf("a", "Again", ["x"], ["y"], {}, "local")],
    };
    const model = onnxModel({ functions: [local], domains: ["local"] });
    model.output(model.node("Again", [model.input("x", [1])], {}, { domain: "local" }));
    expect(refusal(model)).toMatch(/expected at most 40 functions in each other, found more/);
  });

  test("the reader finds what onnx-proto finds", () => {
    const bytes = gpt2().bytes();
    const ours = readModel(wireOf(bytesSource(bytes))).graph;
    const theirs = proto.onnx.ModelProto.decode(bytes).graph;
    expect(
      ours.nodes.map(({ name, operator, inputs, outputs }) => [name, operator, inputs, outputs]),
    ).toEqual(theirs?.node?.map(({ name, opType, input, output }) => [name, opType, input, output]));
    expect(ours.initializers.map(({ name, shape }) => [name, shape])).toEqual(
      theirs?.initializer?.map(({ name, dims }) => [name, dims?.map(Number)]),
    );
    expect(
      ours.nodes.flatMap(({ attributes }) =>
        [...attributes.values()].map(({ name, int, ints }) => [name, int ?? null, ints]),
      ),
    ).toEqual(
      theirs?.node?.flatMap(({ attribute }) =>
        (attribute ?? []).map(({ name, type, i, ints }) => [
          name,
          type === 2 ? Number(i) : null,
          (ints ?? []).map(Number),
        ]),
      ),
    );
  });

  test("of two gigabytes of inline weights less than a thousandth is read", () => {
    const source = pieceSource(hugeModel(32));
    expect(source.size).toBeGreaterThan(2 ** 31);
    const found = importOnnx(source, "huge.onnx");
    expect(found.ok && found.graph.ops.reduce((sum, op) => sum + parametersOf(op), 0)).toBe(32 * 4096 ** 2);
    expect(source.bytesRead()).toBeLessThan(source.size / 1000);
  });

  test("sizes that contradict the bytes are told", () => {
    const model = onnxModel();
    model.graph.initializer.push({
      name: "w",
      dims: [3, 4],
      dataType: floatType,
      rawData: new Uint8Array(40),
    });
    expect(refusal(model)).toBe('model.onnx initializer "w": expected [3, 4] of float32, 48 B, found 40 B');
  });
});

describe("sparsity that is measured", () => {
  /** inner x columns, two of every four kept along the inner dimension. */
  const kept = (transposed: boolean): Float32Array => {
    const values = new Float32Array(16 * 8);
    for (let inner = 0; inner < 16; inner += 1)
      for (let column = 0; column < 8; column += 1)
        if ((inner + column) % 4 < 2) values[transposed ? column * 16 + inner : inner * 8 + column] = 1;
    return values;
  };
  const model = (transposed: boolean): Model => {
    const built = onnxModel();
    const rawData = new Uint8Array(kept(transposed).buffer);
    built.graph.initializer.push({
      name: "w",
      dims: transposed ? [8, 16] : [16, 8],
      dataType: floatType,
      rawData,
    });
    const x = built.input("x", [4, 16]);
    built.output(transposed ? built.node("Gemm", [x, "w"], { transB: 1 }) : built.node("MatMul", [x, "w"]));
    return built;
  };

  test("2:4 along the inner dimension becomes the encoding, whichever way the matrix stands", () => {
    for (const transposed of [false, true]) {
      const { ops, sparsity } = graphOf(model(transposed), { measureSparsity: true });
      expect(ops[0]).toMatchObject({ encoding: { kind: "nm", n: 2, m: 4, metadata: "index", bits: 32 } });
      expect([...sparsity.values()]).toEqual([{ density: 0.5, pattern: { n: 2, m: 4 } }]);
      expect(ops[0] && macsOf(ops[0])).toBe((4 * 16 * 8) / 2);
    }
  });

  /** Filters of which two of every four are kept along kernel rows, kernel columns and channels, in one order or in another of the file. */
  const filters = (made: number, channels: number, window: number, filterFirst: boolean): Float32Array => {
    const values = new Float32Array(made * channels * window);
    for (let filter = 0; filter < made; filter += 1)
      for (let channel = 0; channel < channels; channel += 1)
        for (let tap = 0; tap < window; tap += 1) {
          const inner = filterFirst ? tap * channels + channel : channel;
          const index = filterFirst
            ? (filter * channels + channel) * window + tap
            : (channel * made + filter) * window + tap;
          if ((inner + filter) % 4 < 2) values[index] = 1;
        }
    return values;
  };

  test.each([
    ["a convolution", "Conv", 8, 16, 1, 3],
    ["a convolution whose groups of four run over two taps", "Conv", 8, 2, 1, 2],
    ["a convolution in four groups", "Conv", 8, 8, 4, 3],
    ["a transposed convolution", "ConvTranspose", 8, 16, 1, 3],
    ["a transposed convolution in two groups", "ConvTranspose", 4, 4, 2, 3],
  ] as const)(
    "2:4 of the filters of %s becomes its encoding",
    (_, operator, made, channels, group, kernel) => {
      const built = onnxModel();
      const filterFirst = operator === "Conv";
      const each = filters(made, channels, kernel * kernel, filterFirst);
      const values = filterFirst
        ? each
        : Float32Array.from({ length: group * each.length }, (_, at) => each[at % each.length] ?? 0);
      const dims = filterFirst ? [made, channels, kernel, kernel] : [group * channels, made, kernel, kernel];
      built.graph.initializer.push({
        name: "w",
        dims,
        dataType: floatType,
        rawData: new Uint8Array(values.buffer),
      });
      const x = built.input("x", [1, group * channels, 6, 6]);
      built.output(built.node(operator, [x, "w"], { group }));
      const { ops, sparsity } = graphOf(built, { measureSparsity: true });
      expect([...sparsity.values()]).toEqual([{ density: 0.5, pattern: { n: 2, m: 4 } }]);
      expect(ops[0]).toMatchObject({ encoding: { kind: "nm", n: 2, m: 4, metadata: "index", bits: 32 } });
      const dense = graphOf(built).ops[0];
      expect(ops[0] && dense && macsOf(ops[0]) / macsOf(dense)).toBe(0.5);
    },
  );

  test("without being asked no weight is read, and dense weights stay dense", () => {
    expect(graphOf(model(true)).ops[0]).not.toHaveProperty("encoding");
  });

  test("a low density without a tight pattern is stored compressed", () => {
    const built = onnxModel();
    const values = new Float32Array(64 * 64);
    values.fill(1, 0, 64 * 4);
    built.graph.initializer.push({
      name: "w",
      dims: [64, 64],
      dataType: floatType,
      rawData: new Uint8Array(values.buffer),
    });
    built.output(built.node("MatMul", [built.input("x", [1, 64]), "w"]));
    const { ops } = graphOf(built, { measureSparsity: true });
    expect(ops[0]).toMatchObject({ encoding: { kind: "csr", density: 1 / 16 } });
  });

  test("external weights that are not there are told", () => {
    const built = onnxModel();
    built.output(built.node("MatMul", [built.input("x", [1, 64]), built.weight("w", [64, 64])]));
    expect(refusal(built, { measureSparsity: true })).toContain(
      'a file of weights "weights.bin" beside the model',
    );
  });
});

describe("inputs that decide shapes", () => {
  const reshaping = (size: number | string = 3): Model => {
    const model = onnxModel();
    const x = model.input("x", [6, 4]);
    const made = model.node("Reshape", [x, model.input("shape", [size], int64Type)]);
    model.output(model.node("MatMul", [made, model.weight("w", [2, 5])]));
    return model;
  };

  test("are given element by element; what follows from them is known as well", () => {
    const { ops, outputs } = graphOf(reshaping(), { values: { shape: [3, -1, 2] } });
    expect(outputs[0]?.shape).toEqual([3, 4, 5]);
    expect(ops).toMatchObject([{ kind: "matmul", inner: 2, columns: 5, inputs: ["input"] }]);
    const scaled = onnxModel();
    const x = scaled.input("x", [1, 2, 8, 8]);
    const scale = scaled.node("Mul", [scaled.input("scale", [4]), scaled.floats("two", [1, 1, 2, 2], [4])]);
    scaled.output(scaled.node("Resize", [x, "", scale]));
    expect(graphOf(scaled, { values: { scale: [1, 1, 1.5, 1] } }).outputs[0]?.shape).toEqual([1, 2, 24, 16]);
  });

  test("set an open length by their own", () => {
    expect(graphOf(reshaping("rank"), { values: { shape: [12, 2] } }).outputs[0]?.shape).toEqual([12, 5]);
  });

  test("are refused where they do not go with the input", () => {
    const said = (values: OnnxOptions["values"] & object, size?: string): string =>
      refusal(reshaping(size), { values });
    expect(said({ shpae: [1, 2, 3] })).toContain(
      'model.onnx --value shpae: expected one of x, shape, found "shpae"; did you mean "shape"?',
    );
    expect(said({ shape: [12, 2] })).toBe("model.onnx --value shape: expected 3 numbers for [3], found 2");
    expect(said({ shape: [12, 0.5, 4] })).toBe(
      "model.onnx --value shape: expected whole numbers of int64, found [12, 0.5, 4]",
    );
  });
});
