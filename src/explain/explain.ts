/** Why a run takes as long as it does, and what would make it shorter. */
import { criticalPath, type Link } from "../engine/critical-path.ts";
import { run } from "../engine/run.ts";
import { type PlannedRun, type Result, simulate } from "../index.ts";
import { boundsOfOps, boundText } from "../report/bound.ts";
import { phasesOf } from "../report/fold.ts";
import type { Misfit, Report } from "../report/report.ts";
import { type Roofline, roofline } from "../report/roofline.ts";
import { firstIterations } from "../report/window.ts";
import { type ChainRow, chainRows, onePass } from "./chain.ts";
import { parametersOf } from "./parameter.ts";
import { type PathRow, pathRows } from "./path.ts";
import { chooses, type IsChosen } from "./selection.ts";
import { type Options, type Sensitivity, sensitivity } from "./sensitivity.ts";
import { type UnitTime, unitTimes } from "./unit-time.ts";

export interface Explanation {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly parameters: PlannedRun["parameters"];
  /** What it is about, as asked; null for the whole run. */
  readonly layer: string | null;
  readonly latencySeconds: number;
  /** The time of the ops that it is about; of the whole run its latency. */
  readonly measuredSeconds: number;
  /** Of the whole run. */
  readonly latencyTicks: number;
  readonly ticksPerSecond: number;
  /** All rows of the whole run sum to `latencyTicks`; of a layer, only its own. */
  readonly path: readonly PathRow[];
  /** Each unit's ticks, which sum to `latencyTicks`. */
  readonly units: readonly UnitTime[];
  /** The path of one pass through `chainOf`, in the first iteration of its phase. */
  readonly chain: readonly ChainRow[];
  /** The layer, or the block in which most of the path is. */
  readonly chainOf: string;
  readonly sensitivity: readonly Sensitivity[];
  readonly roofline: Roofline;
}

export type Explained =
  | { readonly status: "done"; readonly explanation: Explanation; readonly report: Report }
  | { readonly status: "unfit"; readonly reason: string; readonly misfits: readonly Misfit[] };

/** Plans the same run with further settings; undefined where the configs do not admit them. */
export type Replan = (set: readonly string[]) => PlannedRun | undefined;

/** @param layer a name of `layerNames`; absent: the whole run */
export function explain(
  planned: PlannedRun,
  replan: Replan,
  { layer, ...options }: Options & { readonly layer?: string } = {},
): Explained {
  const result = simulate(planned);
  if (result.status === "unfit") return result;
  const { report } = result;
  const { hardware, dataflow } = planned.machine;
  const isChosen: IsChosen = layer === undefined ? () => true : chooses(layer);
  const program = dataflow.lower(hardware, planned.workload);
  const stats = run(program);
  const whole = pathRows(program, criticalPath(program));
  const rows = whole.filter(isChosen);
  const [largest = whole[0]] = rows;
  const chainOf = layer ?? `${largest?.phase}.${largest?.op.split(".")[0]}`;
  const { chain } = criticalPath(program, { window: firstIterations(program, stats, 1, largest?.phase) });
  const measure = (of: Report): number =>
    layer === undefined
      ? of.totals.latencySeconds
      : of.ops.filter(isChosen).reduce((sum, { latencySeconds }) => sum + latencySeconds, 0);
  const boundOf = (of: Report): string => {
    const [first] = boundsOfOps(of.ops.filter(isChosen));
    return first === undefined ? "nothing" : boundText(first);
  };
  const rerun = (set: readonly string[]): Result | undefined => {
    const changed = replan(set);
    return changed && whereTaken(() => simulate(changed));
  };
  const explanation: Explanation = {
    schemaVersion: 1,
    name: planned.name,
    parameters: planned.parameters,
    layer: layer ?? null,
    latencySeconds: report.totals.latencySeconds,
    measuredSeconds: measure(report),
    latencyTicks: stats.finish,
    ticksPerSecond: hardware.tickRate,
    path: rows,
    units: unitTimes(program, stats),
    chain: chainRows(passOf(chain, phasesOf(program), chainOf)),
    chainOf,
    sensitivity: sensitivity(
      { report, measure, boundOf },
      parametersOf(planned.documents.hardware),
      rerun,
      options,
    ),
    roofline: roofline(hardware, { ops: report.ops.filter(isChosen) }),
  };
  return { status: "done", explanation, report };
}

/** A number that a component's arithmetic does not take (five butterfly units, say) is refused by the quantity that it would make. */
function whereTaken(simulated: () => Result): Result | undefined {
  try {
    return simulated();
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith("expected a")) return undefined;
    throw error;
  }
}

/** Of a phase, all of it. */
function passOf(chain: readonly Link[], phases: readonly string[], name: string): readonly Link[] {
  const isIn = chooses(name);
  return phases.includes(name)
    ? chain
    : onePass(chain, ({ place, task: { op } }) => isIn({ phase: phases[place] ?? "", op }));
}
