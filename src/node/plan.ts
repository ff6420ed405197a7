/** Plans from configs on disk, for scripts: mistakes in configs are thrown. */
import {
  type Plan,
  type Planned,
  type PlannedRun,
  planExperiment,
  planSingle,
  type SingleOptions,
} from "../config/plan.ts";
import { formatProblems } from "../schema/problem.ts";
import { notFound } from "./family.ts";
import { fileLibrary } from "./library.ts";

/**
 * One workload on one machine, for `simulate`.
 * @param hardware name of a shipped config, or a file
 * @param options values to change, `set: ["devices=2"]`; of an ONNX model `dim: ["batch=4"]`
 * @throws Error with every problem of the configs, one a line
 */
export function plan(hardware: string, workload: string, options: SingleOptions = {}): PlannedRun {
  const [run] = readValue(planSingle(hardware, workload, fileLibrary(), options)).runs;
  if (run === undefined) throw new Error("nothing was planned");
  return run;
}

/**
 * All runs of an experiment.
 * @param name of a shipped experiment, or a file
 * @throws Error with every problem of the configs, one a line
 */
export function planOf(name: string, set: readonly string[] = []): Plan {
  const library = fileLibrary();
  const source = library.find("experiments", name);
  if (source === undefined) throw new Error(notFound(name, ["experiments"], library));
  return readValue(planExperiment(source, library, set));
}

function readValue<Value>(planned: Planned<Value>): Value {
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  return planned.value;
}
