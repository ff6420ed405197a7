import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capacity } from "../../src/engine/capacity.ts";
import { counts } from "../../src/engine/counts.ts";
import { run } from "../../src/engine/run.ts";
import { type Report, simulate, type Workload } from "../../src/index.ts";
import { outputSize, type Pair } from "../../src/workload/convolution.ts";
import { countWorkload, outputElements } from "../../src/workload/count.ts";
import type { Op } from "../../src/workload/op.ts";
import { planned, reportOf } from "../library.ts";

/** One pass through ops given by hand. */
const graph = (ops: readonly Op[], times = 1): Workload => ({
  name: "pencil",
  source: "a test",
  precision: "int8",
  task: { kind: "inference", model: { kind: "graph", family: "pencil" }, batch: 1, sequence: 1 },
  phases: [{ name: "inference", steps: 1, tokensPerStep: 1, past: 0, blocks: [{ name: "net", times, ops }] }],
});

const matrix = (name: string, input: string, rows: number, inner: number, columns: number): Op => ({
  ...{ name, inputs: [input], kind: "matmul", count: 1, rows, inner, columns },
  ...{ right: "parameters", bias: false },
});

const rowwise = (kind: "relu" | "residual", name: string, inputs: readonly string[]): Op => ({
  ...{ name, inputs, kind, count: 1, rows: 64, width: 64, parametersPerElement: 0 },
});

/** A 4 x 4 array at one byte a tick and no latency but the array's own. */
const pencil = [
  "units.array.rows=4",
  "units.array.columns=4",
  "units.memory.width=8 bit",
  "units.memory.latency.idle=0 ns",
  "sequencer.issue=0 cycles",
  "units.inputs.capacity=32 B",
  "units.results.capacity=128 B",
];

function finishOf(workload: Workload, hardware: string, set: readonly string[]): number {
  const { machine } = planned(hardware, "resnet-50", set);
  return run(machine.dataflow.lower(machine.hardware, workload)).finish;
}

describe("a product of 4 x 4 by 4 x 16 in four tiles of 4 x 4 weights, by hand", () => {
  const product = graph([matrix("product", "input", 4, 4, 16)]);

  // A tile: 16 ticks of weights, 14 on the array (4 to load, 4 rows, 6 to drain) of which 4 until the next may enter, one to leave
  // and one of latency, 16 to store. The input comes once, behind the first weights.
  test("double-buffered, the memory works all the time: weights, input, weights; store, weights; ..", () => {
    // Weights 0-16, input 16-32, weights 32-48; first results at 32 + 14 + 2 = 48, then 16 each of store and weights, in turns;
    // the fourth tile's weights are there at 112, its results at 128, stored at 144.
    expect(finishOf(product, "gemmini", [...pencil, "units.weights.capacity=32 B"])).toBe(144);
  });

  test("single-buffered, each load waits for the product before, and the product for the load", () => {
    // First results at 48 as above. Weights ask at 46 and give way to the store 48-64: there at 78; results at 94. The third ask at 92
    // and give way to the store 94-110: there at 124, results at 140; the fourth at 170, results at 186, stored at 202.
    const single = [...pencil, "units.weights.capacity=16 B", "dataflow.buffering=single"];
    expect(finishOf(product, "gemmini", single)).toBe(202);
  });
});

describe("fusion", () => {
  const ops = [matrix("product", "input", 64, 64, 64), rowwise("relu", "relu", ["product"])];
  const bytesOf = (fuse: boolean): number => {
    const { machine } = planned("gemmini", "resnet-50", [`dataflow.fuse=${fuse}`]);
    return counts(machine.dataflow.lower(machine.hardware, graph(ops))).reduce(
      (sum, { counts }) => sum + (counts["memory.readBytes"] ?? 0) + (counts["memory.writeBytes"] ?? 0),
      0,
    );
  };

  test("a fused activation spares a store and a load of the result", () => {
    // 64 x 64 of weights, input and result; unfused, the product's result is stored and loaded on top.
    expect(bytesOf(true)).toBe(3 * 4096);
    expect(bytesOf(false)).toBe(5 * 4096);
  });

  test("a result that two ops read is made, not fused away", () => {
    const both: readonly Op[] = [...ops, rowwise("residual", "sum", ["product", "relu"])];
    const { machine } = planned("gemmini", "resnet-50");
    const stores = counts(machine.dataflow.lower(machine.hardware, graph(both))).filter(({ task }) =>
      task.id.endsWith(".store"),
    );
    expect(new Set(stores.map(({ task }) => task.op))).toEqual(
      new Set(["net.product", "net.relu", "net.sum"]),
    );
  });
});

