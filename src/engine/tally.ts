/** From the engine's counters to Stats. */

import { ticks } from "../quantity.ts";
import type { PlaceStats, Stats, UnitStats } from "../stats.ts";
import { at, indexAt, item } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import { placeCounts } from "./counts.ts";
import { counter } from "./layout.ts";
import type { State } from "./state.ts";

/** @throws Error when a time or a sum passed 2^53, past which ticks are no longer exact. */
export function tally(compiled: Compiled, state: State, marks: readonly number[]): Stats {
  const { layout } = compiled;
  const finish = at(state.cells, layout.frontier);
  if (finish > Number.MAX_SAFE_INTEGER)
    throw new Error("the run takes more than 2^53 ticks: choose a coarser tick");
  const places = compiled.places.map((place, index): PlaceStats => {
    const { task, instances, busy, counts } = placeCounts(place);
    const { counters } = state;
    const first = indexAt(layout.code.counter, index);
    const edges = first + counter.edges;
    const after: number[] = [];
    for (let edge = 0; edge < task.after.length; edge++) after.push(at(counters, edges + edge));
    const occupancy = at(counters, first + counter.occupancy);
    const latency = at(counters, first + counter.latency);
    const dispatch = at(counters, first + counter.dispatch);
    const contention = at(counters, first + counter.contention);
    // One literal: half the cost of spreading the counts, for each place of each run.
    return {
      task,
      instances,
      busy,
      counts,
      finishing: { occupancy, latency },
      stalls: { dispatch, after, contention },
    };
  });
  const instances = places.reduce((sum, place) => sum + place.instances, 0);
  if (instances > Number.MAX_SAFE_INTEGER) throw new Error("the run has more than 2^53 task instances");
  return {
    finish: ticks(finish),
    places,
    units: unitStats(compiled, state, places, finish),
    marks: marks.map(ticks),
    work: {
      executed: state.executed,
      symbolic: state.symbolic,
      skipped: instances - state.executed,
    },
  };
}

function unitStats(
  { wiring, layout }: Compiled,
  { cells }: State,
  places: readonly PlaceStats[],
  finish: number,
): UnitStats[] {
  const busy = wiring.units.map(() => 0);
  const starved = wiring.units.map(() => 0);
  places.forEach((place, index) => {
    const { unit } = item(wiring.places, index);
    const { dispatch, after, contention } = place.stalls;
    busy[unit] = item(busy, unit) + place.busy;
    starved[unit] = after.reduce((sum, stall) => sum + stall, item(starved, unit) + dispatch + contention);
  });
  return wiring.units.map(({ name }, unit) => {
    const freeAt = at(cells, indexAt(layout.freeAt, unit));
    return {
      name,
      busy: item(busy, unit),
      starved: item(starved, unit),
      idle: finish - freeAt,
      freeAt: ticks(freeAt),
    };
  });
}
