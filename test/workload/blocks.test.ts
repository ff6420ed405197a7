import { expect, test } from "vitest";
import { blocksOf } from "../../src/workload/blocks.ts";
import { outputElements, parametersOf } from "../../src/workload/count.ts";
import { liveElements, peakActivationBytes } from "../../src/workload/liveness.ts";
import type { Op } from "../../src/workload/op.ts";
import { blockInput } from "../../src/workload/operand.ts";
import { visionNames, visionNetworks } from "../../src/workload/vision/index.ts";
import { planned } from "../library.ts";

const op = (name: string, inputs: readonly string[], width = 4): Op => ({
  name,
  inputs,
  kind: "relu",
  ...{ count: 1, rows: 1, width, parametersPerElement: 0 },
});

test("ops of one first word are a block, equal neighbours one that repeats", () => {
  const ops = [
    op("stem", ["input"]),
    ...[1, 2, 3].flatMap((n) => {
      const before = n === 1 ? "stem" : `layer${n - 1}.b`;
      return [op(`layer${n}.a`, [before]), op(`layer${n}.b`, [before, `layer${n}.a`])];
    }),
    op("head", ["layer3.b"]),
  ];
  expect(
    blocksOf(ops).map(({ name, times, ops }) => [
      name,
      times,
      ops.map((each) => `${each.name} < ${each.inputs.join(" ")}`),
    ]),
  ).toEqual([
    ["stem", 1, ["relu < input"]],
    ["layer[1-3]", 3, ["a < input", "b < input a"]],
    ["head", 1, ["relu < input"]],
  ]);
});

test("what is read from farther back joins the blocks between", () => {
  const ops = [op("a", ["input"]), op("b", ["a"]), op("c", ["a", "b"]), op("d", ["c"])];
  // b may be cut from a, whose only result it reads; c reads a as well, and stays with b.
  expect(blocksOf(ops).map(({ name, ops }) => [name, ops.map(({ inputs }) => inputs)])).toEqual([
    ["a", [["input"]]],
    ["b", [["input"], ["input", "relu"]]],
    ["d", [["input"]]],
  ]);
});

test("the blocks of every network have its ops, its parameters, and no name from outside", () => {
  for (const name of visionNames) {
    const ops = visionNetworks[name]({ batch: 2, normalization: "folded", image: 224 });
    const blocks = blocksOf(ops);
    const sum = (of: readonly Op[]): number => of.reduce((total, each) => total + parametersOf(each), 0);
    expect(blocks.reduce((total, { times, ops }) => total + times * sum(ops), 0)).toBe(sum(ops));
    expect(blocks.reduce((total, { times, ops }) => total + times * ops.length, 0)).toBe(ops.length);
    expect(new Set(blocks.map((block) => block.name)).size).toBe(blocks.length);
    for (const [index, block] of blocks.entries()) {
      expect(block.name).not.toContain(".");
      const before = blocks[index - 1]?.ops.at(-1);
      // ViT's patches become words, and one more word joins them; all others take what the block before made.
      if (before !== undefined && block.name !== "positions" && block.name !== "head")
        expect(blockInput(block), `${name} ${block.name}`).toBe(outputElements(before));
      const seen = new Set(["input"]);
      for (const each of block.ops) {
        for (const input of each.inputs) expect(seen).toContain(input);
        seen.add(each.name);
      }
    }
  }
});

test("residuals and branches stay alive while others compute", () => {
  // a (8) is read by b and d: with b (4), c (2) and d (8).
  const block = {
    name: "x",
    times: 1,
    ops: [op("a", ["input"], 8), op("b", ["a"], 4), op("c", ["b"], 2), op("d", ["a", "c"], 8)],
  };
  expect(liveElements(block)).toEqual([16, 12, 14, 18]);
});

test("ResNet-50 needs three maps of 56 x 56 x 256 at a time: two branches and their sum", () => {
  const { workload } = planned("dfx-u280", "resnet-50");
  expect(peakActivationBytes(workload)).toBe(3 * 56 * 56 * 256);
});
