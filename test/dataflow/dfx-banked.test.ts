import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { dfxLatencyBanked } from "../../src/validation/dfx-latency.ts";
import { runSuite } from "../../src/validation/suite.ts";
import { library, reportOf } from "../library.ts";

const machine = "dfx-u280-banked";
const generation = (devices: number, input: number, output: number): string[] => [
  `hardware.devices=${devices}`,
  `workload.inputTokens=${input}`,
  `workload.outputTokens=${output}`,
];

test("every published latency of DFX is met within 2 %, and two of the six rows were fitted", () => {
  const rows = csvParse(readFileSync("test/validation/dfx/latency.csv", "utf8")).map((row) => ({ ...row }));
  const result = runSuite(dfxLatencyBanked, rows, library);
  expect(result.failures).toEqual([]);
  for (const { error, label } of result.rows) expect(Math.abs(error), label).toBeLessThan(0.02);
  expect(result.rows.filter(({ fitted }) => fitted === true)).toHaveLength(2);
});

test("time per token at context 384 is within 1 % of that at 32", () => {
  const latency = (input: number): number =>
    reportOf(machine, "gpt2-1.5b-dfx", generation(4, input, 1)).totals.latencySeconds;
  const tokenAt = (context: number): number => latency(context - 1) - latency(context - 2);
  expect(Math.abs(tokenAt(384) / tokenAt(32) - 1)).toBeLessThan(0.01);
});

describe("its report", () => {
  const report = reportOf(machine, "gpt2-medium", generation(1, 5, 3));
  const [hbm, ddr] = report.memories;

  test("tells the bytes of each walk by pencil", () => {
    // 8 tokens through 24 layers of width 1024; tiles of 1024 weights of 2 B.
    const [tokens, layers, embedding] = [8, 24, 1024];
    const matrices = 12 * layers * embedding ** 2;
    // 50257 columns fill 3142 tiles of 16, in each of 1024 / 64 rows of tiles.
    const head = 3142 * 16 * embedding;
    const bytes = Object.fromEntries((hbm?.walks ?? []).map(({ walk, bytes }) => [walk, bytes]));
    expect(bytes["weights"]).toBe(2 * tokens * (matrices + head));
    // A whole tile of 64 positions for keys and one for values, and a row of keys written.
    expect(bytes["cache"]).toBe(tokens * layers * embedding * 2 * (2 * 64 + 1));
    expect(bytes["transposed"]).toBe(tokens * layers * embedding * 64);
    expect(bytes["other"]).toBe(0);
    expect(ddr?.walks).toBeUndefined();
  });

  test("spreads them over the channels; placed on some, those are the hottest", () => {
    const total = (hbm?.walks ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(hbm?.channels?.bytes).toHaveLength(32);
    expect(hbm?.channels?.hottest).toMatchObject({ channel: 0, bytes: total / 32 });
    const placed = reportOf(machine, "gpt2-medium", [
      ...generation(1, 5, 3),
      "units.hbm.walks.cache.over=8",
      "units.hbm.walks.cache.first=16",
    ]);
    const [memory] = placed.memories;
    const cache = memory?.walks?.find(({ walk }) => walk === "cache");
    expect(cache).toMatchObject({ channels: 8 });
    expect(memory?.channels?.hottest).toMatchObject({
      channel: 16,
      bytes: (total - (cache?.bytes ?? 0)) / 32 + (cache?.bytes ?? 0) / 8,
    });
  });

  test("prices HBM by its commands: scattered weights take more joules and more time", () => {
    const scattered = reportOf(machine, "gpt2-medium", [
      ...generation(1, 5, 3),
      "units.hbm.walks.weights.pattern=random",
    ]);
    expect(scattered.energy.byComponent["hbm"]).toBeGreaterThan(
      1.5 * (report.energy.byComponent["hbm"] ?? 0),
    );
    expect(scattered.totals.latencySeconds).toBeGreaterThan(report.totals.latencySeconds);
    expect(report.energy.unpriced.filter((action) => action.startsWith("hbm"))).toEqual([]);
  });
});

test("a walk that DFX does not take is a warning with those that it takes", () => {
  const set = [...generation(1, 2, 2), "units.hbm.walks.wieghts.pattern=random"];
  expect(reportOf(machine, "gpt2", set).warnings).toEqual([
    "hbm describes the walk wieghts, which nothing takes; there are weights, cache, transposed",
  ]);
});
