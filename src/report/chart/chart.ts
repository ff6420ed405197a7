/** A chart as data: a Chart.js configuration that is plain JSON, the numbers behind it, and the words for who cannot see it. */
import type { Resources } from "../../area/resources.ts";
import type { CurvePoint, Report, RunResult } from "../report.ts";

export interface Chart {
  /** Names it on the command line and in file names: "energy". */
  readonly name: string;
  readonly title: string;
  /** What it shows, and the main finding, in a sentence or two. */
  readonly description: string;
  /** Height of the plot in lines of text; its width is the reader's. */
  readonly lines: number;
  /** Width below which it is scrolled rather than squeezed, in characters. */
  readonly characters?: number;
  readonly config: ChartConfig;
  /** In SI units, every digit. */
  readonly data: ChartData;
}

export interface ChartData {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonRecord = { readonly [key: string]: Json };

/** What Chart.js takes, without functions; colours are those of the light theme. */
export interface ChartConfig {
  readonly type: "bar" | "line" | "scatter" | "matrix" | "sankey";
  readonly data: { readonly labels?: readonly string[]; readonly datasets: readonly JsonRecord[] };
  readonly options: JsonRecord;
}

/** A run that has a report. */
export interface DoneRun {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly report: Report;
  /** Where it is a point of a curve. */
  readonly curve?: CurvePoint;
  /** Where the run was explained. */
  readonly explanation?: Explained;
}

/** What charts take of an explanation, as `papillon explain --format json` prints it. */
export interface Explained {
  readonly name: string;
  readonly latencyTicks: number;
  readonly ticksPerSecond: number;
  /** All rows together are the latency. */
  readonly path: readonly {
    readonly phase: string;
    readonly op: string;
    readonly unit: string;
    readonly cause: string;
    readonly ticks: number;
  }[];
  /** Ranked: what gains most first. */
  readonly sensitivity: readonly {
    readonly path: string;
    readonly value: string;
    readonly plusTenPercent?: ExplainedStep;
    readonly timesTwo?: ExplainedStep;
  }[];
}

export interface ExplainedStep {
  readonly value: string;
  readonly latencySeconds: number;
  /** By which the latency falls, of itself. */
  readonly gain: number;
  readonly energyRatio: number;
  readonly resources?: Resources;
  readonly mm2?: number;
}

/** Of one run; none where the run has nothing to show. */
export type RunChart = (run: DoneRun) => readonly Chart[];
/** Of all runs of an experiment together. */
export type ExperimentChart = (runs: readonly DoneRun[]) => readonly Chart[];

/** @param explanations by run */
export const doneRuns = (
  runs: readonly RunResult[],
  explanations: Readonly<Record<string, Explained>> = {},
): readonly DoneRun[] =>
  runs.flatMap(({ name, parameters, result, curve }) => {
    if (result.status !== "done") return [];
    const explanation = explanations[name];
    const { report } = result;
    return [
      {
        name,
        parameters,
        report,
        ...(curve === undefined ? {} : { curve }),
        ...(explanation === undefined ? {} : { explanation }),
      },
    ];
  });
