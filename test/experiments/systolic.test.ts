/** The experiments on systolic machines, and the tables of docs/systolic.md that they make. UPDATE=1 rewrites the tables. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { foldGrid, systolicCycles } from "../../src/arch/systolic-time.ts";
import { planExperiment, type Report, simulate } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { convolutionProduct } from "../../src/workload/convolution.ts";
import { opsOf, type Workload } from "../../src/workload/graph.ts";
import { at } from "../../src/workload/op.ts";
import { library } from "../library.ts";

interface Run {
  readonly report: Report;
  readonly workload: Workload;
}

function runsOf(experiment: string): ReadonlyMap<string, Run> {
  const file = `experiments/${experiment}.yaml`;
  const plan = planExperiment({ file, text: readFileSync(file, "utf8") }, library);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  return new Map(
    plan.value.runs.map((run) => {
      const result = simulate(run);
      if (result.status === "unfit") throw new Error(`${run.name}: ${result.reason}`);
      return [run.name, { report: result.report, workload: run.workload }];
    }),
  );
}

/** Puts the table between its marks where UPDATE is set, and tells what stands there. */
function shown(mark: string, rows: readonly string[]): string {
  const page = "docs/systolic.md";
  const between = new RegExp(`(<!-- ${mark}:begin -->\n)[\\s\\S]*(<!-- ${mark}:end -->)`);
  const table = `${rows.join("\n")}\n`;
  const text = readFileSync(page, "utf8");
  if (process.env["UPDATE"])
    writeFileSync(
      page,
      text.replace(between, (_, a: string, b: string) => a + table + b),
    );
  return (
    readFileSync(page, "utf8").split(`<!-- ${mark}:begin -->\n`)[1]?.split(`<!-- ${mark}:end -->`)[0] ?? ""
  );
}

/** Cycles of serial whole folds, which SCALE-Sim's are on a memory that never stalls. */
function foldCycles({ workload }: Run, size: number): number {
  const array = { rows: size, columns: size, stationary: "weights", folds: "serial", edges: "full" } as const;
  return opsOf(workload).reduce((sum, { block, op }) => {
    if (op.kind !== "convolution" && op.kind !== "matmul") return sum;
    const { count, ...product } =
      op.kind === "convolution"
        ? convolutionProduct(op)
        : { count: op.count, rows: at(op.rows, 0), inner: at(op.inner, 0), columns: at(op.columns, 0) };
    return sum + block.times * count * systolicCycles(array, foldGrid(array, product));
  }, 0);
}

describe("array size", () => {
  const runs = runsOf("systolic-array-size");
  const sizes = [16, 32, 64, 128, 256];
  const operands = ["weights", "outputs", "inputs"];
  const of = (network: string, size: number, stationary: string): Report => {
    const run = runs.get(`${network}, ${size} x ${size}, ${stationary}`);
    if (run === undefined) throw new Error("no such run");
    return run.report;
  };

  test("the page's heat map is the experiment's", () => {
    const rows = [
      `| network | stationary | ${sizes.map((size) => `${size} x ${size}`).join(" | ")} |`,
      `| --- | --- |${" --- |".repeat(sizes.length)}`,
      ...["resnet-50", "mobilenet-v2", "vit-b"].flatMap((network) =>
        operands.map((stationary) => {
          const cells = sizes.map((size) => {
            const used = of(network, size, stationary).totals.utilization["array"] ?? 0;
            return `${(100 * used).toPrecision(3)} %`;
          });
          return `| ${network} | ${stationary} | ${cells.join(" | ")} |`;
        }),
      ),
    ];
    expect(shown("sizes", rows)).toBe(`${rows.join("\n")}\n`);
  });

  test("a larger array is used less; depthwise convolutions leave even a small one idle", () => {
    for (const stationary of operands) {
      const used = sizes.map((size) => of("resnet-50", size, stationary).totals.utilization["array"] ?? 0);
      expect(used).toEqual(used.toSorted((a, b) => b - a));
      expect(used[0]).toBeGreaterThan(0.85);
      expect(of("mobilenet-v2", 256, stationary).totals.utilization["array"]).toBeLessThan(0.01);
    }
    // Beyond 64 x 64 MobileNetV2 does not gain any more: one group at a time, a fold has to fill and drain.
    const latency = (size: number): number => of("mobilenet-v2", size, "weights").totals.latencySeconds;
    expect(latency(256)).toBeGreaterThan(latency(64));
  });
});

describe("against SCALE-Sim's assumptions", () => {
  const runs = runsOf("systolic-vs-scalesim");
  const networks = ["resnet-50", "mobilenet-v2", "vit-b", "bert-base"];
  const of = (network: string, folds: string, memory: string): Run => {
    const run = runs.get(`${network}, ${folds} folds, ${memory}`);
    if (run === undefined) throw new Error("no such run");
    return run;
  };
  const cycles = ({ report }: Run): number => Math.round(report.totals.latencyCycles);

  test("the page's table is the experiment's", () => {
    const rows = [
      "| network | SCALE-Sim's folds | serial, ideal DRAM | serial, DDR3 | overlapped, ideal DRAM | overlapped, DDR3 | SCALE-Sim's over the last |",
      `|${" --- |".repeat(7)}`,
      ...networks.map((network) => {
        const run = (folds: string, memory: string): number => cycles(of(network, folds, memory));
        const real = run("overlapped", "DDR3");
        const theirs = foldCycles(of(network, "serial", "ideal DRAM"), 128);
        const cells = [
          theirs,
          run("serial", "ideal DRAM"),
          run("serial", "DDR3"),
          run("overlapped", "ideal DRAM"),
          real,
          `${(theirs / real).toFixed(2)} times`,
        ];
        return `| ${network} | ${cells.join(" | ")} |`;
      }),
    ];
    expect(shown("assumptions", rows)).toBe(`${rows.join("\n")}\n`);
  });

  test("serial folds hide a slow memory; on overlapped ones it shows", () => {
    for (const network of networks) {
      const gain = (folds: string): number =>
        cycles(of(network, folds, "DDR3")) / cycles(of(network, folds, "ideal DRAM"));
      expect(gain("serial")).toBeLessThan(1.05);
      const slower =
        cycles(of(network, "serial", "ideal DRAM")) / cycles(of(network, "overlapped", "ideal DRAM"));
      expect(slower).toBeGreaterThan(1.8);
      expect(gain("overlapped")).toBeGreaterThan(gain("serial"));
    }
    expect(cycles(of("bert-base", "overlapped", "DDR3"))).toBeGreaterThan(
      2 * cycles(of("bert-base", "overlapped", "ideal DRAM")),
    );
  });

  test("with nothing but products and serial folds our cycles are SCALE-Sim's but for a few per cent of everything else", () => {
    for (const network of networks) {
      const run = of(network, "serial", "ideal DRAM");
      expect(cycles(run) / foldCycles(run, 128)).toBeGreaterThan(0.98);
      expect(cycles(run) / foldCycles(run, 128)).toBeLessThan(1.2);
    }
  });
});
