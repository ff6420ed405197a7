import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planSingle } from "../../src/config/plan.ts";
import { simulate, type Workload } from "../../src/index.ts";
import { fileLibrary } from "../../src/node/library.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { type Block, networkInput } from "../../src/workload/graph.ts";
import { layersOf } from "../../src/workload/layers.ts";
import { peakActivationBytes } from "../../src/workload/liveness.ts";
import { importOnnx } from "../../src/workload/onnx/import.ts";
import { bytesSource } from "../../src/workload/onnx/source.ts";
import type { Op } from "../../src/workload/op.ts";
import type { Model } from "./onnx/model.ts";
import { bertBase, gpt2, llama2, mobileNetV2, resNet50, vitBase } from "./onnx/networks.ts";

function opsOf(model: Model): readonly Op[] {
  const read = importOnnx(bytesSource(model.bytes()), "model.onnx");
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.graph.ops;
}
const networks = {
  "ResNet-50": opsOf(resNet50()),
  MobileNetV2: opsOf(mobileNetV2()),
  "ViT-B": opsOf(vitBase()),
  "BERT-base": opsOf(bertBase(1, 16)),
  "GPT-2": opsOf(gpt2(1, 16)),
  "Llama-2-7B": opsOf(llama2(1, 16)),
};
const written = (blocks: readonly Block[]): number => blocks.reduce((sum, { ops }) => sum + ops.length, 0);
const loops = (blocks: readonly Block[]): readonly string[] =>
  blocks.filter(({ times }) => times > 1).map(({ name, times, ops }) => `${name}: ${times} x ${ops.length}`);

/** Op by op as the machine runs them: sizes, and the position of each input; -1 is what the network is given. */
function unrolled(blocks: readonly Block[]) {
  const made = new Map<string, number>([[networkInput, -1]]);
  const run: { readonly shape: string; readonly inputs: readonly (number | undefined)[] }[] = [];
  for (const { name, times, ops } of blocks)
    for (let turn = 0; turn < times; turn += 1) {
      const given = run.length - 1;
      const start = run.length;
      for (const op of ops) {
        const inputs = op.inputs.map((input) => {
          const inside = ops.findIndex((other) => other.name === input);
          return input === "input" ? given : inside >= 0 ? start + inside : made.get(input);
        });
        made.set(`${name}.${op.name}`, run.length);
        run.push({ shape: shapeOf(op), inputs });
      }
    }
  return run;
}
const shapeOf = (op: Op): string => JSON.stringify({ ...op, name: "", inputs: [], tiedTo: "" });
function listed(ops: readonly Op[]) {
  const at = new Map(ops.map(({ name }, index) => [name, index]));
  return ops.map((op) => ({ shape: shapeOf(op), inputs: op.inputs.map((input) => at.get(input) ?? -1) }));
}

describe("layers of a network given op by op", () => {
  test("are found in every published network", () => {
    const found = Object.entries(networks).map(([name, ops]) => [name, loops(layersOf(ops))]);
    expect(Object.fromEntries(found)).toEqual({
      "ResNet-50": ["layers[1-2]: 2 x 7", "layers[3-5]: 3 x 7", "layers[6-10]: 5 x 7"],
      MobileNetV2: ["layers[1-2]: 2 x 6", "layers[3-5]: 3 x 6", "layers[6-7]: 2 x 6", "layers[8-9]: 2 x 6"],
      "ViT-B": ["layers[1-11]: 11 x 14"],
      "BERT-base": ["layers[1-12]: 12 x 14"],
      "GPT-2": ["layers[1-11]: 11 x 13"],
      "Llama-2-7B": ["layers[1-31]: 31 x 18"],
    });
  });

  test.each(Object.entries(networks))("of %s, unrolled, are the network again", (_, ops) => {
    expect(unrolled(layersOf(ops))).toEqual(listed(ops));
  });

  test("unrolled are the network again, whatever the network", () => {
    const kinds = ["relu", "layernorm", "matmul"] as const;
    const piece = fc.record({
      kind: fc.constantFrom(...kinds),
      width: fc.integer({ min: 1, max: 2 }),
      back: fc.array(fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.integer({ min: 1, max: 9 })), {
        minLength: 1,
        maxLength: 2,
      }),
    });
    const motifs = fc.array(
      fc.tuple(fc.array(piece, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 5 })),
      { minLength: 1, maxLength: 4 },
    );
    let repeating = 0;
    fc.assert(
      fc.property(motifs, (list) => {
        const pieces = list.flatMap(([motif, times]) => Array.from({ length: times }, () => motif).flat());
        const ops = pieces.map(({ kind, width, back }, index): Op => {
          const inputs = back.map((distance) => (index < distance ? "input" : `op${index - distance}`));
          return kind === "matmul"
            ? { name: `op${index}`, inputs, ...product(width) }
            : { name: `op${index}`, inputs, kind, count: 1, rows: 4, width, parametersPerElement: 0 };
        });
        const blocks = layersOf(ops);
        repeating += loops(blocks).length > 0 ? 1 : 0;
        expect(unrolled(blocks)).toEqual(listed(ops));
      }),
      { numRuns: 300, seed: 20261121 },
    );
    expect(repeating).toBeGreaterThan(60);
  });

  test("have the names that the file gives them", () => {
    const layer = (index: number): readonly Op[] => {
      const from = index === 0 ? "/embed" : `/model/layers.${index - 1}/mlp/Add`;
      const own = `/model/layers.${index}/`;
      return [
        { name: `${own}mlp/up/MatMul`, inputs: [from], ...product(8) },
        { name: `${own}mlp/Add`, inputs: [from, `${own}mlp/up/MatMul`], ...residual },
      ];
    };
    const ops: readonly Op[] = [
      { name: "/embed", inputs: ["input"], ...product(8) },
      ...[0, 1, 2].flatMap(layer),
      { name: "/head", inputs: ["/model/layers.2/mlp/Add"], ...product(9) },
    ];
    const blocks = layersOf(ops);
    expect(blocks.map(({ name, times }) => [name, times])).toEqual([
      ["graph", 1],
      ["model/layers[0-2]", 3],
      ["graph#2", 1],
    ]);
    expect(blocks[1]?.ops.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["mlp/up/MatMul", ["input"]],
      ["mlp/Add", ["input", "mlp/up/MatMul"]],
    ]);
  });

  test("do not part what a machine may run in one piece", () => {
    const chain = Array.from({ length: 6 }, (_, index): readonly Op[] => [
      { name: `relu${index}`, inputs: [index === 0 ? "input" : `product${index - 1}`], ...residual },
      { name: `product${index}`, inputs: [`relu${index}`], ...product(8) },
    ]).flat();
    const [first, loop] = layersOf(chain);
    expect(first?.ops.map(({ name }) => name)).toEqual(["relu0"]);
    expect(loop?.ops.map(({ kind }) => kind)).toEqual(["matmul", "residual"]);
  });
});

