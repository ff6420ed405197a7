/** A report by hand: two phases, one layer kind, three ops, one device. 100 ticks of 10 ms. */
import type { Bound, OpRow, Report, RunResult } from "../../src/report/report.ts";

export const done: RunResult = {
  name: "small",
  parameters: { hardware: "card", "workload.inputTokens": 4 },
  result: { status: "done", report: report() },
};

export const unfit: RunResult = {
  name: "large, and too large",
  parameters: { hardware: "card" },
  result: {
    status: "unfit",
    reason: "weights: 13.3 GB > 8 GB",
    misfits: [{ what: "weights", arithmetic: "13.3 GB > 8 GB" }],
  },
};

function report(): Report {
  const memory: Bound = { unit: "hbm.read", limit: "rate", share: 1 };
  const ops = [
    op("prefill", "layer.query", "matmul", 0.25, [memory]),
    op("decode", "layer.query", "matmul", 0.5, [memory]),
    op("decode", "layer.sum", "residual", 0.25, [{ unit: "vector", limit: "latency", share: 1 }]),
    op("decode", "layer.store", "cacheWrite", 0, []),
  ];
  const spent = (share: number) => ({ latencySeconds: share, latencyCycles: share * 2e8, share });
  const worked = { macs: 1e9, bytes: { hbm: 2e9 }, utilization: 0.125, energyJoules: 0.5 };
  return {
    schemaVersion: 1,
    provenance: {
      tool: "papillon-sim 0",
      hardware: { name: "card", source: "by hand", devices: 1, resolved: {} },
      workload: { name: "work", source: "by hand", resolved: {} },
      dataflow: { name: "flow", options: { name: "flow", window: 8 } },
      energyTable: "table",
      numbers: [
        {
          path: "hardware.issue",
          value: "100 cycles",
          source: "fit",
          sure: "calibrated",
          fittedOn: ["a", "b"],
        },
        { path: "hardware.depth", value: 8, source: "guess", sure: "assumed" },
        { path: "hardware.width", value: 64, source: "paper", sure: "read" },
      ],
      seed: null,
    },
    warnings: [],
    totals: {
      latencySeconds: 1,
      latencyCycles: 2e8,
      tokens: { input: 4, output: 12 },
      tokensPerSecond: 12,
      energyJoules: 1.6,
      energyPerTokenJoules: 0.1,
      averagePowerWatts: 1.6,
      macs: 3e9,
      macsPerSecond: 3e9,
      utilization: { matrix: 0.125 },
      parameters: 1.5e9,
      peakActivationBytes: 0,
      parameterBytes: 3e9,
    },
    phases: [
      { name: "prefill", tokens: 4, secondsPerToken: 0.0625, ...spent(0.25), ...worked },
      { name: "decode", tokens: 12, secondsPerToken: 0.0625, ...spent(0.75), ...worked },
    ],
    layers: [
      {
        phase: "prefill",
        block: "layer",
        times: 24,
        ...spent(0.25),
        ...worked,
        energyByComponent: { hbm: 0.5 },
        boundBy: memory,
      },
      {
        phase: "decode",
        block: "layer",
        times: 24,
        ...spent(0.75),
        ...worked,
        energyByComponent: { hbm: 0.5 },
        boundBy: memory,
      },
    ],
    ops,
    devices: [{ device: 0, macs: 3e9, bytes: { hbm: 6e9 } }],
    units: [
      {
        device: 0,
        unit: "hbm.read",
        kind: "hbm",
        busySeconds: 0.75,
        starvedSeconds: 0.2,
        idleSeconds: 0.05,
        busyShare: 0.75,
      },
      {
        device: 0,
        unit: "host",
        kind: "host",
        busySeconds: 0,
        starvedSeconds: 0,
        idleSeconds: 1,
        busyShare: 0,
      },
    ],
    memories: [{ device: 0, memory: "hbm", capacityBytes: 8e9, peakBytes: 3e9, levels: [] }],
    energy: { totalJoules: 1.6, byComponent: { hbm: 1.2, static: 0.4 }, unpriced: ["vector.instructions"] },
    references: [
      {
        metric: "latencySeconds",
        measured: 1,
        published: 0.96,
        relativeError: 0.04 / 0.96,
        source: "table 1",
        sure: "read",
        fitted: false,
      },
    ],
    roofs: {
      compute: [{ unit: "matrix", precision: "fp16", macsPerSecond: 24e9 }],
      bandwidth: [{ unit: "hbm", kind: "hbm", bytesPerSecond: 12e9, ridge: 2 }],
    },
  };
}

function op(phase: string, name: string, kind: string, seconds: number, bounds: readonly Bound[]): OpRow {
  const macs = kind === "matmul" ? 1e9 : 0;
  return {
    phase,
    block: "layer",
    op: name,
    kind,
    latencySeconds: seconds,
    latencyCycles: seconds * 2e8,
    share: seconds,
    macs,
    bytes: { hbm: 2 * macs },
    utilization: macs === 0 ? 0 : 0.125,
    energyJoules: 0.5,
    boundBy: bounds[0] ?? null,
    bounds,
    busySeconds: {},
    stallSeconds: {},
  };
}
