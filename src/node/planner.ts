/** Plans the runs of a command again and again, with other settings each time. */
import type { OnnxChoice } from "../config/onnx.ts";
import type { Planned, PlannedRun } from "../config/plan.ts";
import type { Replan } from "../explain/explain.ts";
import { onnxChoice } from "./command/onnx-option.ts";

export interface PlannerOptions extends OnnxChoice {
  readonly hardware?: string;
  readonly workload?: string;
  readonly dataflow?: string;
  readonly set: readonly string[];
}

/** Plans the runs with further settings, over those of the command line. */
export type Planner = (set: readonly string[], only?: string) => Planned<readonly PlannedRun[]>;

export async function plannerOf(
  experiment: string | undefined,
  { hardware = "", workload = "", dataflow, set, ...options }: PlannerOptions,
): Promise<Planner | string> {
  const { configReader } = await import("../config/config-reader.ts");
  const { planExperiment, planSingle } = await import("../config/plan.ts");
  const { fileLibrary } = await import("./library.ts");
  const library = fileLibrary();
  const choice = onnxChoice(options);
  const read = configReader(library, choice);
  if (experiment === undefined)
    return (more) =>
      runsOf(
        planSingle(hardware, workload, library, {
          set: [...set, ...more],
          read,
          ...(dataflow === undefined ? {} : { dataflow }),
        }),
      );
  if (Object.keys(choice).length > 0)
    return "--dim, --value, --allow-unknown and --measure-sparsity go with --workload model.onnx; an experiment sets workload.dims.batch";
  const source = library.find("experiments", experiment);
  if (source !== undefined)
    return (more, only) =>
      runsOf(
        planExperiment(source, library, [...set, ...more], { read, ...(only === undefined ? {} : { only }) }),
      );
  const { notFound } = await import("./family.ts");
  return notFound(experiment, ["experiments"], library);
}

const runsOf = (
  planned: Planned<{ readonly runs: readonly PlannedRun[] }>,
): Planned<readonly PlannedRun[]> => (planned.ok ? { ok: true, value: planned.value.runs } : planned);

/** The same run with further settings, for those who explain it. */
export const replanOf =
  (planner: Planner, { name }: PlannedRun): Replan =>
  (set) => {
    const again = planner(set, name);
    return again.ok ? again.value[0] : undefined;
  };
