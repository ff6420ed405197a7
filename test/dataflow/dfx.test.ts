import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { planned, reportOf } from "../library.ts";

const generation = (devices: number, input: number, output: number): string[] => [
  `hardware.devices=${devices}`,
  `workload.inputTokens=${input}`,
  `workload.outputTokens=${output}`,
];

const latency = (workload: string, devices: number, input: number, output: number): number =>
  reportOf("dfx-u280", workload, generation(devices, input, output)).totals.latencySeconds;

/** The time of the one token that sees `context` positions, itself among them. */
const tokenAt = (context: number): number =>
  latency("gpt2-1.5b-dfx", 4, context - 1, 1) - latency("gpt2-1.5b-dfx", 4, context - 2, 1);

const models = [
  { workload: "gpt2-medium", devices: 1, layers: 24, embedding: 1024 },
  { workload: "gpt2-large", devices: 2, layers: 36, embedding: 1280 },
  { workload: "gpt2-1.5b-dfx", devices: 4, layers: 48, embedding: 1536 },
] as const;

describe("conservation: MACs and bytes of a report equal a pencil count", () => {
  const [input, output] = [5, 3];
  const tokens = input + output;
  const vocabulary = 50257;
  // Positions seen by the tokens: 1 + 2 + .. + 8.
  const seen = (tokens * (tokens + 1)) / 2;

  test.each(models)("$workload on $devices cards", ({ workload, devices, layers, embedding }) => {
    const report = reportOf("dfx-u280", workload, generation(devices, input, output));
    // Query, key, value and projection: 4 e * e; feed-forward: 2 * 4 e * e; head: e * vocabulary.
    const weights = 12 * layers * embedding ** 2 + embedding * vocabulary;
    const attention = 2 * layers * embedding * seen;
    expect(report.totals.macs).toBe(tokens * weights + attention);

    // Two bytes a weight. Eight positions lie in the first tile of 64, which is read whole, as keys and as values. A key row is
    // written whole, a value element is an access of 64 B.
    const read = 2 * tokens * weights + 2 * (2 * layers * embedding * 64 * tokens);
    const written = tokens * layers * embedding * (2 + 64);
    const bytes = report.devices.map((device) => device.bytes["hbm"] ?? 0);
    expect(bytes.reduce((sum, each) => sum + each)).toBe(read + written);
  });

  test.each(models)(
    "$workload fits the 8 GB of each of its $devices cards",
    ({ workload, devices, layers, embedding }) => {
      const report = reportOf("dfx-u280", workload, generation(devices, input, output));
      const held = report.memories.filter(({ memory }) => memory === "hbm");
      expect(held).toHaveLength(devices);
      const weights = 2 * (12 * layers * embedding ** 2 + embedding * vocabulary);
      const cache = 2 * 2 * layers * embedding * tokens;
      expect(held.reduce((sum, { peakBytes }) => sum + peakBytes, 0)).toBe(weights + cache);
      for (const { peakBytes, capacityBytes } of held) expect(peakBytes).toBeLessThanOrEqual(capacityBytes);
    },
  );
});

describe("context", () => {
  test("time per token at context 384 is within 1 % of that at 32", () => {
    expect(Math.abs(tokenAt(384) / tokenAt(32) - 1)).toBeLessThan(0.01);
  });

  test("growth at context 1024 is the part of the key and value streams that the fixed window does not hide", () => {
    // A card streams 32 * 64 B * 0.5675 = 1162.24 B a tick. One head's keys at 1024: one row of 128 B first, then
    // 1023 * 128 B = 112.7 ticks, there 22 ticks (106.7 ns) later, and the last tile after that: 113 + 22 + 1 = 136 ticks.
    // The window alone takes 1024 / 16 = 64 tiles. So 72 ticks show, for keys and for values, in 6 heads of 48 layers.
    const exposed = (113 + 22 + 1 - 64) * 2 * 6 * 48;
    const measured = (tokenAt(1024) - tokenAt(32)) * 200e6;
    expect(measured / exposed).toBeGreaterThan(0.97);
    expect(measured / exposed).toBeLessThan(1.03);
  });
});

describe("what does not fit is a result with its arithmetic", () => {
  const unfit = (workload: string, set: string[]): string => {
    const result = simulate(planned("dfx-u280", workload, set));
    return result.status === "unfit" ? result.reason : "fits";
  };

  test("GPT-2 XL has 25 heads, which four cards cannot share", () => {
    expect(unfit("gpt2-xl", [])).toBe("heads do not divide by the devices: 25 / 4 = 6.25");
  });

  test("a 6.7-billion-parameter decoder exceeds one card", () => {
    const model = ["workload.model.n_layer=32", "workload.model.n_embd=4096", "workload.model.n_head=32"];
    // 32 * 12 * 4096^2 + 4096 * 50257 weights of 2 B; 2 * 32 * 4096 * 2 B a position.
    expect(unfit("gpt2-xl", [...generation(1, 64, 64), ...model])).toBe(
      "weights, keys and values exceed a card's HBM: weights 13296607232 B + 128 positions * 524288 B = 13363716096 B > 8000000000 B",
    );
  });

  test("more positions than the model's table", () => {
    expect(unfit("gpt2-medium", generation(1, 1000, 100))).toContain("1100 positions > 1024");
  });
});

test("one card has nobody to synchronise with", () => {
  const report = reportOf("dfx-u280", "gpt2-medium", generation(1, 4, 4));
  expect(report.ops.some(({ op }) => op.includes("synchronization"))).toBe(false);
});

test("the rows of the op table add up to the latency", () => {
  const report = reportOf("dfx-u280", "gpt2-medium", generation(2, 16, 16));
  const sum = report.ops.reduce((total, { latencyCycles }) => total + latencyCycles, 0);
  expect(sum).toBeCloseTo(report.totals.latencyCycles, 3);
});
