import fc from "fast-check";
import { expect, test } from "vitest";
import { type Amount, stepsAt } from "../../src/amount.ts";
import { evenSteps } from "../../src/dataflow/even-steps.ts";
import { simulate } from "../../src/index.ts";
import { type Item, type Program, repeat, type Task } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";
import { planned } from "../library.ts";

const task = (occupancy: number, bytes = 0, latency = 3): Task => ({
  ...{ kind: "task", id: "product", unit: "array", op: "product", latency: ticks(latency), after: [] },
  ...{ occupancy, counts: { bytes }, holds: { memory: 1 + bytes } },
});

/** What the loop stands for, step by step. */
function writtenOut(items: readonly Item[], loop: string): readonly Item[] {
  return items.flatMap((item): readonly Item[] => {
    if (item.kind === "task") return [item];
    if (item.name !== loop) return [{ ...item, body: writtenOut(item.body, loop) }];
    return Array.from({ length: item.times }, (_, step) =>
      item.body.map((each) => atStep(each, loop, step)),
    ).flat();
  });
}

function atStep(item: Item, loop: string, step: number): Item {
  if (item.kind === "repeat") return { ...item, body: item.body.map((each) => atStep(each, loop, step)) };
  const of = (amount: Amount): Amount =>
    typeof amount === "number" || amount.loop !== loop
      ? amount
      : amount.base + stepsAt(amount, step) * amount.step;
  const all = (amounts: Readonly<Record<string, Amount>>) =>
    Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, of(amount)]));
  const { holds } = item;
  return {
    ...item,
    occupancy: of(item.occupancy),
    counts: all(item.counts),
    ...(holds === undefined ? {} : { holds: all(holds) }),
  };
}

test("steps that grow by as much each are one loop; a step that grows otherwise begins the next", () => {
  const durations = [10, 12, 14, 16, 19, 22, 22];
  const loops = evenSteps(durations.length, (step) => [task(durations[step] ?? 0, 8 * step)], "step");
  const growing = (base: number, step: number, bytes: number, times: number) =>
    repeat(
      times,
      [
        {
          ...task(0),
          occupancy: { loop: "step", base, step, per: 1 },
          counts: { bytes: { loop: "step", base: bytes, step: 8, per: 1 } },
          holds: { memory: { loop: "step", base: 1 + bytes, step: 8, per: 1 } },
        },
      ],
      "step",
    );
  expect(loops).toEqual([growing(10, 2, 0, 4), growing(19, 3, 32, 2), task(22, 48)]);
});

test("loops stand for the very steps that they were made of", () => {
  const step = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 3, max: 4 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (drawn) => {
      const steps = drawn.map(([duration, bytes, latency], index): readonly Item[] => [
        repeat(2, [task(duration * index, bytes, latency)]),
        task(1),
      ]);
      const loops = evenSteps(steps.length, (index) => steps[index] ?? [], "step");
      expect(writtenOut(loops, "step")).toEqual(steps.flat());
    }),
    { numRuns: 300 },
  );
});

test("a systolic machine generates as if each of its steps were written out", () => {
  for (const [hardware, workload, set] of [
    ["tpu-v1", "gpt2", []],
    ["gemmini", "gpt2", ["dataflow.fuse=false"]],
    ["gemmini", "t5-small", []],
  ] as const) {
    const run = planned(hardware, workload, [...set, "workload.precision=int8", "workload.outputTokens=12"]);
    const { dataflow } = run.machine;
    const lower: typeof dataflow.lower = (machine, network): Program => {
      const program = dataflow.lower(machine, network);
      return { ...program, body: writtenOut(program.body, "step") };
    };
    const result = simulate({ ...run, machine: { ...run.machine, dataflow: { ...dataflow, lower } } });
    expect(result.status).toBe("done");
    expect(result).toEqual(simulate(run));
  }
});
