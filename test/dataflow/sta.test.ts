import { describe, expect, test } from "vitest";
import { type Report, simulate } from "../../src/index.ts";
import { countWorkload, parameterBits } from "../../src/workload/count.ts";
import { opsOf } from "../../src/workload/graph.ts";
import { planned, reportOf } from "../library.ts";

const sequence = (length: number): string[] => [
  `workload.sequence=${length}`,
  "workload.model.max_position_embeddings=8192",
];
const weights = (n: number, m: number, bits = 16): string =>
  `workload.weights.all={kind: nm, n: ${n}, m: ${m}, bits: ${bits}, metadata: index}`;

const bytesOf = (report: Report, ops: readonly string[], memory = "memory"): number =>
  report.ops
    .filter(({ op }) => ops.includes(op.split(".")[1] ?? ""))
    .reduce((sum, { bytes }) => sum + (bytes[memory] ?? 0), 0);
const products = ["query", "key", "value", "projection", "expand", "contract"];

describe("BERT-base on the STA-like machine, counted with a pencil", () => {
  const tokens = 128;
  // Twelve layers of query, key, value, projection (4 * 768^2) and feed-forward (2 * 768 * 3072).
  const perLayer = 4 * 768 ** 2 + 2 * 768 * 3072;
  const biases = 4 * 768 + 3072 + 768;
  const attention = 2 * 12 * 12 * tokens * tokens * 64;

  test("dense: MACs, and two bytes for each weight and bias", () => {
    const report = reportOf("sta-fpga", "bert-base", sequence(tokens));
    expect(report.totals.macs).toBe(tokens * 12 * perLayer + attention);
    expect(bytesOf(report, products)).toBe(2 * 12 * (perLayer + biases));
  });

  test("2:4: half of the weights' MACs, and 9 of 16 bits for each weight", () => {
    const report = reportOf("sta-fpga", "bert-base", [...sequence(tokens), weights(2, 4)]);
    expect(report.totals.macs).toBe((tokens * 12 * perLayer) / 2 + attention);
    expect(bytesOf(report, products)).toBe(12 * ((perLayer * 9) / 8 + 2 * biases));
  });

  test("buffers never hold more than they can, and the softmax module's holds two heads", () => {
    for (const set of [[], [weights(1, 8)]]) {
      const report = reportOf("sta-fpga", "bert-base", [...sequence(tokens), ...set]);
      for (const { peakBytes, capacityBytes } of report.memories)
        expect(peakBytes).toBeLessThanOrEqual(capacityBytes);
      const scores = report.memories.find(({ memory }) => memory === "softmax");
      expect(scores?.peakBytes).toBe(2 * tokens * tokens * 2);
    }
  });
});

describe("scores on chip and off", () => {
  const spilled = (report: Report): number => bytesOf(report, ["scoreSpill"]);

  test("two heads of L x L scores of two bytes fill 1 MiB at L = 512; 513 is the first length that spills", () => {
    for (const length of [1, 100, 256, 511, 512])
      expect(spilled(reportOf("sta-fpga", "bert-base", sequence(length)))).toBe(0);
    const report = reportOf("sta-fpga", "bert-base", sequence(513));
    // Out and back for the softmax, out and back for the context: 12 layers of 12 heads.
    expect(spilled(report)).toBe(4 * 12 * 12 * 513 * 513 * 2);
  });

  test("while they fit, scores and softmax move no byte off chip, however many sequences pass", () => {
    const report = reportOf("sta-fpga", "bert-base", [...sequence(128), "workload.batch=1"]);
    expect(bytesOf(report, ["scores", "softmax", "context", "scoreSpill"])).toBe(0);
    expect(report.ops.some(({ op }) => op.endsWith("scoreSpill"))).toBe(false);
  });

  test("the first length that spills follows the buffer and what is kept in it", () => {
    const first = (capacity: string, rows: number, buffers: number): number => {
      const set = [
        `hardware.units.softmax.capacity=${capacity}`,
        `hardware.dataflow.scoreRows=${rows}`,
        `hardware.dataflow.scoreBuffers=${buffers}`,
        "workload.model.num_hidden_layers=1",
      ];
      const spills = (length: number): boolean =>
        spilled(reportOf("sta-fpga", "bert-base", [...sequence(length), ...set])) > 0;
      let [fits, over] = [1, 4096];
      while (over - fits > 1) {
        const middle = Math.floor((fits + over) / 2);
        if (spills(middle)) over = middle;
        else fits = middle;
      }
      return over;
    };
    // One head: L^2 * 2 B <= 65536 B up to L = 181. Blocks of 16 rows: 2 * 16 * L * 2 B <= 65536 B up to L = 1024.
    expect(first("64 KiB", 4096, 1)).toBe(182);
    expect(first("64 KiB", 16, 2)).toBe(1025);
  });

  test("spilling costs at least the time of its bytes", () => {
    const on = reportOf("sta-fpga", "bert-base", sequence(512));
    const off = reportOf("sta-fpga", "bert-base", [
      ...sequence(512),
      "hardware.units.softmax.capacity=512 KiB",
    ]);
    expect(off.totals.latencySeconds).toBeGreaterThan(on.totals.latencySeconds);
    expect(off.totals.latencySeconds).toBeGreaterThan(spilled(off) / 38.4e9);
  });
});

