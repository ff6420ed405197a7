import { describe, expect, test } from "vitest";
import { type PlannedRun, planExperiment, planSingle } from "../../src/config/plan.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library } from "../library.ts";
import { pencilLibrary } from "./library.ts";

const pencil = pencilLibrary("nowhere");

const experiment = `
name: figure
title: A figure
source: a paper
hardware: card
workload: tiny
set: { hardware.devices: 4, workload.outputTokens: 9 }
runs:
  - name: as above
  - name: with settings of its own
    set: { workload.outputTokens: 3, hardware.units.hbm.channels: 8 }
    references:
      latency: { value: 12 ms, source: table 1, sure: read }
      tokensPerSecond: 7
`;

function runsOf(text: string, set: readonly string[] = []): readonly PlannedRun[] {
  const plan = planExperiment({ file: "figure.yaml", text }, pencil, set);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  return plan.value.runs;
}

function single(set: readonly string[]): PlannedRun {
  const plan = planSingle("card", "tiny", pencil, { set });
  const [run] = plan.ok ? plan.value.runs : [];
  if (run === undefined) throw new Error(plan.ok ? "no run" : formatProblems(plan.problems));
  return run;
}

const outputTokens = ({ workload: { task } }: PlannedRun): number =>
  task.kind === "generation" ? task.outputTokens : -1;

describe("an experiment", () => {
  test("is planned run by run, each with what it does not say from above", () => {
    const runs = runsOf(experiment);
    expect(runs.map(({ name }) => name)).toEqual(["as above", "with settings of its own"]);
    for (const run of runs) {
      expect(run.machine.hardware).toMatchObject({ name: "card", devices: 4 });
      expect(run.workload.name).toBe("tiny");
      expect(run.energyTable.name).toBe("pencil");
    }
  });

  test("sets values for all runs, a run over these, the command line over both", () => {
    expect(runsOf(experiment).map(outputTokens)).toEqual([9, 3]);
    expect(runsOf(experiment, ["workload.outputTokens=5"]).map(outputTokens)).toEqual([5, 5]);
  });

  test("says which run stands against which, and where on a curve", () => {
    const text = experiment
      .replace("set: {", "curve: { along: width, flat: 0.1 }\nset: {")
      .replace("- name: as above", "- name: as above\n    at: { width: 8 }")
      .replace(
        "of its own\n",
        "of its own\n    at: { width: 16 }\n    against: as above\n    because: half\n",
      );
    const plan = planExperiment({ file: "figure.yaml", text }, pencil);
    if (!plan.ok) throw new Error(formatProblems(plan.problems));
    expect(plan.value.curve).toEqual({ along: "width", flat: 0.1 });
    const [first, second] = plan.value.runs;
    expect(first?.against).toBeUndefined();
    expect(second).toMatchObject({ against: { run: "as above", because: "half" }, at: { width: 16 } });
    expect(second?.parameters["width"]).toBe(16);
  });

  test("names every relation that does not hold, at its place", () => {
    const text = experiment
      .replace("set: {", "curve: { along: width, flat: 0.1 }\nset: {")
      .replace("- name: as above", "- name: as above\n    because: half\n    at: { width: 8 }")
      .replace("of its own\n", "of its own\n    against: as abov\n    at: { depth: 3 }\n");
    const plan = planExperiment({ file: "figure.yaml", text }, pencil);
    expect(plan.ok ? "" : formatProblems(plan.problems).split("\n")).toEqual([
      "figure.yaml:11:14 runs.0.because: expected the key against beside it, found none",
      'figure.yaml:14:14 runs.1.against: expected the name of another run of this experiment, found "as abov"; did you mean "as above"?',
      "figure.yaml:15:9 runs.1.at: expected the key width, which the curve runs along, found depth",
    ]);
  });

  test("sets values in one run without a trace in the next", () => {
    const [first, second] = runsOf(experiment);
    // 8 B ports at 200 MHz: 1.6 GB/s each.
    expect(first?.machine.hardware.units["hbm"]?.spec.peak).toEqual({ bytes: 6.4e9 });
    expect(second?.machine.hardware.units["hbm"]?.spec.peak).toEqual({ bytes: 12.8e9 });
    expect(second?.documents.hardware).toMatchObject({ units: { hbm: { channels: 8 } } });
  });

  test("tells what sets each run apart", () => {
    expect(runsOf(experiment)[1]?.parameters).toEqual({
      hardware: "card",
      workload: "tiny",
      "hardware.devices": 4,
      "workload.outputTokens": 3,
      "hardware.units.hbm.channels": 8,
    });
  });

  test("carries published numbers in SI units, with their origin or that it is not said", () => {
    const [first, second] = runsOf(experiment);
    expect(first?.references).toEqual([]);
    expect(second?.references).toEqual([
      { metric: "latencySeconds", published: 0.012, source: "table 1", sure: "read" },
      { metric: "tokensPerSecond", published: 7, source: "not said", sure: "not said" },
    ]);
  });

  test("carries every number that says where it comes from; a value set anew has no origin", () => {
    const [first, second] = runsOf(experiment);
    expect(first?.numbers.map(({ path, sure }) => [path, sure])).toEqual([
      ["hardware.units.hbm.channels", "read"],
    ]);
    expect(second?.numbers).toEqual([]);
  });

  test("that ships can be planned", () => {
    for (const name of library.names("experiments")) {
      const source = library.find("experiments", name);
      const plan = source && planExperiment(source, library);
      expect(plan?.ok === false ? formatProblems(plan.problems) : "").toBe("");
      if (plan?.ok) expect(plan.value.runs.length).toBeGreaterThan(0);
    }
  });
});

describe("a setting", () => {
  test("finds its document by its first word, or by the key that only one of the two has", () => {
    expect(outputTokens(single(["workload.outputTokens=7"]))).toBe(7);
    expect(outputTokens(single(["outputTokens=7"]))).toBe(7);
    expect(single(["hardware.devices=1"]).machine.hardware.devices).toBe(1);
    expect(single(["devices=1"]).machine.hardware.devices).toBe(1);
    expect(single(["dataflow.attentionWindow=8"]).machine.dataflow.options).toMatchObject({
      attentionWindow: 8,
    });
  });

  test("reaches into the model that the workload's file names", () => {
    const { workload } = single(["workload.model.n_layer=5"]);
    expect(workload.task.model).toMatchObject({ layers: 5 });
  });

  test("may hold an equals sign and a unit", () => {
    const { hardware } = single(["hardware.source=y = x", "hardware.clock=300 MHz"]).machine;
    expect(hardware).toMatchObject({ source: "y = x", clock: 300e6 });
  });

  test("chooses the dataflow of a single run", () => {
    const plan = planSingle("card", "tiny", pencil, { dataflow: "dfx" });
    expect(plan.ok && plan.value.runs[0]?.machine.dataflow.name).toBe("dfx");
  });
});

test("a name that nothing has is told where it stands, with the nearest that there is", () => {
  const plan = planSingle("dfx-u820", "gpt2", library);
  expect(plan.ok ? [] : plan.problems).toMatchObject([
    {
      file: "--hardware",
      code: "missing-file",
      found: expect.stringContaining('"dfx-u820"'),
      suggestion: "dfx-u280",
    },
  ]);
});

test("plans are plain data but for the dataflow's functions", () => {
  const { machine, ...rest } = single([]);
  expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
  expect(JSON.parse(JSON.stringify(machine.hardware))).toEqual(machine.hardware);
});
