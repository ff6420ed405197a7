/**
 * From names to indices. A compiled program is flat arrays that the step functions walk, and the tree of its loops.
 * Everything that a dataflow can get wrong is found here and thrown at once, naming task, op and unit.
 */
import type { Program } from "../program.ts";
import { type Footprint, footprint, unitLatency } from "./footprint.ts";
import { sameForm } from "./form.ts";
import { type Layout, layout } from "./layout.ts";
import { type Place, type Scope, type Straight, scan } from "./scan.ts";
import { type Wiring, wire } from "./wire.ts";

export interface Compiled {
  readonly program: Program;
  readonly places: readonly Place[];
  readonly wiring: Wiring;
  readonly layout: Layout;
  /** By place. */
  readonly latency: Float64Array;
  /** One for each item of the program's body: the phases that `Stats.marks` tells apart. */
  readonly phases: readonly (readonly Part[])[];
}

/** Straight-line places from .. to - 1, or a loop. */
export type Part = Run | Loop;

export interface Run {
  readonly kind: "run";
  readonly from: number;
  readonly to: number;
}

export interface Loop {
  readonly kind: "loop";
  readonly times: number;
  readonly parts: readonly Part[];
  /** Its places in the text: from .. to - 1. */
  readonly from: number;
  readonly to: number;
  /** The places whose occupancy grows with this loop's iterations. */
  readonly growing: readonly number[];
  /** After so many iterations each of these has grown by a whole number. */
  readonly growthPeriod: number;
  /** What an iteration reads and writes. */
  readonly footprint: Footprint;
  /** For each of the footprint's units the largest latency of its tasks here. */
  readonly unitLatency: readonly number[];
}

/**
 * @param like another program compiled before: where this one has its form (the same tasks on the same units in the same loops, with
 *   other amounts, latencies and numbers of iterations), what was found out about that is used again
 * @throws Error with an exact message when the program is not well formed: a bug of the dataflow.
 */
export function compile(program: Program, like?: Compiled): Compiled {
  const { places, scopes } = scan(program);
  const same = like !== undefined && sameForm(program, { places, scopes }, like);
  const wiring = same ? like.wiring : wire(program, places);
  const cells = same ? like.layout : layout(wiring);
  const partsOf = (parts: readonly (Straight | Scope)[], known: readonly Part[] | undefined): Part[] =>
    Array.from(parts, (part, index) => {
      if (part.kind === "run") return part;
      const { times, from, to, growing, growthPeriod } = part;
      const before = known?.[index];
      const reached = before?.kind === "loop" ? before.footprint : footprint(part, places, wiring, cells);
      return {
        kind: "loop",
        times,
        parts: partsOf(part.parts, before?.kind === "loop" ? before.parts : undefined),
        from,
        to,
        growing,
        growthPeriod,
        footprint: reached,
        unitLatency: unitLatency(part, places, wiring, reached),
      };
    });
  const phases = Array.from(scopes, (parts, index) => partsOf(parts, same ? like.phases[index] : undefined));
  const latency = new Float64Array(places.map(({ task }) => task.latency));
  return { program, places, wiring, layout: cells, latency, phases };
}
