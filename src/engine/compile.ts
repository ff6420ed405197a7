/**
 * From names to indices. A compiled program is flat arrays that the step functions walk, and the tree of its loops.
 * Everything that a dataflow can get wrong is found here and thrown at once, naming task, op and unit.
 */
import type { Program } from "../program.ts";
import { type Footprint, footprint } from "./footprint.ts";
import { type Layout, layout } from "./layout.ts";
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

/** @throws Error with an exact message when the program is not well formed: a bug of the dataflow. */
export function compile(program: Program): Compiled {
  const { places, scopes } = scan(program);
  const wiring = wire(program, places);
  const cells = layout(
    wiring,
    places.map(({ task }) => task.latency),
  );
  const partsOf = (parts: readonly (Straight | Scope)[]): Part[] =>
    parts.map((part) =>
      part.kind === "run"
        ? part
        : {
            kind: "loop",
            times: part.times,
            parts: partsOf(part.parts),
            from: part.from,
            to: part.to,
            growing: part.growing,
            growthPeriod: part.growthPeriod,
            footprint: footprint(part, places, wiring, cells),
          },
    );
  return { program, places, wiring, layout: cells, phases: scopes.map(partsOf) };
}
