/**
 * Row stationary as Eyeriss runs it, from the seven numbers that its authors tell of a layer's mapping.
 * Source: Chen et al., JSSC 2017, section III and table II.
 */
import type { Loop, Mapping } from "./mapping.ts";
import type { Dimension, Problem } from "./problem.ts";
import type { Unrolling } from "./unrolling.ts";

export interface RowStationary {
  /** Filters whose sums the buffer holds, and images of a pass. */
  readonly m: number;
  readonly n: number;
  /** Rows of the result that a set of PEs makes. */
  readonly e: number;
  /** Filters and channels that a PE takes in turn. */
  readonly p: number;
  readonly q: number;
  /** Sets beside each other, for channels and for filters. */
  readonly r: number;
  readonly t: number;
}

/** A PE's own loops, the pass that streams rows and images through it, then the passes: filters, channels, strips, filters, images. */
export function rowStationary(
  problem: Problem,
  rows: number,
  columns: number,
  given: RowStationary,
): Mapping {
  const { m, n, e, p, q, r, t } = given;
  const { sizes } = problem;
  const unrolling = setsOn(rows, columns, sizes.FY, given);
  const filters = Math.ceil(sizes.K / t);
  const order: readonly (readonly [Dimension, number, readonly Place[]])[] = [
    ["K", p, own],
    ["FX", sizes.FX, own],
    ["C", q, own],
    // The window of q channels slides: all of the row passes through the scratch pad.
    ["OX", sizes.OX, passing],
    ["B", n, passing],
    ["K", m / (p * t), ["glb O", "glb I"]],
    ["C", Math.ceil(sizes.C / (q * r)), ["glb O"]],
    ["OY", Math.ceil(sizes.OY / e), []],
    ["K", Math.ceil(filters / (m / t)), []],
    ["G", sizes.G, []],
    ["B", Math.ceil(sizes.B / n), []],
  ];
  const loops: Loop[] = [];
  const reached = { O: 0, W: 0, I: 0, "glb O": 0, "glb I": 0, pass: 0 };
  for (const [dimension, times, places] of order) {
    if (times > 1) loops.push({ dimension, times });
    for (const place of places) reached[place] = loops.length;
  }
  const all = loops.length;
  return {
    unrolling,
    loops,
    covers: {
      O: [reached.O, reached["glb O"], all],
      W: [reached.W, reached.pass, all],
      I: [reached.I, reached["glb I"], all],
    },
  };
}

const own = ["O", "W", "I", "glb O", "glb I", "pass"] as const;

const passing = ["I", "glb O", "glb I", "pass"] as const;

type Place = "O" | "W" | "I" | "glb O" | "glb I" | "pass";

/** Sets stand on top of each other; one that is too wide is cut in segments, and where another is too tall they stand side by side. */
function setsOn(rows: number, columns: number, taps: number, { e, r, t }: RowStationary): Unrolling {
  const segments = Math.ceil(e / columns);
  const width = Math.min(e, columns);
  return taps * r * t * segments <= rows
    ? { D1: { FY: taps, OY: segments, C: r, K: t }, D2: { OY: width } }
    : { D1: { FY: taps, OY: segments }, D2: { OY: width, C: r, K: t } };
}
