/** The charts, in the order of a report. A new chart is a file and a line here. */
import { capacity } from "./capacity.ts";
import { channels } from "./channels.ts";
import type { Chart, DoneRun, ExperimentChart, RunChart } from "./chart.ts";
import { criticalPath } from "./critical-path.ts";
import { curves } from "./curve.ts";
import { energy } from "./energy.ts";
import { layers } from "./layers.ts";
import { ops } from "./ops.ts";
import { published } from "./published.ts";
import { roofline } from "./roofline.ts";
import { runsByKind } from "./runs-by-kind.ts";
import { sensitivity } from "./sensitivity.ts";
import { sweep } from "./sweep.ts";
import { traffic } from "./traffic.ts";
import { units } from "./units.ts";
import { utilization } from "./utilization.ts";

/** Of all runs of an experiment together. */
const ofExperiment: readonly ExperimentChart[] = [published, curves, sweep, runsByKind];
/** Of one run. */
const ofRun: readonly RunChart[] = [
  sensitivity,
  criticalPath,
  layers,
  ops,
  units,
  utilization,
  roofline,
  energy,
  traffic,
  capacity,
  channels,
];

export const experimentCharts = (runs: readonly DoneRun[]): readonly Chart[] =>
  ofExperiment.flatMap((chart) => chart(runs));
export const runCharts = (run: DoneRun): readonly Chart[] => ofRun.flatMap((chart) => chart(run));

export interface PlacedChart {
  readonly chart: Chart;
  /** Absent: of the whole experiment. */
  readonly run?: string;
}

/** Every chart of an experiment: those of all its runs together, then those of each. */
export const allCharts = (runs: readonly DoneRun[]): readonly PlacedChart[] => [
  ...experimentCharts(runs).map((chart) => ({ chart })),
  ...runs.flatMap((run) => runCharts(run).map((chart) => ({ chart, run: run.name }))),
];
