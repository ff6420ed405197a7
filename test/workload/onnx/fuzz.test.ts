import fc from "fast-check";
import { expect, test } from "vitest";
import { formatProblems } from "../../../src/schema/problem.ts";
import { importOnnx } from "../../../src/workload/onnx/import.ts";
import { bytesSource } from "../../../src/workload/onnx/source.ts";
import { floatType, int64Type, onnxModel } from "./model.ts";

/** A convolution, shape arithmetic, a product and a branch: most of what the reader has to look at, in a kilobyte. */
function small(): Uint8Array {
  const model = onnxModel({ opset: 13 });
  const image = model.input("image", ["batch", 3, 8, 8], floatType);
  const ids = model.input("ids", ["batch", 4], int64Type);
  const made = model.node("Conv", [image, model.weight("w", [4, 3, 3, 3])], { pads: [1, 1, 1, 1] });
  const pooled = model.node("MaxPool", [made], { kernel_shape: [2, 2], strides: [2, 2] });
  const shape = model.node("Shape", [pooled]);
  const first = model.node("Slice", [shape, model.ints("from", [0]), model.ints("to", [1])]);
  const target = model.node("Concat", [first, model.ints("rest", [-1])], { axis: 0 });
  const flat = model.node("Reshape", [pooled, target]);
  const product = model.node("MatMul", [flat, model.weight("v", [64, 16])]);
  const parts = model.node("Split", [product], { axis: 1 }, { outputs: 2 });
  const summed = model.node("Add", [parts, model.floats("bias", [1, 2, 3, 4, 5, 6, 7, 8], [8])]);
  const words = model.node("Gather", [model.weight("table", [10, 8]), ids]);
  const tiled = model.node("Tile", [words, model.ints("times", [1, 1, 2])]);
  model.output(model.node("Softmax", [summed], { axis: -1 }));
  model.output(model.node("ReduceMean", [tiled], { axes: [-1] }));
  return model.bytes();
}

/** One clear line for each problem, or a graph. */
function judged(bytes: Uint8Array): string {
  const read = importOnnx(bytesSource(bytes), "model.onnx", { dims: { batch: 2 } });
  if (read.ok) return "";
  const text = formatProblems(read.problems);
  expect(text).toMatch(/^model\.onnx.*: expected .+, found .+/);
  return text;
}

test("the model itself is sound", () => {
  expect(judged(small())).toBe("");
});

test("a file that ends anywhere gives one clear error, or a graph when whole messages are missing", () => {
  const bytes = small();
  for (let length = 0; length < bytes.length; length += 1) judged(bytes.slice(0, length));
  expect(judged(bytes.slice(0, 0))).toBe(
    "model.onnx:1:1: expected an ONNX model with a graph, found no field graph",
  );
  expect(judged(bytes.slice(0, bytes.length - 9))).toMatch(/found the end of/);
});

test("10,000 files with some bytes changed, cut or doubled give clear errors or graphs: no crash, no hang", () => {
  const bytes = small();
  const change = fc.record({
    at: fc.nat(bytes.length - 1),
    to: fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255)),
    kind: fc.constantFrom("set", "set", "set", "cut", "insert"),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const changed = Array.from(bytes);
      for (const { at, to, kind } of changes) {
        if (kind === "set") changed[at] = to;
        else if (kind === "cut") changed.splice(at, 1 + (to % 8));
        else changed.splice(at, 0, to);
      }
      judged(Uint8Array.from(changed));
    }),
    { numRuns: 10_000, seed: 7 },
  );
});

test("text, a picture and random bytes are told to be no model", () => {
  for (const text of ["hello, this is no model", "\u0089PNG\r\n", "{}", "<html></html>"])
    expect(judged(new TextEncoder().encode(text))).toMatch(/expected .*, found /);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void judged(bytes)),
    { numRuns: 1000, seed: 1 },
  );
});
