import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explain } from "../../src/explain/explain.ts";
import { layerNames, namesInPhases } from "../../src/explain/selection.ts";
import { renderExplanation } from "../../src/explain/table.ts";
import { type Report, simulate } from "../../src/index.ts";
import { noPaint } from "../../src/report/columns.ts";
import { randomProgram } from "../engine/random-program.ts";
import { library } from "../library.ts";
import { planner } from "./rerun.ts";
import { checkExperiment, checkSums, sum } from "./sums.ts";

describe("attribution", () => {
  test.each(library.names("experiments"))(
    "sums to the latency exactly, along the path and in each unit, in runs of %s",
    (name) => {
      // All of them: test/e2e/explain.e2e.ts.
      expect(checkExperiment(name, 16).fitting).toBeGreaterThan(0);
    },
  );

  test("sums to the latency exactly in 500 random programs", () => {
    for (let seed = 1; seed <= 500; seed++)
      checkSums(randomProgram(seed, { instances: 400, occupancy: 9, times: 100 }), `seed ${seed}`);
  });
});

/** Where only the run itself matters, nothing is simulated again. */
const nothingElse = (): undefined => undefined;
const small = ["devices=2", "inputTokens=2", "outputTokens=2", "model.n_layer=2"];

describe("explaining DFX", () => {
  const { run: planned, replan } = planner("dfx-u280", "gpt2", small);
  const explained = explain(planned, replan);
  if (explained.status === "unfit") throw new Error(explained.reason);
  const { explanation, report } = explained;

  test("every gain is what changing the YAML gives", () => {
    const tried = explanation.sensitivity.flatMap(({ path, plusTenPercent, timesTwo }) =>
      [plusTenPercent, timesTwo].flatMap((step) => (step === undefined ? [] : [{ path, step }])),
    );
    expect(tried.length).toBeGreaterThan(60);
    for (const { path, step } of tried.slice(0, 16)) {
      const changed = planner("dfx-u280", "gpt2", [...small, `hardware.${path}=${step.value}`]);
      const result = simulate(changed.run);
      if (result.status === "unfit") throw new Error(result.reason);
      const { latencySeconds, energyJoules } = result.report.totals;
      expect(step.latencySeconds).toBe(latencySeconds);
      expect(step.energyJoules).toBe(energyJoules);
      const taken = (of: Report): number => of.resources?.total.dsp ?? Number.NaN;
      expect(step.resources?.dsp).toBe(taken(result.report) - taken(report));
      expect(step.gain).toBeCloseTo(1 - latencySeconds / report.totals.latencySeconds, 12);
    }
  });

  test("from the break-even on, twice as much gains less than a percent, and a tenth less still gains", () => {
    const latencyWith = (path: string, value: string): number => {
      const result = simulate(planner("dfx-u280", "gpt2", [...small, `hardware.${path}=${value}`]).run);
      return result.status === "done" ? result.report.totals.latencySeconds : Number.NaN;
    };
    const row = explanation.sensitivity.find(({ path }) => path === "units.hbm.channels");
    const channels = Number(row?.breakEven?.value);
    const at = (factor: number): number =>
      latencyWith("units.hbm.channels", String(Math.ceil(channels * factor)));
    expect(1 - at(2) / at(1)).toBeLessThan(0.01);
    expect(1 - at(1.6) / at(0.8)).toBeGreaterThan(0.01);
  });

  test("beside a gain stands what it takes of the FPGA", () => {
    const row = (wanted: string) => explanation.sensitivity.find(({ path }) => path === wanted)?.timesTwo;
    // Twice the 16 lanes of 64 multipliers: at two DSPs for each of 1024 fp16 multiplications and more for the sums.
    expect(row("units.matrix.lanes")?.resources?.dsp).toBeGreaterThan(2 * 1024);
    expect(row("units.matrix.lanes")?.utilization?.dsp).toBeCloseTo(
      (row("units.matrix.lanes")?.resources?.dsp ?? 0) / (report.resources?.capacity.dsp ?? 0),
      12,
    );
    expect(row("sequencer.issue")?.resources).toEqual({ lut: 0, ff: 0, dsp: 0, bram: 0, uram: 0 });
  });

  test("the chain of a phase is as long as its first iteration", () => {
    const decoding = explain(planned, nothingElse, { layer: "decode" });
    if (decoding.status === "unfit") throw new Error(decoding.reason);
    const { chain, ticksPerSecond, measuredSeconds } = decoding.explanation;
    const ticks = sum(chain, (row) => sum(Object.values(row.ticks), (amount) => amount));
    expect(ticks / ticksPerSecond / (measuredSeconds / 2)).toBeCloseTo(1, 1);
  });

  test("the chain of a layer is one pass through it, in the order of its ops", () => {
    const layer = explain(planned, nothingElse, { layer: "decode.decoder" });
    if (layer.status === "unfit") throw new Error(layer.reason);
    const { chain, measuredSeconds, latencySeconds, path } = layer.explanation;
    const ops = chain.map(({ op }) => op);
    expect(ops.filter((op) => op === "decoder.attentionNorm").length).toBeLessThanOrEqual(1);
    expect(ops.indexOf("decoder.softmax")).toBeLessThan(ops.indexOf("decoder.expand"));
    expect(ops.indexOf("decoder.expand")).toBeLessThan(ops.lastIndexOf("decoder.contract"));
    expect(measuredSeconds).toBeLessThan(latencySeconds);
    expect(path.every(({ phase, op }) => phase === "decode" && op.startsWith("decoder."))).toBe(true);
  });

  test("a whole machine's clock and devices come behind its parts", () => {
    const parts = explanation.sensitivity.map(({ part }) => part);
    expect(parts.slice(-2)).toEqual(["machine", "machine"]);
  });

  test("names of layers are phases, blocks and ops", () => {
    expect(layerNames(report)).toEqual(expect.arrayContaining(["decode", "decoder", "decoder.query"]));
    expect(namesInPhases(report)).toEqual(expect.arrayContaining(["decode.decoder", "decode.decoder.query"]));
  });

  test.each([60, 100, 160])("the table keeps to %i characters", (width) => {
    const lines = renderExplanation(explanation, { width, paint: noPaint }).split("\n");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(lines).toContain("What to change first");
  });
});

test("docs/explain.md shows what the command prints", () => {
  const page = readFileSync("docs/explain.md", "utf8");
  const [, shown = ""] = /```text\n([\s\S]*?)\n```/.exec(page) ?? [];
  const { run: planned, replan } = planner("dfx-u280", "gpt2-medium", [
    "devices=1",
    "inputTokens=32",
    "outputTokens=1",
  ]);
  const explained = explain({ ...planned, name: "345M on 1 card [32:1]" }, replan, {
    layer: "prefill.decoder",
  });
  if (explained.status === "unfit") throw new Error(explained.reason);
  const printed = renderExplanation(explained.explanation, { width: 100, paint: noPaint });
  for (const block of shown.split("\n\n")) expect(printed).toContain(block);
});
