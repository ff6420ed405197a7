/** What each unit of the first device did when, over a window of a run: JSON-safe, a few bytes a task. */

export interface Timeline {
  readonly ticksPerSecond: number;
  /** Of the whole run, in ticks, like all times here. */
  readonly finish: number;
  /** What the tracks show; the window ends early where it held too many tasks. */
  readonly window: Stretch;
  /** Why the window is not the one asked for, or nothing. */
  readonly cut: string;
  /** By index in tracks. */
  readonly ops: readonly { readonly name: string; readonly kind: string }[];
  readonly tracks: readonly Track[];
  /** Passes through blocks of the network, in the order of their beginnings. */
  readonly layers: readonly Layer[];
  readonly overview: Overview;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A unit's tasks one after the other, packed by `packSpans`. */
export interface Track {
  readonly unit: string;
  readonly tasks: number;
  readonly packed: string;
}

export interface Layer extends Stretch {
  readonly name: string;
}

/** The whole run in bins: the share of each in which each unit is busy, in thousandths. */
export interface Overview {
  /** One more than bins. */
  readonly edges: readonly number[];
  readonly units: readonly { readonly unit: string; readonly busy: readonly number[] }[];
}

/** Times in ticks, one entry a task, in the order of their starts. */
export interface Spans {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly ops: Uint16Array;
}
