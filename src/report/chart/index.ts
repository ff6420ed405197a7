/** The charts, in the order of a report. A new chart is a file and a line here. */
import type { Chart, DoneRun, ExperimentChart, RunChart } from "./chart.ts";
import { runsByKind } from "./runs-by-kind.ts";

/** Of all runs of an experiment together. */
const ofExperiment: readonly ExperimentChart[] = [runsByKind];
/** Of one run. */
const ofRun: readonly RunChart[] = [];

export const experimentCharts = (runs: readonly DoneRun[]): readonly Chart[] =>
  ofExperiment.flatMap((chart) => chart(runs));
export const runCharts = (run: DoneRun): readonly Chart[] => ofRun.flatMap((chart) => chart(run));