describe("results on chip", () => {
  test("TPU v1 keeps ResNet-50's in its buffer: memory brings weights and the image, and takes the classes", () => {
    const { memories, ops } = reportOf("tpu-v1", "resnet-50");
    const bytes = ops.reduce((sum, op) => sum + (op.bytes["memory"] ?? 0), 0);
    expect(bytes).toBe(25_530_472 + 224 * 224 * 3 + 1000);
    expect(memories.find(({ memory }) => memory === "activations")?.peakBytes).toBeLessThan(22 * 2 ** 20);
  });

  test("what does not fit goes through memory, and takes its time", () => {
    const whole = reportOf("edge-tpu", "vgg-16");
    const less = reportOf("edge-tpu", "vgg-16", ["units.activations.capacity=1 MiB"]);
    const bytes = ({ ops }: Report): number => ops.reduce((sum, op) => sum + (op.bytes["memory"] ?? 0), 0);
    expect(bytes(less)).toBeGreaterThan(bytes(whole) + 10e6);
    expect(less.totals.latencySeconds).toBeGreaterThan(whole.totals.latencySeconds);
  });

  test("repeated layers take as long each as one behind the other, and memory is given back", () => {
    const layer = [matrix("a", "input", 64, 64, 256), matrix("b", "a", 64, 256, 64)];
    const { machine } = planned("tpu-v1", "resnet-50");
    const stats = [10, 20, 1010].map((times) =>
      run(machine.dataflow.lower(machine.hardware, graph(layer, times))),
    );
    const [ten, twenty, many] = stats.map(({ finish }) => finish);
    expect((many ?? 0) - (ten ?? 0)).toBe(100 * ((twenty ?? 0) - (ten ?? 0)));
    expect(stats[2]?.work.executed).toBeLessThan(2000);
  });
});

describe("TPU v1 as published (ISCA 2017)", () => {
  const { machine } = planned("tpu-v1", "resnet-50");
  const { array, memory } = machine.hardware.units;

  test("the roofline's knee is at about 1350 MACs for each byte of weights", () => {
    // 65,536 MACs at 700 MHz over 34 GB/s.
    const knee = (array?.spec.peak["macs"] ?? 0) / (memory?.spec.peak["bytes"] ?? 1);
    expect(Math.abs(knee / 1350 - 1)).toBeLessThan(0.01);
  });

  test("MLP0, five layers of 2000 x 2000 at batch 200, runs at 85 to 100 % of its roofline; the chip reached 12.3 of 13.6 TOPS", () => {
    const layers = [1, 2, 3, 4, 5].map((n) =>
      matrix(`layer${n}`, n === 1 ? "input" : `layer${n - 1}`, 200, 2000, 2000),
    );
    const result = simulate({ ...planned("tpu-v1", "resnet-50"), workload: graph(layers) });
    if (result.status === "unfit") throw new Error(result.reason);
    // Two operations a MAC, 200 MACs a byte of weights, 34 GB/s: 13.6 TOPS.
    const share = (2 * result.report.totals.macsPerSecond) / 13.6e12;
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(1.005);
  });

  test("16-bit operands take four passes: four times the cycles of the array, for MACs that are counted apart", () => {
    const [narrow, wide] = (["int8", "int16"] as const).map((precision) => {
      const workload = { ...graph([matrix("product", "input", 2048, 256, 256)]), precision };
      const result = simulate({ ...planned("tpu-v1", "resnet-50"), workload });
      if (result.status === "unfit") throw new Error(result.reason);
      return result.report;
    });
    const busy = (report: Report | undefined): number =>
      report?.units.find(({ unit }) => unit === "array")?.busySeconds ?? Number.NaN;
    expect(busy(wide) / busy(narrow)).toBeCloseTo(4, 6);
    expect(wide?.totals.macs).toBe(2048 * 256 * 256);
    expect(wide?.energy.unpriced).toContain("array.int16.macs");
  });
});

