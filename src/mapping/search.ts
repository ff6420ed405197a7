/**
 * Branch and bound over loop orders and the places of all slots in them: from the inside outwards, either the next slot of an
 * operand is filled, or a factor is added. It goes down to a finished mapping each time, by turns from the place that can come to
 * least, which raises the bound, and from the one seen last and the one guessed best, which better the answer. Deterministic; a budget of steps makes it
 * end, and then the bound says what is left.
 */
import type { Guide } from "./guide.ts";
import type { Mapping } from "./mapping.ts";
import { type Place, waitingPlaces } from "./waiting.ts";
import { type WalkOptions, walkWith } from "./walk.ts";

export interface Search extends WalkOptions {
  /** At least one; they lead by turns. */
  readonly guides: readonly Guide[];
  /** The exact value of a finished mapping. */
  readonly evaluate: (mapping: Mapping) => number;
  readonly steps: number;
  /** A value so near to the bound, as a fraction, ends the search. */
  readonly enough: number;
}

export interface Found {
  readonly mapping: Mapping | undefined;
  readonly value: number;
  /** The least that a mapping not looked at can come to; `value` when all were looked at or cut off by a bound. */
  readonly bound: number;
  readonly steps: number;
}

/** A difference of this share between two values is noise of the arithmetic. */
const noise = 1e-12;

/** @param known the best value known; only better ones are returned */
export function searched(search: Search, known = Number.POSITIVE_INFINITY): Found {
  const { guides, enough } = search;
  const walk = walkWith(search);
  const waiting = waitingPlaces();
  waiting.push(walk.first());
  let best: Mapping | undefined;
  let value = known;
  let steps = 0;
  for (let turn = 0; ; turn += 1) {
    const least = waiting.least();
    if (least >= value * (1 - noise)) return { mapping: best, value, bound: value, steps };
    // The first way down is always finished.
    if (value < Number.POSITIVE_INFINITY && (steps >= search.steps || value * (1 - enough) < least))
      return { mapping: best, value, bound: least, steps };
    const guide = guides[Math.floor(turn / 3) % guides.length];
    if (guide === undefined) throw new Error("a search needs a guide");
    let place = [waiting.nearest, waiting.latest, waiting.likeliest][turn % 3]?.(value * (1 - noise));
    if (place !== undefined && !walk.arrive(place, guide)) place = undefined;
    while (place !== undefined) {
      steps += 1;
      const mapping = walk.mapping();
      if (mapping === undefined) place = onward(place, guide, value * (1 - noise));
      else {
        place = undefined;
        const found = search.evaluate(mapping);
        if (found >= value * (1 - noise)) continue;
        value = found;
        best = mapping;
      }
    }
  }

  /** The best guess among the steps from a place; the others wait. */
  function onward(place: Place, guide: Guide, below: number): Place | undefined {
    const steps = walk.steps(place, guide, below);
    const chosen = steps.findIndex((step) => walk.take(step, guide));
    if (chosen < 0) return undefined;
    for (const other of steps.slice(chosen + 1).reverse()) waiting.push(other);
    return steps[chosen];
  }
}
