import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import {
  formatProblems,
  type Plan,
  type PlannedRun,
  planExperiment,
  type Report,
  simulate,
} from "../../src/index.ts";
import { encoderPhases } from "../../src/workload/encoder.ts";
import { library, planned } from "../library.ts";

function planOf(name: string): Plan {
  const file = `experiments/${name}.yaml`;
  const plan = planExperiment({ file, text: readFileSync(file, "utf8") }, library);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  return plan.value;
}

function done(run: PlannedRun): Report {
  const result = simulate(run);
  if (result.status === "unfit") throw new Error(`${run.name}: ${result.reason}`);
  return result.report;
}

const latencies = (name: string): ReadonlyMap<string, number> =>
  new Map(planOf(name).runs.map((run) => [run.name, done(run).totals.latencySeconds]));

describe("figure 21: more bandwidth than a number of engines can use", () => {
  const latency = latencies("fabnet-fig21");
  const at = (engines: number, tokens: number, bandwidth: number): number =>
    latency.get(`${engines} BEs, ${tokens} tokens, ${bandwidth} GB/s`) ?? NaN;
  const bandwidths = [6.4, 12.8, 25.6, 51.2, 102.4, 204.8];

  /** Of the time that bandwidth can save, the share that is left to save. */
  const left = (engines: number, tokens: number, bandwidth: number): number => {
    const [slowest, fastest] = [at(engines, tokens, 6.4), at(engines, tokens, 204.8)];
    return (at(engines, tokens, bandwidth) - fastest) / (slowest - fastest);
  };

  test.each([1024, 4096])("at %i tokens, 16 engines saturate at 50 GB/s and 128 at 100 GB/s", (tokens) => {
    expect(left(16, tokens, 25.6)).toBeGreaterThan(0.025);
    expect(left(16, tokens, 51.2)).toBe(0);
    expect(left(128, tokens, 51.2)).toBeGreaterThan(0.08);
    expect(left(128, tokens, 102.4)).toBeLessThan(0.025);
  });

  test("more bandwidth, or more engines, is never slower", () => {
    for (const tokens of [128, 1024, 4096])
      for (const engines of [16, 32, 64, 96, 128])
        for (const [index, bandwidth] of bandwidths.entries()) {
          const less = bandwidths[index - 1] ?? bandwidth;
          expect(at(engines, tokens, bandwidth)).toBeLessThanOrEqual(at(engines, tokens, less));
        }
  });
});

describe("references that experiments name", () => {
  test.each(["fabnet-fig19", "fabnet-sequence", "fabnet-lra", "fabnet-machines"])(
    "%s: within 1 %",
    (name) => {
      const rows = planOf(name).runs.flatMap((run) =>
        done(run).references.map(({ relativeError }) => ({ run: run.name, relativeError })),
      );
      expect(rows.length).toBeGreaterThan(0);
      for (const { run, relativeError } of rows) expect(Math.abs(relativeError), run).toBeLessThan(0.01);
    },
  );
});

test("comparison with other accelerators of 128 multipliers at 1 GHz: 14.2 to 23.2 times, on one of 640 at 200 MHz", () => {
  const ours = latencies("fabnet-lra").get("comparison network on BE-40 as evaluated") ?? NaN;
  const milliseconds = 1e-3;
  const speedups = csvParse(readFileSync("test/validation/fabnet/published.csv", "utf8"))
    .filter(({ quantity }) => quantity?.startsWith("SOTA latency"))
    .map(({ value }) => (Number(value) * milliseconds) / ours);
  expect(speedups).toHaveLength(6);
  expect(Math.min(...speedups) / 14.2).toBeCloseTo(1, 1);
  expect(Math.max(...speedups) / 23.2).toBeCloseTo(1, 1);
});

test("the co-design space: every size runs, and more engines are never slower", () => {
  const latency = latencies("fabnet-codesign");
  expect(latency.size).toBe(45);
  for (const [name, seconds] of latency)
    for (const fewer of ["32 BEs", "64 BEs"])
      if (name.endsWith("128 BEs"))
        expect(seconds).toBeLessThanOrEqual(latency.get(name.replace("128 BEs", fewer)) ?? NaN);
});

test("one network as built, as evaluated and ideal: the report says what each waits for", () => {
  const reports = new Map(planOf("fabnet-machines").runs.map((run) => [run.name, done(run)]));
  const of = (machine: string): Report => {
    const report = reports.get(`FABNet-Base 1024 ${machine}`);
    if (report === undefined) throw new Error(machine);
    return report;
  };
  const latency = (machine: string): number => of(machine).totals.latencySeconds;
  expect(latency("ideal")).toBeLessThan(latency("as evaluated"));
  expect(latency("ideal")).toBeLessThan(latency("as built"));
  expect(latency("as evaluated")).toBeLessThan(latency("as evaluated, every round charged"));
  const bounds = (machine: string, op: string): readonly string[] =>
    of(machine)
      .ops.find((each) => each.op === `fourier.${op}`)
      ?.bounds.map(({ unit }) => unit) ?? [];
  // Built, the widening layer waits for its serial outputs; evaluated, its three banks hide them; ideally there are none.
  expect(bounds("as built", "expand")[0]).toBe("engine.output");
  expect(bounds("as evaluated", "expand")).not.toContain("engine.output");
  expect(new Set(bounds("ideal", "expand"))).toEqual(new Set(["input.read", "engine.compute"]));
});

test("a thousand points of engines x sequence x bandwidth take under 5 s of one thread", () => {
  const base = planned("fabnet-vcu128-be128-evaluated", "fabnet-base");
  const { hardware } = base.machine;
  const { engine, input } = hardware.units;
  const { task } = base.workload;
  if (engine?.kind !== "butterfly" || input?.kind !== "hbm" || task.kind !== "inference")
    throw new Error("kinds");
  const ten = Array.from({ length: 10 }, (_, i) => i + 1);
  const before = process.cpuUsage();
  let points = 0;
  for (const engines of ten)
    for (const sequence of ten)
      for (const bandwidth of ten) {
        const smaller = { ...engine, spec: { ...engine.spec, engines: 12 * engines } };
        const port = { ...input, spec: { ...input.spec, ticksPerBytes: [1, 25 * bandwidth] as const } };
        const inference = { ...task, sequence: 400 * sequence };
        const run = {
          ...base,
          machine: {
            ...base.machine,
            hardware: { ...hardware, units: { ...hardware.units, engine: smaller, input: port } },
          },
          workload: { ...base.workload, task: inference, phases: encoderPhases(inference) },
        };
        points += done(run).totals.latencySeconds > 0 ? 1 : 0;
      }
  const { user, system } = process.cpuUsage(before);
  const microseconds = 1e-6;
  expect(points).toBe(1000);
  expect((user + system) * microseconds).toBeLessThan(5);
});
