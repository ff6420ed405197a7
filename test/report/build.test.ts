import { describe, expect, test } from "vitest";
import { type PlannedRun, planExperiment, type Report, simulate } from "../../src/index.ts";
import { library } from "../library.ts";
import { firstRuns } from "../small-run.ts";

function reportOf(run: PlannedRun): Report {
  const result = simulate(run);
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}

const total = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((sum, row) => sum + of(row), 0);
const bytesOf = (rows: readonly { readonly bytes: Readonly<Record<string, number>> }[]): number =>
  total(rows, ({ bytes }) => total(Object.values(bytes), (n) => n));

/** Of every shipped machine the report of the first shipped workload that it runs. */
const reports = firstRuns().map(({ hardware, workload, run }) => ({
  name: `${workload} on ${hardware}`,
  report: reportOf(run),
}));

describe.each(reports)("the report of $name", ({ report }) => {
  const { totals, phases, layers, ops, devices, energy } = report;

  test.each([
    ["phases", phases],
    ["layers", layers],
    ["ops", ops],
  ] as const)("adds up over its %s: time, work, traffic and energy", (_, rows) => {
    const sum = (of: (row: (typeof rows)[number]) => number): number =>
      rows.reduce((before, row) => before + of(row), 0);
    expect(sum(({ latencySeconds }) => latencySeconds)).toBeCloseTo(totals.latencySeconds, 12);
    expect(sum(({ latencyCycles }) => latencyCycles) / totals.latencyCycles).toBeCloseTo(1, 12);
    expect(sum(({ share }) => share)).toBeCloseTo(1, 12);
    expect(sum(({ macs }) => macs)).toBe(totals.macs);
    expect(bytesOf(rows)).toBe(bytesOf(devices));
    expect(sum(({ energyJoules }) => energyJoules) / totals.energyJoules).toBeCloseTo(1, 9);
  });

  test("adds up over devices and components", () => {
    expect(total(devices, ({ macs }) => macs)).toBe(totals.macs);
    expect(total(Object.values(energy.byComponent), (joules) => joules) / energy.totalJoules).toBeCloseTo(
      1,
      12,
    );
    expect(energy.totalJoules).toBe(totals.energyJoules);
  });

  test("derives its rates from its sums", () => {
    const seconds = totals.latencySeconds;
    expect(totals.macsPerSecond).toBeCloseTo(totals.macs / seconds, 0);
    expect(totals.averagePowerWatts).toBeCloseTo(totals.energyJoules / seconds, 9);
    const { input, output } = totals.tokens;
    expect(totals.energyPerTokenJoules).toBeCloseTo(totals.energyJoules / (input + output), 12);
  });

  test("counts whole inferences a second where no text is generated, one sequence in this run", () => {
    const { inferencesPerSecond, latencySeconds } = totals;
    if (totals.tokens.output > 0) expect(inferencesPerSecond).toBeUndefined();
    else expect((inferencesPerSecond ?? 0) * latencySeconds).toBeCloseTo(1, 12);
  });

  test("has each unit busy, starved or idle all the time", () => {
    for (const { busySeconds, starvedSeconds, idleSeconds, busyShare } of report.units) {
      expect((busySeconds + starvedSeconds + idleSeconds) / totals.latencySeconds).toBeCloseTo(1, 9);
      expect(busyShare).toBeCloseTo(busySeconds / totals.latencySeconds, 12);
    }
  });

  test("splits the time of a row among its bounds, largest first", () => {
    for (const { bounds, boundBy, latencySeconds } of ops) {
      expect(boundBy).toEqual(bounds[0] ?? null);
      expect(bounds.length > 0).toBe(latencySeconds > 0);
      if (bounds.length > 0) expect(total(bounds, ({ share }) => share)).toBeCloseTo(1, 9);
      expect(bounds.map(({ share }) => share)).toEqual(
        bounds.map(({ share }) => share).sort((a, b) => b - a),
      );
    }
  });

  test("holds no memory past its capacity", () => {
    for (const { peakBytes, capacityBytes, levels } of report.memories) {
      expect(peakBytes).toBeLessThanOrEqual(capacityBytes);
      // A line between the marks of the run: what a loop takes and gives back inside does not show.
      expect(Math.max(0, ...levels.map(({ bytes }) => bytes))).toBeLessThanOrEqual(peakBytes);
    }
  });

  test("is plain data without a number that JSON has not", () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe("published numbers", () => {
  const text = `
name: figure
title: A figure
source: a paper
hardware: dfx-u280
workload: gpt2-medium
set: { hardware.devices: 1, workload.inputTokens: 2, workload.outputTokens: 2 }
runs:
  - name: 345M on 1 card [32:1]
    references:
      latency: { value: 10 ms, source: table 1, sure: recalled }
      tokensPerSecond: { value: 50, source: table 2, sure: read }
  - name: another
    references: { latency: 10 ms }
`;
  const plan = planExperiment({ file: "figure.yaml", text }, library);
  const [fitted, other] = plan.ok ? plan.value.runs.map(reportOf) : [];

  test("stand beside ours with the relative error", () => {
    const seconds = fitted?.totals.latencySeconds ?? Number.NaN;
    expect(fitted?.references).toMatchObject([
      {
        ...{
          metric: "latencySeconds",
          published: 0.01,
          measured: seconds,
          source: "table 1",
          sure: "recalled",
        },
        relativeError: expect.closeTo(seconds / 0.01 - 1, 12),
      },
      {
        ...{
          metric: "tokensPerSecond",
          published: 50,
          measured: 2 / seconds,
          source: "table 2",
          sure: "read",
        },
        relativeError: expect.closeTo(2 / seconds / 50 - 1, 12),
      },
    ]);
  });

  test("on which a constant was fitted are marked", () => {
    expect(fitted?.references.map((row) => row.fitted)).toEqual([true, true]);
    expect(other?.references.map((row) => row.fitted)).toEqual([false]);
  });
});
