/** Whatever adds up in an explanation, added up. */
import { expect } from "vitest";
import { criticalPath } from "../../src/engine/critical-path.ts";
import { run } from "../../src/engine/run.ts";
import { pathRows } from "../../src/explain/path.ts";
import { unitTimes } from "../../src/explain/unit-time.ts";
import { planExperiment } from "../../src/index.ts";
import type { Program } from "../../src/program.ts";
import { library } from "../library.ts";

export function checkSums(program: Program, title: string): void {
  const stats = run(program);
  const path = sum(pathRows(program, criticalPath(program)), ({ ticks }) => ticks);
  if (path !== stats.finish) expect(path, title).toBe(stats.finish);
  unitTimes(program, stats).forEach(({ busy, idle, starved }, index) => {
    const waits = sum(starved, ({ ticks }) => ticks);
    if (busy + idle + waits !== stats.finish) expect(busy + idle + waits, title).toBe(stats.finish);
    if (waits !== stats.units[index]?.starved) expect(waits, title).toBe(stats.units[index]?.starved);
  });
}

/** @param most runs of the experiment, spread evenly over it. @returns how many fitted and were checked, and how many there are */
export function checkExperiment(
  name: string,
  most = Number.POSITIVE_INFINITY,
): { readonly fitting: number; readonly runs: number } {
  const source = library.find("experiments", name);
  const plan = source && planExperiment(source, library);
  if (plan?.ok !== true) throw new Error(`${name} cannot be read`);
  const { runs } = plan.value;
  const each = Math.ceil(runs.length / most);
  let fitting = 0;
  for (const { name: title, machine, workload } of runs.filter(
    (_, index) => index % Math.max(1, each) === 0,
  )) {
    const { hardware, dataflow } = machine;
    if (dataflow.check(hardware, workload).length > 0) continue;
    checkSums(dataflow.lower(hardware, workload), title);
    fitting += 1;
  }
  return { fitting, runs: runs.length };
}

export const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((so, item) => so + of(item), 0);