describe("what sparsity buys", () => {
  /** What the products would take alone: each as long as the busier of memory and matrix engine. */
  const alone = (report: Report): number =>
    report.ops
      .filter(({ op }) => products.includes(op.split(".")[1] ?? ""))
      .reduce(
        (sum, { busySeconds }) => sum + Math.max(busySeconds["memory.read"] ?? 0, busySeconds["matrix"] ?? 0),
        0,
      );
  const gains = (length: number, n: number, m: number) => {
    const set = [...sequence(length), ...roomy];
    const [dense, sparse] = [
      reportOf("sta-fpga", "bert-base", set),
      reportOf("sta-fpga", "bert-base", [...set, weights(n, m)]),
    ];
    return {
      products: alone(dense) / alone(sparse),
      whole: dense.totals.latencySeconds / sparse.totals.latencySeconds,
      dense,
      sparse,
    };
  };
  // Enough room on chip that only weights move.
  const roomy = ["hardware.units.activations.capacity=64 MiB", "hardware.units.softmax.capacity=64 MiB"];

  test.each([
    { n: 2, m: 4, storage: 9 / 16 },
    { n: 2, m: 8, storage: 19 / 64 },
    { n: 1, m: 8, storage: 19 / 128 },
  ])(
    "products at $n:$m go from the ratio of stored bits to M/N as the sequence grows",
    ({ n, m, storage }) => {
      const found = [1, 16, 32, 64, 256, 1024].map((length) => gains(length, n, m).products);
      for (const [index, gain] of found.entries()) {
        expect(gain).toBeLessThanOrEqual(m / n + 1e-9);
        expect(gain).toBeGreaterThanOrEqual((found[index - 1] ?? 1) - 1e-9);
      }
      expect(found[0]).toBeLessThanOrEqual(1 / storage);
      expect(found[0]).toBeGreaterThan(0.98 / storage);
      expect(found.at(-1)).toBeCloseTo(m / n, 6);
    },
  );

  test("the whole model comes closest to M/N where products compute and attention is still short", () => {
    const lengths = [16, 32, 64];
    const rising = lengths.map((length) => gains(length, 2, 4).whole);
    for (const [index, gain] of rising.entries()) expect(gain).toBeGreaterThan(rising[index - 1] ?? 1);
    expect(rising.at(-1)).toBeGreaterThan(1.9);
    expect(rising.at(-1)).toBeLessThan(2);
    expect(gains(2048, 2, 4).whole).toBeLessThan(rising.at(-1) ?? 0);
  });

  test("memory-bound, 2:4 gains no more than 16/9, and the report says that memory bounds it", () => {
    const { whole, sparse } = gains(1, 2, 4);
    expect(whole).toBeLessThanOrEqual(16 / 9);
    expect(whole).toBeGreaterThan(0.9 * (16 / 9));
    for (const op of products)
      expect(sparse.ops.find((row) => row.op === `attention.${op}`)?.boundBy?.unit).toBe("memory.read");
  });

  test("what keeps a long sequence from M/N stands first in the report: the dense products of attention", () => {
    const { whole, dense, sparse } = gains(1024, 1, 8);
    expect(whole).toBeLessThan(8);
    const others = sparse.ops.filter(({ op }) => !products.includes(op.split(".")[1] ?? ""));
    const largest = others.toSorted((a, b) => b.share - a.share).slice(0, 2);
    expect(largest.map(({ op, boundBy }) => [op, boundBy?.unit])).toEqual([
      ["attention.scores", "matrix"],
      ["attention.context", "matrix"],
    ]);
    // Amdahl: the time in which the engine does not work on the products explains the whole.
    const working = dense.ops
      .filter(({ op }) => products.includes(op.split(".")[1] ?? ""))
      .reduce((sum, { busySeconds }) => sum + (busySeconds["matrix"] ?? 0), 0);
    const rest = 1 - working / dense.totals.latencySeconds;
    const amdahl = 1 / (rest + (1 - rest) / 8);
    expect(whole).toBeLessThanOrEqual(amdahl);
    expect(whole).toBeGreaterThan(0.95 * amdahl);
  });

  test("as many multipliers without selectors gain nothing where they compute, and less than 16/9 where they wait", () => {
    const ratio = (length: number): number =>
      reportOf("sta-dense", "bert-base", sequence(length)).totals.latencySeconds /
      reportOf("sta-dense", "bert-base", [...sequence(length), weights(2, 4)]).totals.latencySeconds;
    expect(ratio(128)).toBeCloseTo(1, 2);
    expect(ratio(1)).toBeGreaterThan(1.2);
    expect(ratio(1)).toBeLessThan(16 / 9);
  });

  test("on 2:4 tensor cores a 1:4 model is read faster and computed no faster than a 2:4 one", () => {
    const matrix = (n: number): number => {
      const report = reportOf("sta-tensor-core", "bert-base", [...sequence(512), weights(n, 4)]);
      return report.units.find(({ unit }) => unit === "matrix")?.busySeconds ?? 0;
    };
    expect(matrix(1)).toBe(matrix(2));
    expect(matrix(3)).toBeGreaterThan(1.5 * matrix(2));
  });
});

