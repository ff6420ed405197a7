import { expect, test } from "vitest";
import { convolutionProduct, outputSize } from "../../src/workload/convolution.ts";
import { macsOf, outputElements, parametersOf } from "../../src/workload/count.ts";
import type { Op } from "../../src/workload/op.ts";
import { visionNetworks } from "../../src/workload/vision/index.ts";

const sum = (ops: readonly Op[], of: (op: Op) => number): number =>
  ops.reduce((total, op) => total + of(op), 0);

// torchvision.models: parameters (num_params) and GMACs (_ops) of the weights' pages.
test.each([
  ["alexnet", 61_100_840, 0.714],
  ["vgg-16", 138_357_544, 15.47],
  ["resnet-18", 11_689_512, 1.814],
  ["resnet-50", 25_557_032, 4.089],
  ["mobilenet-v2", 3_504_872, 0.301],
  ["efficientnet-b0", 5_288_548, 0.386],
  ["googlenet", 6_624_904, 1.498],
  ["vit-b", 86_567_656, 17.564],
] as const)(
  "%s has the published parameters exactly, and the published MACs",
  (name, parameters, gigaMacs) => {
    const ops = visionNetworks[name]({ batch: 1, normalization: "separate", image: 224 });
    expect(sum(ops, parametersOf)).toBe(parameters);
    expect(Math.abs(sum(ops, (op) => macsOf(op)) / 1e9 / gigaMacs - 1)).toBeLessThan(0.005);
  },
);

test("every op reads what was made before it, and names are unique", () => {
  for (const build of Object.values(visionNetworks)) {
    const seen = new Set(["input"]);
    for (const { name, inputs } of build({ batch: 2, normalization: "folded", image: 224 })) {
      for (const input of inputs) expect(seen).toContain(input);
      expect(seen).not.toContain(name);
      seen.add(name);
    }
  }
});

test("a batch multiplies the work and not the parameters; folding takes one number of two from each normalised channel", () => {
  const [one, four] = [1, 4].map((batch) =>
    visionNetworks["resnet-18"]({ batch, normalization: "separate", image: 224 }),
  );
  expect(sum(four ?? [], (op) => macsOf(op))).toBe(4 * sum(one ?? [], (op) => macsOf(op)));
  expect(sum(four ?? [], (op) => outputElements(op))).toBe(4 * sum(one ?? [], (op) => outputElements(op)));
  const folded = visionNetworks["resnet-18"]({ batch: 1, normalization: "folded", image: 224 });
  // ResNet-18 normalises 4800 channels: 64 + 5 x 64 - 64 .. counted by hand over its 20 convolutions.
  const channels = 64 + 4 * 64 + 4 * 128 + 128 + 4 * 256 + 256 + 4 * 512 + 512;
  expect(sum(one ?? [], parametersOf) - sum(folded, parametersOf)).toBe(channels);
});

test("a grouped, dilated, padded convolution by hand", () => {
  const op = {
    kind: "convolution",
    batch: 2,
    height: 9,
    width: 7,
    channels: 8,
    filters: 12,
    kernel: [3, 2],
    stride: [2, 2],
    padding: [1, 0],
    dilation: [2, 2],
    groups: 4,
    bias: true,
  } as const;
  // Rows: (9 + 2 - 2 x 2 - 1) / 2 + 1 = 4. Columns: (7 - 2 x 1 - 1) / 2 + 1 = 3.
  expect(outputSize(op)).toEqual({ height: 4, width: 3, depth: 1 });
  expect(convolutionProduct(op)).toEqual({ count: 4, rows: 24, inner: 12, columns: 3 });
  const named = { ...op, name: "x", inputs: ["input"] };
  expect([macsOf(named), parametersOf(named), outputElements(named)]).toEqual([
    4 * 24 * 12 * 3,
    4 * 36 + 12,
    288,
  ]);
});