describe("what does not fit", () => {
  const misfits = (workload: string, set: readonly string[]): string => {
    const { machine, workload: work } = planned("gemmini", workload, set);
    return machine.dataflow
      .check(machine.hardware, work)
      .map(({ what, arithmetic }) => `${what}: ${arithmetic}`)
      .join("\n");
  };

  test("ops without a unit, number formats, buffers and memories are named with their arithmetic", () => {
    expect(misfits("fnet-base", ["precision=int8"])).toContain(
      "a systolic machine has no unit for an op: fourier.fourierSequence is fft",
    );
    expect(misfits("bert-base", [])).toContain("workload in fp16, array in int8");
    expect(misfits("resnet-50", ["units.weights.capacity=64 B"])).toContain(
      'the smallest tile of a product exceeds the buffer "weights": conv1.convolution: 2 of one row, one column and one channel, 98 B > 64 B',
    );
    expect(misfits("vgg-16", ["units.memory.capacity=100 MB"])).toContain("> 100000000 B");
  });

  test("a machine that lacks a unit is told which", () => {
    const { machine } = planned("sta-fpga", "bert-base", ["dataflow.name=sta"]);
    const { dataflow } = planned("gemmini", "resnet-50").machine;
    const found = dataflow.check(machine.hardware, planned("sta-fpga", "bert-base").workload);
    expect(found.map(({ what }) => what)).toContain(
      'a systolic machine needs a unit "array" of kind systolic or nm-systolic',
    );
  });
});

test("depthwise convolutions are told to fill little of the array", () => {
  const { warnings, ops } = reportOf("tpu-v1", "mobilenet-v2");
  expect(warnings).toEqual([
    "17 grouped convolutions fill little of the array: stage1_1.depthwise takes 9 x 1 PEs, one group at a time",
  ]);
  const depthwise = ops.find(({ op }) => op === "stage1_1.depthwise");
  expect(depthwise?.utilization).toBeLessThan(9 / 65_536);
});

test("several arrays share the columns of a product", () => {
  const busy = (arrays: number): number => {
    const set = [
      "units.array.rows=128",
      "units.array.columns=128",
      `units.array.arrays=${arrays}`,
      "units.memory.channels=4096",
    ];
    const { machine } = planned("tpu-v1", "resnet-50", set);
    const { units } = run(
      machine.dataflow.lower(machine.hardware, graph([matrix("product", "input", 512, 128, 512)])),
    );
    return units.find(({ name }) => name === "device0.array")?.busy ?? Number.NaN;
  };
  // Four folds of 512 rows each, one behind the other, or one on each array.
  expect([busy(1) / busy(4), busy(1) / busy(2)]).toEqual([4, 2]);
});

test("on a memory down to its banks weights and activations are walks of their own", () => {
  const { memories } = reportOf("gemmini-banked", "alexnet");
  const walks = memories.find(({ memory }) => memory === "memory")?.walks ?? [];
  const bytes = Object.fromEntries(walks.map(({ walk, bytes }) => [walk, bytes]));
  expect(bytes["weights"]).toBeGreaterThanOrEqual(61_100_840);
  expect(bytes["activations"]).toBeGreaterThan(0);
});