describe("decoders", () => {
  const text = (input: number, output: number): string[] => [
    `workload.inputTokens=${input}`,
    `workload.outputTokens=${output}`,
  ];

  test("MACs are the workload's, whatever the lengths", () => {
    for (const [input, output] of [
      [1, 1],
      [7, 40],
      [64, 100],
    ] as const) {
      const set = [...text(input, output), weights(2, 4)];
      expect(reportOf("sta-fpga", "gpt2", set).totals.macs).toBe(
        countWorkload(planned("sta-fpga", "gpt2", set).workload).macs,
      );
    }
  });

  test("each token reads the cache that has grown by one position", () => {
    const read = (output: number): number =>
      bytesOf(reportOf("sta-fpga", "gpt2", text(8, output)), ["scores", "context"]);
    // Keys and values of 12 layers, 768 wide, two bytes: at 8 + 40 positions.
    expect(read(40) - read(39)).toBe(2 * 12 * 768 * 2 * 48);
  });

  test("decode waits for memory, and 1:8 weights gain nearly their share of it", () => {
    const [dense, sparse] = [[], [weights(1, 8)]].map((set) =>
      reportOf("sta-fpga", "gpt2", [...text(8, 32), ...set]),
    );
    const decode = (report: Report | undefined): number =>
      report?.phases.find(({ name }) => name === "decode")?.latencySeconds ?? 0;
    // 19 bits of 128 for each group of eight.
    const bound = 128 / 19;
    expect(decode(dense) / decode(sparse)).toBeLessThan(bound);
    expect(decode(dense) / decode(sparse)).toBeGreaterThan(0.8 * bound);
  });
});