const product = (columns: number) =>
  ({
    kind: "matmul",
    count: 1,
    rows: 4,
    inner: 8,
    columns,
    right: "parameters",
    bias: false,
  }) as const;
const residual = { kind: "residual", count: 1, rows: 4, width: 8, parametersPerElement: 0 } as const;

describe("a run of the layers", () => {
  const workloadOf = (blocks: readonly Block[]): Workload => ({
    name: "network",
    source: "test",
    precision: "int8",
    task: { kind: "inference", model: { kind: "graph", family: "onnx" }, batch: 1, sequence: 1 },
    phases: [{ name: "inference", steps: 1, tokensPerStep: 1, past: 0, blocks }],
  });
  const whole = (ops: readonly Op[]): Workload => workloadOf([{ name: "graph", times: 1, ops }]);

  test.each(Object.entries(networks))("has the counts of %s op by op, a fraction of it written", (_, ops) => {
    const blocks = layersOf(ops);
    expect(countWorkload(workloadOf(blocks))).toEqual(countWorkload(whole(ops)));
    expect(peakActivationBytes(workloadOf(blocks))).toBe(peakActivationBytes(whole(ops)));
    expect(written(blocks)).toBeLessThan(0.72 * ops.length);
  });

  test.each([
    ["tpu-v1", "ResNet-50", ""],
    ["tpu-v1", "ResNet-50", "1000 KiB"],
    ["tpu-v1", "ResNet-50", "400 KiB"],
    ["tpu-v1", "BERT-base", ""],
    ["tpu-v1", "BERT-base", "16 KiB"],
    ["tpu-v1", "Llama-2-7B", ""],
    ["tpu-like-mapped", "GPT-2", ""],
  ] as const)("takes on %s the cycles of %s op by op, and its energy %s", (machine, name, room) => {
    const plan = planSingle(machine, "alexnet", fileLibrary(), {
      set: [
        "workload.precision=int8",
        ...(room === "" ? [] : [`hardware.units.activations.capacity=${room}`]),
      ],
    });
    const ops = networks[name].slice(0, 150);
    const [layers, single] = [workloadOf(layersOf(ops)), whole(ops)].map((workload) => {
      const [result] = (plan.ok ? plan.value.runs : []).map((run) => simulate({ ...run, workload }));
      return result?.status === "done" ? result.report : undefined;
    });
    expect(layers?.totals.latencyCycles).toBeGreaterThan(1000);
    expect(layers?.totals.latencyCycles).toBe(single?.totals.latencyCycles);
    expect(layers?.totals.energyJoules).toBeCloseTo(single?.totals.energyJoules ?? 0, 12);
    expect(layers?.memories.map(({ peakBytes }) => peakBytes)).toEqual(
      single?.memories.map(({ peakBytes }) => peakBytes),
    );
    for (const { capacityBytes, peakBytes } of layers?.memories ?? [])
      expect(peakBytes).toBeLessThanOrEqual(capacityBytes);
  });
});
