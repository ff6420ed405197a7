/** The engine's state on polynomials: a period of a loop for all m = 0 .. horizon at once. */
import type { Compiled } from "./compile.ts";
import type { Horizon, Polynomial } from "./polynomial.ts";
import type { Branch } from "./trail.ts";

export interface Interval {
  readonly from: Polynomial;
  readonly to: Polynomial;
}

export interface Symbols {
  readonly compiled: Compiled;
  readonly cells: Polynomial[];
  readonly heads: Int32Array;
  readonly servers: Interval[][];
  /** By place. */
  readonly occupancy: Polynomial[];
  readonly counters: Polynomial[];
  readonly horizon: Horizon;
  /** Of a run with a trail. */
  readonly branch: Branch | undefined;
  steps: number;
  /** Gives up after so many steps, */
  readonly mostSteps: number;
  /** or when the horizon is nearer than this. */
  readonly leastLast: number;
}
