/**
 * A round: every engine takes one vector. How rounds follow each other as the machine is built, as its authors evaluated it,
 * and as it would be if nothing waited.
 * Models: banks, serial ports, pipelines, weight banks, streams from and to memory (built); stages in lock step (evaluated).
 * Ignores: reading ahead of a free bank; what the control of the RTL loses (reported as warnings).
 * Source: RTL and performance model of the adaptable butterfly accelerator of FABNet, MICRO 2022.
 */
import { type ButterflyWork, butterfly, weightsOf } from "../arch/butterfly.ts";
import type { Cost } from "../arch/component.ts";
import { hbm, type MemorySpec } from "../arch/memory.ts";
import { type Dependency, type Item, repeat, type Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import type { ButterflyMachine } from "./fabnet-fit.ts";
import type { FabnetWalk, Pass } from "./fabnet-pass.ts";
import { deviceTask, taskName } from "./pattern.ts";

/** Vectors that the banks hold for each engine. */
export interface Buffers {
  readonly fft: number;
  readonly butterfly: number;
}

/** What the authors' model leaves out, or everything. */
export type Accounting = "full" | "published";

const parts = {
  read: "input.read",
  serialIn: "engine.input",
  weightRead: "coefficients.read",
  weightFill: "engine.weights",
  compute: "engine.compute",
  serialOut: "engine.output",
  results: "engine.results",
  write: "output.write",
} as const;
type Part = keyof typeof parts;

const id = (pass: Pass, part: Part): string => `${pass.op}.${part}`;
const idOf = (pass: Pass, part: Part): string => taskName(0, id(pass, part));

/** The results are all in memory once these are done. */
export const resultsOf = (pass: Pass): readonly string[] => [idOf(pass, "write"), idOf(pass, "results")];

/**
 * Banks take turns: a vector comes in once its bank is free.
 * @param after what the pass waits for
 * @param behind what follows each round of so many vectors
 */
export function builtRounds(
  machine: ButterflyMachine,
  buffers: Buffers,
  pass: Pass,
  after: readonly Dependency[],
  behind: (vectors: number) => readonly Item[],
): readonly Item[] {
  const { engines } = machine.engine;
  const rounds = Math.ceil(pass.rows / engines);
  const round = (vectors: number): readonly Item[] => {
    const task = maker(machine, pass, vectors);
    const age = buffers[pass.transform.mode] - 1;
    const waits = (...names: Part[]): readonly Dependency[] =>
      names.map((name) => ({ task: idOf(pass, name), age }));
    // In FFT mode both banks hold one vector, whose result leaves while the next comes in.
    const free = pass.transform.mode === "fft" ? waits("compute") : waits("serialOut", "write");
    return [
      task("read", [...after, ...free]),
      task("serialIn", [...after, ...free]),
      task("weightRead", [{ task: idOf(pass, "compute"), age: weightBanks - 1 }]),
      task("weightFill", [{ task: idOf(pass, "compute"), age: weightBanks - 1 }]),
      task(
        "compute",
        loads.map((name) => idOf(pass, name)),
      ),
      task("serialOut", [idOf(pass, "compute")]),
      task("write", [idOf(pass, "compute")]),
      task("results", [idOf(pass, "serialOut")]),
      ...behind(vectors),
    ];
  };
  const stack = [
    ...(rounds > 1 ? [repeat(rounds - 1, round(engines))] : []),
    ...round(pass.rows - (rounds - 1) * engines),
  ];
  return pass.stacks > 1 ? [repeat(pass.stacks, stack)] : stack;
}

/** The RTL's weight buffer is filled on one side while the other is read. */
const weightBanks = 2;
const loads: readonly Part[] = ["read", "serialIn", "weightRead", "weightFill"];
const stores: readonly Part[] = ["serialOut", "write"];

/** A step in which each stage works on a vector of its own; the next step begins when all are done. */
interface Step {
  readonly times: number;
  readonly stages: readonly Stage[];
}
type Stage = "load" | "compute" | "store" | "load and compute";

/** Stages in lock step, as in the authors' model. */
export function lockstepRounds(
  machine: ButterflyMachine,
  buffers: Buffers,
  accounting: Accounting,
  pass: Pass,
  after: readonly Dependency[],
): readonly Item[] {
  const { engines } = machine.engine;
  const rounds = pass.stacks * Math.ceil(pass.rows / engines);
  const deep = buffers[pass.transform.mode] > 2;
  const steps = (deep ? threeStages : twoStages)(rounds, accounting).filter(({ times }) => times > 0);
  // The model charges every round for all engines.
  const task = maker(machine, pass, engines);
  const barrier = idOf(pass, "results");
  const timed = steps.map(({ times, stages }): Item => {
    const waits = [...after, barrier];
    const tasks = stages.flatMap((stage) => stageTasks(pass, task, stage, waits));
    return repeat(times, [
      ...tasks,
      task(
        "results",
        tasks.map((each) => each.id),
      ),
    ]);
  });
  return [...timed, ...uncharged(rounds, steps, task)];
}

function stageTasks(pass: Pass, task: Make, stage: Stage, waits: readonly Dependency[]): readonly Task[] {
  switch (stage) {
    case "load":
      return loads.map((name) => task(name, waits));
    case "compute":
      return [task("compute", waits)];
    case "store":
      return stores.map((name) => task(name, waits));
    case "load and compute":
      return [
        ...loads.map((name) => task(name, waits)),
        task(
          "compute",
          loads.map((name) => idOf(pass, name)),
        ),
      ];
  }
}

/** A vector is loaded and computed in one step, and stored in the next. */
function twoStages(rounds: number, accounting: Accounting): readonly Step[] {
  const first: Step = { times: 1, stages: ["load and compute"] };
  const both = (times: number): Step => ({ times, stages: ["load and compute", "store"] });
  if (accounting === "published") return [first, both(rounds - 2)];
  return [first, both(rounds - 1), { times: 1, stages: ["store"] }];
}

/** A vector is loaded, computed and stored in three steps. */
function threeStages(rounds: number, accounting: Accounting): readonly Step[] {
  const step = (times: number, ...stages: Stage[]): Step => ({ times, stages });
  const first = step(1, "load");
  if (accounting === "published")
    return [
      first,
      step(1, "compute"),
      step(rounds - 3, "load", "compute", "store"),
      step(rounds > 2 ? 1 : 0, "compute", "store"),
    ];
  if (rounds === 1) return [first, step(1, "compute"), step(1, "store")];
  return [
    first,
    step(1, "load", "compute"),
    step(rounds - 2, "load", "compute", "store"),
    step(1, "compute", "store"),
    step(1, "store"),
  ];
}

/** The rounds that the published accounting leaves out: their traffic and work are counted, their time is not. */
function uncharged(rounds: number, steps: readonly Step[], task: Make): readonly Task[] {
  const charged = (stage: Stage): number =>
    steps.reduce((sum, { times, stages }) => sum + (stages.includes(stage) ? times : 0), 0);
  const computed = charged("compute") + charged("load and compute");
  const loaded = charged("load") + charged("load and compute");
  const free = (part: Part, times: number): readonly Task[] =>
    Array.from({ length: Math.max(0, times) }, () => ({
      ...task(part, []),
      occupancy: 0,
      latency: ticks(0),
    }));
  return [
    ...loads.flatMap((part) => free(part, rounds - loaded)),
    ...free("compute", rounds - computed),
    ...stores.flatMap((part) => free(part, rounds - charged("store"))),
  ];
}

/** Nothing waits for anything inside a pass: the longest of reading, computing and writing. Weights come once. */
export function idealRound(
  machine: ButterflyMachine,
  pass: Pass,
  after: readonly Dependency[],
): readonly Item[] {
  const { engine } = machine;
  const vectors = pass.rows * pass.stacks;
  const task = maker(machine, pass, vectors);
  const each = vectors * pass.transform.points * Math.log2(pass.transform.points);
  // A unit makes two elements of a stage a cycle.
  const occupancy = Math.ceil(each / (engine.engines * engine.timing.units * 2)) * engine.ticksPerCycle;
  const compute: Task = { ...task("compute", after), occupancy };
  const tasks = [task("read", after), task("weightRead", []), compute, task("write", after)];
  return [
    ...tasks,
    {
      ...task(
        "results",
        tasks.map((each) => each.id),
      ),
      latency: ticks(0),
    },
  ];
}

type Make = (part: Part, after: readonly Dependency[]) => Task;

/** Makes the tasks of a round of `vectors` vectors. Tasks of one part share their names and counts. */
function maker(machine: ButterflyMachine, pass: Pass, vectors: number): Make {
  const costs = costsOf(machine, pass, vectors);
  const made = new Map<Part, Task>();
  return (part, after) => {
    const known = made.get(part);
    if (known !== undefined) return { ...known, after };
    const name = id(pass, part);
    const task = deviceTask(0, { unit: parts[part], op: pass.op, name, cost: costs[part], after });
    made.set(part, task);
    return task;
  };
}

function costsOf(machine: ButterflyMachine, pass: Pass, vectors: number): Readonly<Record<Part, Cost>> {
  const { engine, bytesPerElement } = machine;
  const { transform } = pass;
  const { points } = transform;
  const move = (memory: MemorySpec, direction: "read" | "write", elements: number, walk: FabnetWalk): Cost =>
    hbm.cost(memory, { direction, bytes: elements * bytesPerElement, walk });
  const work = (each: ButterflyWork): Cost => butterfly.cost(engine, each);
  return {
    read: move(machine.input, "read", vectors * pass.elementsIn, pass.walk),
    serialIn: work({ part: "input", transform, vectors }),
    weightRead: move(machine.coefficients, "read", weightsOf(points), "weights"),
    weightFill: work({ part: "weights", points }),
    compute: work({ part: "compute", transform, vectors, macs: 0 }),
    serialOut: work({ part: "output", transform, vectors }),
    results: work({ part: "results", transform, vectors }),
    write: move(machine.output, "write", vectors * pass.elementsOut, pass.walk),
  };
}
