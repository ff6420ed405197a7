/** A design and what came of it: a row of a table of results, flat and JSON-safe. */
import type { Design } from "../config/space.ts";

export interface Row {
  /** Of the design in its space. */
  readonly index: number;
  /**
   * done: it ran; unfit: the machine cannot run the workload; failed: the configs do not admit the values; skipped: a search proved that
   * it need not run.
   */
  readonly status: "done" | "unfit" | "failed" | "skipped";
  readonly parameters: Design;
  /** Why it is unfit, failed or skipped; empty otherwise. */
  readonly reason: string;
  /** Scalars of the report's totals, and the objectives by their text. Absent where it did not run. */
  readonly results?: Readonly<Record<string, number>>;
  /** It ran and meets all limits. */
  readonly feasible: boolean;
}

/** The columns of totals, in the order of a table. */
export const totalColumns = [
  "latencySeconds",
  "latencyCycles",
  "tokensPerSecond",
  "energyJoules",
  "energyPerTokenJoules",
  "averagePowerWatts",
  "macs",
  "macsPerSecond",
  "parameters",
  "parameterBytes",
  "peakActivationBytes",
] as const;
