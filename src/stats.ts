/** What a run counted: times from the engine, counts folded over the program tree. Plain data. */
import type { Task } from "./program.ts";
import type { Ticks } from "./quantity.ts";

export interface Stats {
  /** When the last result is there. */
  readonly finish: Ticks;
  /** One entry for each place in the program's text where a task stands, in text order. */
  readonly places: readonly PlaceStats[];
  readonly units: readonly UnitStats[];
  /** `finish` as seen after each top-level item of the program's body, in order: the phases of the run. */
  readonly marks: readonly Ticks[];
  /**
   * The tasks executed one by one, those skipped as periodic, and those executed on polynomials to prove how many may be
   * skipped (this is extra work: executed + skipped are all instances).
   */
  readonly work: { readonly executed: number; readonly skipped: number; readonly symbolic: number };
}

/** Sums over all instances of the task at this place. All in ticks but `instances` and `counts`. */
export interface PlaceStats {
  readonly task: Task;
  readonly instances: number;
  /** Occupancy of its unit or server. */
  readonly busy: number;
  /** By action, as in `task.counts`. */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * By how much it moved the finish line, split in its occupancy and its latency. Summed over all places the two give
   * `finish` exactly: each tick of the run belongs to the one task that was last to be done.
   */
  readonly finishing: { readonly occupancy: number; readonly latency: number };
  /** Unit free and task not yet started, by what it waited for: the dispatch, each of `task.after`, older work on the server. */
  readonly stalls: {
    readonly dispatch: number;
    readonly after: readonly number[];
    readonly contention: number;
  };
}

export interface UnitStats {
  readonly name: string;
  readonly busy: number;
  /** Free while a task of its own was still to come: the sum of the stalls of its tasks. */
  readonly starved: number;
  /** Nothing left to do: from its last task to `finish`. */
  readonly idle: number;
  /** When its last task left it. busy + starved + idle = finish. */
  readonly freeAt: Ticks;
}
