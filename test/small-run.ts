/** Every shipped workload on every shipped machine, with little to do. */
import { formatProblems, type PlannedRun, planExperiment } from "../src/index.ts";
import { deepFrozen } from "./freeze.ts";
import { library, planned } from "./library.ts";

export interface SmallRun {
  readonly hardware: string;
  readonly workload: string;
  readonly run: PlannedRun;
  /** Whether the machine runs the workload. */
  readonly fits: boolean;
}

const [anyHardware = ""] = library.names("hardware");

/** Three tokens read and two written, where the workload generates text; one sequence as it ships otherwise. */
const little = new Map(
  library.names("workloads").map((workload) => {
    const generates = planned(anyHardware, workload).workload.task.kind === "generation";
    return [workload, generates ? { "workload.inputTokens": 3, "workload.outputTokens": 2 } : {}];
  }),
);

/** Planned as one experiment, so that every file is read once. */
export function smallRuns(
  set: Readonly<Record<string, number>> = {},
  machines: readonly string[] = library.names("hardware"),
  workloads: readonly string[] = library.names("workloads"),
): readonly SmallRun[] {
  const pairs = machines.flatMap((hardware) => workloads.map((workload) => ({ hardware, workload })));
  const runs = pairs.map(({ hardware, workload }) => ({
    name: `${workload} on ${hardware}`,
    hardware,
    workload,
    set: { ...set, ...little.get(workload) },
  }));
  const text = JSON.stringify({ name: "small", title: "Little to do", source: "a test", runs });
  const plan = planExperiment({ file: "small.yaml", text }, library);
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  return plan.value.runs.flatMap((run, index) => {
    const pair = pairs[index];
    const { machine, workload } = run;
    const fits = machine.dataflow.check(machine.hardware, workload).length === 0;
    return pair === undefined ? [] : [{ ...pair, run: deepFrozen(run), fits }];
  });
}

/** Of each machine the first workload, by name, that it runs. */
export function firstRuns(): readonly SmallRun[] {
  const fitting = smallRuns().filter(({ fits }) => fits);
  return library
    .names("hardware")
    .flatMap(
      (name) =>
        fitting
          .filter(({ hardware }) => hardware === name)
          .sort((a, b) => (a.workload < b.workload ? -1 : 1))[0] ?? [],
    );
}
