/**
 * From names to indices. A compiled program is flat arrays that the step functions walk, and the tree of its loops.
 * Everything that a dataflow can get wrong is found here and thrown at once, naming task, op and unit.
 */
import type { Program } from "../program.ts";
import { type Footprint, footprint, refooted } from "./footprint.ts";
import { sameForm } from "./form.ts";
import { type Layout, layout, relaid } from "./layout.ts";
import { type Place, type Scope, type Straight, scan } from "./scan.ts";
import { type Wiring, wire } from "./wire.ts";

export interface Compiled {
  readonly program: Program;
  readonly places: readonly Place[];
  readonly wiring: Wiring;
  readonly layout: Layout;
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
  const latencies = places.map(({ task }) => task.latency);
  const cells = same ? relaid(like.layout, latencies) : layout(wiring, latencies);
  const partsOf = (parts: readonly (Straight | Scope)[], known: readonly Part[] | undefined): Part[] =>
    parts.map((part, index) => {
      if (part.kind === "run") return part;
      const { times, from, to, growing, growthPeriod } = part;
      const before = known?.[index];
      const loop = before?.kind === "loop" ? before : undefined;
      return {
        kind: "loop",
        times,
        parts: partsOf(part.parts, loop?.parts),
        from,
        to,
        growing,
        growthPeriod,
        footprint:
          loop === undefined
            ? footprint(part, places, wiring, cells)
            : refooted(loop.footprint, part, places, wiring),
      };
    });
  const phases = scopes.map((parts, index) => partsOf(parts, same ? like.phases[index] : undefined));
  return { program, places, wiring, layout: cells, phases };
}