describe("whatever the encoding, bytes and MACs are the workload's own", () => {
  test.each([
    "{kind: nm, n: 3, m: 7, bits: 5, metadata: index}",
    "{kind: nm, n: [1, 3, 4, 2, 1], m: 8, bits: 8, metadata: bitmap}",
    "{kind: csr, density: 0.13, bits: 8}",
    "{kind: ellpack, density: 0.2, slots: 700, bits: 8}",
    "{kind: pattern, size: 9, kept: 4, patterns: 8, bits: 8}",
    "{kind: block, inner: 16, columns: 16, density: 0.3, metadata: index, bits: 8}",
    "{kind: dense, bits: 4, scale: {bits: 16, group: 128}}",
    "{kind: mixed, parts: [{share: 0.1, encoding: {kind: dense, bits: 16}}, {share: 0.9, encoding: {kind: nm, n: 1, m: 8, bits: 4, metadata: index}}]}",
  ])("%s", (encoding) => {
    const set = [...sequence(40), `workload.weights.all=${encoding}`, "workload.model.num_hidden_layers=1"];
    const { workload } = planned("sta-fpga", "bert-base", set);
    const report = reportOf("sta-fpga", "bert-base", set);
    expect(report.totals.macs).toBe(countWorkload(workload).macs);
    const stored = opsOf(workload)
      .filter(({ op }) => products.includes(op.name))
      .map(({ op }) => parameterBits(op, "fp16") / 8);
    const read = bytesOf(report, products);
    // Each matrix, or each part of it, is rounded up to whole bytes.
    expect(read).toBeGreaterThanOrEqual(stored.reduce((sum, each) => sum + each, 0));
    expect(read).toBeLessThanOrEqual(stored.reduce((sum, each) => sum + each, 2 * stored.length));
  });
});

test("a systolic array that takes compressed weights runs the same schedule, and loses more to filling as fewer are kept", () => {
  const array =
    "hardware.units.matrix={kind: nm-systolic, precision: fp16, rows: 32, columns: 64, arrays: 1, stationary: weights, folds: serial, edges: full}";
  const busy = (set: readonly string[]): number =>
    reportOf("sta-fpga", "bert-base", [...sequence(128), array, ...set])
      .ops.filter(({ op }) => products.includes(op.split(".")[1] ?? ""))
      .reduce((sum, { busySeconds }) => sum + (busySeconds["matrix"] ?? 0), 0);
  // Folds of 2 * 32 + 64 + 128 - 2 cycles; 24 or 6 row folds of 768, 96 or 24 of 3072: exactly 4 times as many.
  const folds = 4 * 24 * 12 + 24 * 48 + 96 * 12;
  expect(busy([]) * 200e6).toBeCloseTo(12 * folds * 254, 3);
  expect(busy([]) / busy([weights(2, 8)])).toBeCloseTo(4, 9);
  // 1:16 keeps 48 of 768 positions: a fold and a half, which take two.
  expect(busy([]) / busy([weights(1, 16)])).toBeLessThan(16);
});

describe("layers that differ", () => {
  test("a model whose upper half is 1:8 and lower half 2:4 lies between the two", () => {
    const one = "{kind: nm, n: 1, m: 8, bits: 16, metadata: index}";
    const matrices = `{${products.map((name) => `${name}: ${one}`).join(", ")}}`;
    const mixed = `workload.weights.layers=[{block: attention, first: 6, last: 11, matrices: ${matrices}}]`;
    const time = (set: readonly string[]): number =>
      reportOf("sta-fpga", "bert-base", [...sequence(128), ...set]).totals.latencySeconds;
    const [low, middle, high] = [time([weights(1, 8)]), time([weights(2, 4), mixed]), time([weights(2, 4)])];
    expect(middle / ((low + high) / 2)).toBeGreaterThan(0.99);
    expect(middle / ((low + high) / 2)).toBeLessThan(1.01);
  });
});

describe("what does not fit is a result with its arithmetic", () => {
  const reason = (hardware: string, workload: string, set: readonly string[]): string => {
    const result = simulate(planned(hardware, workload, set));
    return result.status === "unfit" ? result.reason : "fits";
  };

  test("a weight buffer that cannot hold two strips", () => {
    // 16 columns of 3072 weights and a bias, two bytes each.
    expect(reason("sta-fpga", "bert-base", ["hardware.units.weights.capacity=128 KiB"])).toBe(
      "two strips of a weight matrix exceed the weight buffer: attention.contract: 2 * 98336 B > 131072 B",
    );
  });

  test("another number format, more positions, an op without a unit", () => {
    expect(reason("sta-fpga", "bert-base", ["workload.precision=int8"])).toContain("workload in int8");
    expect(reason("sta-fpga", "bert-base", ["workload.sequence=513"])).toContain("513 positions > 512");
    expect(reason("sta-fpga", "fnet-base", [])).toContain("fourierHidden is fft");
    expect(reason("sta-fpga", "bert-base", [weights(2, 4, 32)])).toContain("32 bit > 16 bit");
  });
});
