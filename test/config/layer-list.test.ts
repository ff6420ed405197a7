import { expect, test } from "vitest";
import { resolveWorkload, workloadFields } from "../../src/config/workload.ts";
import { readConfig } from "../../src/schema/read-config.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { opsOf } from "../../src/workload/graph.ts";

const head = "name: small\nsource: here\nprecision: int8\nbatch: 2\n";

function read(layers: string) {
  const config = readConfig(workloadFields, `${head}${layers}`, "small.yaml");
  return config.ok
    ? resolveWorkload(config.value)
    : config.problems.map(({ line, expected }) => [line, expected]);
}

const layers = `layers:
  - { name: conv, convolution: { height: 6, width: 7, channels: 2, filters: 4, kernel: [3, 2], stride: [1, 2], paddingEnd: [0, 1] } }
  - { name: depthwise, convolution: { height: 4, width: 4, channels: 4, filters: 4, kernel: [1, 1], stride: [1, 1], groups: 4 } }
  - { name: dense, matmul: { rows: 1, inner: 64, columns: 10, bias: true } }
`;

test("layers become ops in a chain, for each sample of the batch", () => {
  const workload = read(layers);
  if (!("phases" in workload)) throw new Error(JSON.stringify(workload));
  const ops = opsOf(workload);
  expect(ops.map(({ name }) => name)).toEqual(["conv.convolution", "depthwise.convolution", "dense.matmul"]);
  expect(ops.every(({ op }) => op.inputs.length === 1 && op.inputs[0] === "input")).toBe(true);
  // (6 - 3 + 1) x ((7 + 1 - 2) / 2 + 1) windows of 3 x 2 x 2 by 4 filters; 4 x 4 of 1 by 4; 64 by 10; twice.
  expect(countWorkload(workload).macs).toBe(2 * (4 * 4 * 12 * 4 + 16 * 4 + 640));
});

const halves = "weights: { kind: nm, n: 2, m: 4, bits: 8, metadata: index }";

test("weights of a convolution and of a matrix are stored as the layer says, and only kept ones count", () => {
  const text = layers
    .replace("[0, 1] } }", `[0, 1] }, ${halves} }`)
    .replace("true } }", `true }, ${halves} }`);
  const workload = read(text);
  if (!("phases" in workload)) throw new Error(JSON.stringify(workload));
  const { macs, parameters, parameterBytes } = countWorkload(workload);
  expect(macs).toBe(2 * (4 * 4 * 6 * 4 + 16 * 4 + 320));
  expect(parameters).toBe(48 + 4 + 640 + 10);
  // Of 48 and of 640 half, at 8 bits and an index of 2 each.
  expect(parameterBytes).toBe(30 + 4 + 400 + 10);
  // Groups of M go over kernel rows, kernel columns and channels: the last one of 2 x 1 x 3 has two positions.
  const odd = read(
    `layers:\n  - { name: a, convolution: { height: 2, width: 1, channels: 3, filters: 5, kernel: [2, 1], stride: [1, 1] }, ${halves.replace("n: 2", "n: 1")} }\n`,
  );
  expect("phases" in odd && countWorkload(odd).macs).toBe(2 * 2 * 5);
});

test("what is wrong with a layer's weights is told at its line", () => {
  const dense = "bias: true }";
  expect(read(layers.replace(dense, `${dense}, ${halves.replace("n: 2", "n: 5")}`))).toEqual([
    [8, "at most m"],
  ]);
  expect(
    read(layers.replace(dense, `${dense}, weights: { kind: ellpack, density: 0.5, slots: 3, bits: 8 }`)),
  ).toEqual([[8, "room for all: 320 kept weights do not fit 10 x 3 slots"]]);
  expect(read(`${layers}weights: { all: { kind: dense, bits: 8 } }\n`)).toEqual([
    [9, "nothing: each of the layers has `weights` of its own"],
  ]);
});

test("what is wrong with a layer is told at its line", () => {
  expect(read(layers.replace("name: dense", "name: conv"))).toEqual([[8, "a name of its own"]]);
  expect(read(layers.replace("groups: 4", "groups: 3"))).toEqual([
    [7, "a divisor of 4 channels and 4 filters"],
  ]);
  expect(read(layers.replace("kernel: [1, 1]", "kernel: [5, 1]"))).toEqual([
    [7, "a window within the padded input"],
  ]);
  expect(read("layers:\n  - { name: none }\n")).toEqual([[6, "either a convolution or a matmul"]]);
  expect(read(`${layers}image: 224\n`)).toEqual([[9, "nothing: the layers tell everything"]]);
});
