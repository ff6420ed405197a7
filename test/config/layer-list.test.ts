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
