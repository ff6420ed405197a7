/** Explanations of configs on disk, for scripts. */
import { configReader } from "../config/config-reader.ts";
import { planSingle } from "../config/plan.ts";
import { type Explained, explain as explainRun } from "../explain/explain.ts";
import type { Options } from "../explain/sensitivity.ts";
import { fileLibrary } from "./library.ts";
import { plan } from "./plan.ts";

/**
 * Why a workload takes as long as it does on a machine, and what each parameter of the machine would gain.
 * @param hardware name of a shipped config, or a file
 * @param layer a phase, block or op; absent: the whole run
 * @throws Error with every problem of the configs, one a line
 */
export function explain(
  hardware: string,
  workload: string,
  { set = [], ...options }: Options & { readonly set?: readonly string[]; readonly layer?: string } = {},
): Explained {
  const library = fileLibrary();
  const read = configReader(library);
  const replan = (more: readonly string[]) => {
    const again = planSingle(hardware, workload, library, { set: [...set, ...more], read });
    return again.ok ? again.value.runs[0] : undefined;
  };
  return explainRun(plan(hardware, workload, { set }), replan, options);
}
