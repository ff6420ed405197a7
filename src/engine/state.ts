/** All that changes while a program runs. */

import { growing } from "./amount.ts";
import { type Busy, emptyBusy } from "./busy.ts";
import type { Compiled } from "./compile.ts";
import { newTrail, type Trail } from "./trail.ts";

export interface State {
  /** Times, see `Layout`. Before anything has happened all are 0, which no wait can lose to. */
  readonly cells: Float64Array;
  /** By unit: which entry of its ring is the oldest. */
  readonly heads: Int32Array;
  readonly servers: readonly Busy[];
  /** By place: ticks in the current iteration of the loop that it grows with. */
  readonly occupancy: Float64Array;
  readonly counters: Float64Array;
  /** How the cells' times came about; undefined in a run that is not asked for it. */
  readonly trail: Trail | undefined;
  /** Tasks executed one by one. */
  executed: number;
  /** Tasks executed once for many iterations, on polynomials. */
  symbolic: number;
}

export function initial(compiled: Compiled, trailed: boolean): State {
  const { layout, wiring, places } = compiled;
  return {
    cells: new Float64Array(layout.size),
    heads: new Int32Array(wiring.units.length),
    servers: Array.from(wiring.servers, emptyBusy),
    occupancy: new Float64Array(
      places.map(({ task: { occupancy } }) =>
        typeof occupancy === "number" ? occupancy : growing(occupancy, 0),
      ),
    ),
    counters: new Float64Array(layout.counters),
    trail: trailed ? newTrail(compiled) : undefined,
    executed: 0,
    symbolic: 0,
  };
}
