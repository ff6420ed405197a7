/** The shipped configs, read from disk, for tests. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  formatProblems,
  type Library,
  type PlannedRun,
  planSingle,
  type Report,
  simulate,
} from "../src/index.ts";

const load = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8") : undefined;

export const library: Library = {
  load,
  names: (family) =>
    readdirSync(family === "experiments" ? family : `configs/${family}`)
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => name.slice(0, -".yaml".length)),
  find: (family, name) => {
    const paths = [
      name,
      family === "experiments" ? `${family}/${name}.yaml` : `configs/${family}/${name}.yaml`,
    ];
    const file = paths.find((path) => load(path) !== undefined);
    const text = file === undefined ? undefined : load(file);
    return file === undefined || text === undefined ? undefined : { file, text };
  },
};

/** @throws Error with the problems when the configs cannot be read */
export function planned(hardware: string, workload: string, set: readonly string[] = []): PlannedRun {
  const plan = planSingle(hardware, workload, library, { set });
  if (!plan.ok) throw new Error(formatProblems(plan.problems));
  const [run] = plan.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  return run;
}

/** @throws Error when the design does not fit */
export function reportOf(hardware: string, workload: string, set: readonly string[] = []): Report {
  const result = simulate(planned(hardware, workload, set));
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}
