/** A machine that is made bad at one thing is told to mend that thing first. */
import { describe, expect, test } from "vitest";
import { explain } from "../../src/explain/explain.ts";
import { planner } from "./rerun.ts";

interface Plant {
  /** What is planted, `path=value`. */
  readonly plant: readonly string[];
  /** What has to be changed first. */
  readonly path: string;
}

const machines: Readonly<
  Record<
    string,
    {
      readonly hardware: string;
      readonly workload: string;
      readonly set: readonly string[];
      readonly plants: Readonly<Record<string, Plant>>;
    }
  >
> = {
  DFX: {
    hardware: "dfx-u280",
    workload: "gpt2",
    set: ["devices=2", "inputTokens=1", "outputTokens=1", "model.n_layer=1"],
    plants: {
      compute: { plant: ["units.matrix.lanes=1"], path: "units.matrix.lanes" },
      "main memory": { plant: ["units.hbm.channels=1"], path: "units.hbm.channels" },
      "second memory": {
        plant: ["units.ddr.efficiency.stream=0.00001"],
        path: "units.ddr.efficiency.stream",
      },
      "memory latency": {
        plant: ["units.hbm.latency.idleOpenRow=100 us"],
        path: "units.hbm.latency.idleOpenRow",
      },
      "link bandwidth": { plant: ["units.ring.bandwidth=10 Mbit/s"], path: "units.ring.bandwidth" },
      "link latency": { plant: ["units.ring.latency=200 us"], path: "units.ring.latency" },
      "dependency latency": { plant: ["sequencer.issue=5000 cycles"], path: "sequencer.issue" },
    },
  },
  STA: {
    hardware: "sta-fpga",
    workload: "bert-base",
    set: ["sequence=512", "model.num_hidden_layers=1"],
    plants: {
      compute: { plant: ["units.matrix.rows=2"], path: "units.matrix.rows" },
      softmax: { plant: ["units.softmax.pipelines=1", "units.softmax.lanes=1"], path: "units.softmax.lanes" },
      "main memory": {
        plant: ["units.memory.channels=1", "units.memory.width=8 bit", "workload.sequence=128"],
        path: "units.memory.channels",
      },
      "memory latency": { plant: ["units.memory.latency.idle=1 ms"], path: "units.memory.latency.idle" },
      "dependency latency": { plant: ["sequencer.issue=1000000 cycles"], path: "sequencer.issue" },
      "capacity for scores": {
        plant: [
          "units.softmax.capacity=600 KiB",
          "units.memory.width=8 bit",
          "units.activations.capacity=16 MiB",
        ],
        path: "units.softmax.capacity",
      },
      "capacity for activations": {
        plant: [
          "units.activations.capacity=2 MiB",
          "units.memory.width=8 bit",
          "units.softmax.capacity=2 MiB",
        ],
        path: "units.activations.capacity",
      },
    },
  },
  "a systolic machine": {
    hardware: "tpu-v1",
    workload: "alexnet",
    set: ["workload.image=64"],
    plants: {
      compute: { plant: ["units.array.columns=16"], path: "units.array.columns" },
      memory: { plant: ["units.memory.width=8 bit"], path: "units.memory.width" },
      "memory latency": { plant: ["units.memory.latency.idle=1 ms"], path: "units.memory.latency.idle" },
      "dependency latency": { plant: ["sequencer.issue=100000 cycles"], path: "sequencer.issue" },
    },
  },
  FABNet: {
    hardware: "fabnet-vcu128-be120",
    workload: "fabnet-base",
    set: ["sequence=64"],
    plants: {
      compute: { plant: ["units.engine.engines=4"], path: "units.engine.engines" },
      "input memory": {
        plant: ["units.input.channels=1", "units.input.width=8 bit"],
        path: "units.input.channels",
      },
      "output memory": {
        plant: ["units.output.channels=1", "units.output.width=8 bit"],
        path: "units.output.channels",
      },
      "coefficient memory": { plant: ["units.coefficients.width=8 bit"], path: "units.coefficients.width" },
      "memory latency": {
        plant: ["units.input.latency.idleOpenRow=1 ms"],
        path: "units.input.latency.idleOpenRow",
      },
      "dependency latency": {
        plant: ["units.engine.pipeline.butterfly=20000 cycles"],
        path: "units.engine.pipeline.butterfly",
      },
    },
  },
};

describe.each(Object.entries(machines))("on %s, what to change first is", (_, machine) => {
  test.each(Object.entries(machine.plants))("%s, where that is planted", (_, { plant, path }) => {
    const { hardware, workload, set } = machine;
    const { run, replan } = planner(hardware, workload, [...set, ...plant]);
    const explained = explain(run, replan, { breakEvens: 0 });
    if (explained.status === "unfit") throw new Error(explained.reason);
    const [first, ...others] = explained.explanation.sensitivity;
    const best = first?.timesTwo?.gain ?? 0;
    const planted = [first, ...others].find((row) => row?.path === path);
    // Width, channels and clock of one memory gain the same; the planted one is among the best, and they are of its part.
    expect(first?.part, `${first?.path} gains ${best}, ${path} gains ${planted?.timesTwo?.gain}`).toBe(
      planted?.part,
    );
    expect(planted?.timesTwo?.gain).toBeGreaterThan(best - 1e-3);
    expect(best).toBeGreaterThan(0.2);
  });
});