describe("any network on any machine", () => {
  const pair = (n: number): Pair => [n, n];
  const size = fc.constantFrom(1, 2, 3, 5, 8, 16, 30);
  const layer = fc.record({
    kind: fc.constantFrom("convolution" as const, "matmul" as const, "pooling" as const, "relu" as const),
    filters: size,
    kernel: fc.constantFrom(1, 2, 3),
    stride: fc.constantFrom(1, 2, 3),
    depthwise: fc.boolean(),
    residual: fc.boolean(),
    pattern: fc.option(fc.constantFrom({ n: 1, m: 4 }, { n: 2, m: 4 }, { n: [1, 3], m: 8 }, { n: 3, m: 4 }), {
      nil: undefined,
    }),
  });
  const settings = fc.record({
    rows: fc.constantFrom(1, 4, 16, 40),
    columns: fc.constantFrom(1, 4, 16, 40),
    arrays: fc.constantFrom(1, 3),
    kind: fc.constantFrom("systolic", "nm-systolic"),
    stationary: fc.constantFrom("weights", "outputs", "inputs"),
    folds: fc.constantFrom("serial", "overlapped"),
    edges: fc.constantFrom("full", "shrunk"),
    inputs: fc.constantFrom(64, 500, 20_000),
    weights: fc.constantFrom(64, 500, 20_000),
    results: fc.constantFrom(64, 500, 20_000),
    activations: fc.constantFrom(1, 2000, 1_000_000),
    buffering: fc.constantFrom("single", "double"),
    fuse: fc.boolean(),
  });

  /** A chain of layers on images of 9 x 7, each reading the one before, some adding what was there before that. */
  function networkOf(
    layers: readonly (typeof layer extends fc.Arbitrary<infer T> ? T : never)[],
  ): readonly Op[] {
    const ops: Op[] = [];
    let [name, height, width, channels] = ["input", 9, 7, 3];
    for (const [index, each] of layers.entries()) {
      const { kind, filters, kernel, stride, depthwise, residual, pattern } = each;
      const made = `op${index}`;
      const stored =
        pattern === undefined
          ? {}
          : ({ encoding: { kind: "nm", ...pattern, bits: 8, metadata: "index" } } as const);
      const windowed = {
        ...{ batch: 2, height, width, channels, kernel: pair(kernel), stride: pair(stride) },
        ...{ padding: pair(1), dilation: pair(1) },
      } as const;
      const rows = { count: 1, rows: 2 * height * width, width: channels, parametersPerElement: 0 };
      if (kind === "convolution" || kind === "pooling") {
        const op =
          kind === "pooling"
            ? ({ kind, pool: "max", ceil: false, ...windowed } as const)
            : depthwise
              ? ({ kind, filters: channels, groups: channels, bias: false, ...stored, ...windowed } as const)
              : ({ kind, filters, groups: 1, bias: true, ...stored, ...windowed } as const);
        ops.push({ name: made, inputs: [name], ...op });
        ({ height, width } = outputSize(op));
        channels = op.kind === "convolution" ? op.filters : channels;
      } else if (kind === "matmul") {
        ops.push({ ...matrix(made, name, 2 * height * width, channels, filters), ...stored });
        channels = filters;
      } else if (residual && name !== "input") {
        ops.push({ name: made, inputs: [name, name], kind: "residual", ...rows });
      } else ops.push({ name: made, inputs: [name], kind: "relu", ...rows });
      name = made;
    }
    return ops;
  }

  test("runs each op, does each MAC once, loads each weight, and is the same unrolled; or says what does not fit", () => {
    let ran = 0;
    fc.assert(
      fc.property(
        settings,
        fc.array(layer, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (drawn, layers, times) => {
          const { buffering, fuse, inputs, weights, results, activations, ...array } = drawn;
          const set = [
            ...Object.entries(array).map(([key, value]) => `units.array.${key}=${value}`),
            ...Object.entries({ inputs, weights, results, activations }).map(
              ([unit, bytes]) => `units.${unit}.capacity=${bytes} B`,
            ),
            `dataflow.buffering=${buffering}`,
            `dataflow.fuse=${fuse}`,
          ];
          const { machine } = planned("edge-tpu", "resnet-50", set);
          const ops = networkOf(layers);
          const workload = graph(
            ops,
            outputElements(ops.at(-1) ?? matrix("", "", 0, 0, 0)) === 9 * 7 * 3 * 2 ? times : 1,
          );
          if (machine.dataflow.check(machine.hardware, workload).length > 0) return;
          ran += 1;
          const program = machine.dataflow.lower(machine.hardware, workload);
          const counted = counts(program);
          const sum = (action: string): number =>
            counted.reduce((total, each) => total + (each.counts[action] ?? 0), 0);
          const { macs, parameterBytes } = countWorkload(workload);
          expect(sum("array.macs")).toBe(macs);
          expect(sum("memory.readBytes")).toBeGreaterThanOrEqual(parameterBytes);
          const worked = new Set(counted.map(({ task }) => task.op));
          expect(ops.filter(({ name }) => !worked.has(`net.${name}`))).toEqual([]);
          expect(run(program).finish).toBe(run(program, { fastForward: false }).finish);
          // Room on chip is never overdrawn, and never given back twice.
          for (const { peak, profile, memory } of capacity(program, run(program).marks)) {
            for (const { bytes } of profile) expect(bytes).toBeGreaterThanOrEqual(0);
            if (memory.endsWith("activations")) expect(peak).toBeLessThanOrEqual(activations);
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(ran).toBeGreaterThan(40);
  });
});
