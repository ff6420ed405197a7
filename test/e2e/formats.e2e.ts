/** Every workload on every machine in the number formats that it does not ship in: it runs, or is refused; the slow part of the contract. */
import { expect, test } from "vitest";
import { formatProblems, planSingle, simulate } from "../../src/index.ts";
import { library } from "../library.ts";

const tokens = ["workload.inputTokens=3", "workload.outputTokens=2"];

/** @throws Error with the problems when it cannot be planned */
function run(machine: string, workload: string, set: readonly string[]) {
  const plan = planSingle(machine, workload, library, { set });
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  const [first] = plan.value.runs;
  if (first === undefined) throw new Error("nothing planned");
  return first;
}

const workloads = library.names("workloads").map((name) => {
  const { task, precision } = run("dfx-u280", name, []).workload;
  return { name, set: task.kind === "generation" ? tokens : [], precision };
});

test.each(library.names("hardware"))("%s runs any workload in any format, or refuses it", (machine) => {
  for (const { name, set, precision } of workloads)
    for (const other of ["int8", "fp16"].filter((format) => format !== precision)) {
      const result = simulate(run(machine, name, [...set, `workload.precision=${other}`]));
      if (result.status === "unfit") expect(result.reason, `${name} in ${other}`).not.toBe("");
      else expect(result.report.totals.latencySeconds, `${name} in ${other}`).toBeGreaterThan(0);
    }
});
