/**
 * Papillon's core: from a machine and a workload to a report, or to the reason why the one cannot run the other.
 *
 *     configs ─► Hardware ─┐
 *                          ├─► dataflow.lower ─► Program ─► run ─► Stats ─► Report
 *     workload ► Workload ─┘
 *
 * Each arrow is a pure function from plain data to plain data; `simulate` is that diagram as code.
 */
import { machineResources, resourceMisfits } from "./area/machine-resources.ts";
import type { Machine } from "./config/machine.ts";
import type { PlannedRun } from "./config/plan.ts";
import { run } from "./engine/run.ts";
import { buildReport } from "./report/build.ts";
import type { Misfit, Result } from "./report/report.ts";
import { version } from "./version.ts";

/** @param planned a machine, a workload and an energy table, as `planSingle` or `planExperiment` read them */
export function simulate(planned: PlannedRun): Result {
  const { name, machine, workload, energyTable, references, documents, numbers } = planned;
  const { hardware, dataflow, fpga, silicon } = machine;
  const misfits = misfitsOf(planned);
  if (misfits.length > 0) return { status: "unfit", reason: reasonOf(misfits), misfits };
  const program = dataflow.lower(hardware, workload);
  const stats = run(program);
  const notes = [...(hardware.notes ?? []), ...(workload.notes ?? [])];
  const warnings = [...notes, ...dataflow.warnings(hardware, workload)];
  const report = buildReport(
    {
      name,
      hardware,
      fpga,
      silicon,
      dataflow,
      workload,
      energyTable,
      references,
      documents,
      numbers,
      warnings,
      mappings: dataflow.mappings(hardware, workload),
    },
    program,
    stats,
    `papillon-sim ${version}`,
  );
  return { status: "done", report };
}

/**
 * Why the machine is none, or cannot run the workload; empty when it can.
 * @param ofMachine what `machineMisfits` says, for who knows it
 */
export const misfitsOf = (
  { machine, workload }: PlannedRun,
  ofMachine: readonly Misfit[] = machineMisfits(machine),
): readonly Misfit[] => [...ofMachine, ...machine.dataflow.check(machine.hardware, workload)];

/** Why the machine is none, whatever it is to run. */
export const machineMisfits = ({ hardware, fpga }: Machine): readonly Misfit[] =>
  fpga === undefined ? [] : resourceMisfits(machineResources(hardware, fpga));

export const reasonOf = (misfits: readonly Misfit[]): string =>
  misfits.map(({ what, arithmetic }) => `${what}: ${arithmetic}`).join("; ");

export type { Hardware } from "./arch/hardware.ts";
export type { Library, Source } from "./config/library.ts";
export type { Machine } from "./config/machine.ts";
export { type Plan, type PlannedRun, planExperiment, planSingle } from "./config/plan.ts";
export type { Program } from "./program.ts";
export type * from "./report/report.ts";
export { formatProblems, type Problem } from "./schema/problem.ts";
export type { Stats } from "./stats.ts";
export type { Workload } from "./workload/graph.ts";
