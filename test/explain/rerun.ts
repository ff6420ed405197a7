/** Plans a run of shipped configs again and again, as the command does. */
import { type ConfigReader, configReader } from "../../src/config/config-reader.ts";
import { planSingle } from "../../src/config/plan.ts";
import type { Replan } from "../../src/explain/explain.ts";
import { formatProblems, type PlannedRun } from "../../src/index.ts";
import { library } from "../library.ts";

const read: ConfigReader = configReader(library);

export function planner(
  hardware: string,
  workload: string,
  set: readonly string[] = [],
): { readonly run: PlannedRun; readonly replan: Replan } {
  const plan = (more: readonly string[]) =>
    planSingle(hardware, workload, library, { set: [...set, ...more], read });
  const planned = plan([]);
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  return {
    run,
    replan: (more) => {
      const again = plan(more);
      return again.ok ? again.value.runs[0] : undefined;
    },
  };
}
