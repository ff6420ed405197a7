/**
 * Where each time stands in the state's one array of cells, and the program as flat arrays for the hot loop.
 *
 *     cells = [ sequencer times | frontier | units' freeAt | shift registers, latest first | queue rings ]
 *
 * A ring holds the starts of a unit's last `depth` tasks; the unit's head points at the oldest, which is the next to be
 * overwritten. `frontier` is the largest doneAt so far.
 */
import { indexAt, indices, item } from "./cells.ts";
import type { WiredPlace, Wiring } from "./wire.ts";

export interface Layout {
  readonly size: number;
  readonly counters: number;
  readonly frontier: number;
  /** By unit. */
  readonly freeAt: Int32Array;
  readonly ring: Int32Array;
  readonly depth: Int32Array;
  /** By register. */
  readonly register: Int32Array;
  readonly registerLength: Int32Array;
  readonly code: Code;
}

/** By place; `edges` are the cells that it waits for, place p's from `edgeFrom[p]` to `edgeFrom[p + 1] - 1`. */
export interface Code {
  readonly unit: Int32Array;
  readonly sequencer: Int32Array;
  /** -1: the unit is its own server. */
  readonly server: Int32Array;
  readonly register: Int32Array;
  readonly edgeFrom: Int32Array;
  readonly edges: Int32Array;
  /** Its counters: contention, finishing by occupancy, finishing by latency, dispatch stalls, stalls of each edge. */
  readonly counter: Int32Array;
}

/** Places of a task's counters, from its first. The stalls of its edges follow the dispatch. */
export const counter = { contention: 0, occupancy: 1, latency: 2, dispatch: 3, edges: 4 } as const;

export function layout(wiring: Wiring): Layout {
  const { sequencers, units, registers, places } = wiring;
  const frontier = sequencers.length;
  const freeAt = indices(units.length, (unit) => frontier + 1 + unit);
  const registerLength = indices(registers.length, (register) => item(registers, register).length);
  const register = offsets(registerLength, frontier + 1 + units.length);
  const depth = indices(units.length, (unit) => item(units, unit).depth);
  const ring = offsets(depth, indexAt(register, registers.length));
  const ofPlace = (value: (place: WiredPlace) => number): Int32Array =>
    indices(places.length, (index) => value(item(places, index)));
  const edgeFrom = offsets(
    ofPlace(({ after }) => after.length),
    0,
  );
  const counters = offsets(
    ofPlace(({ after }) => after.length + counter.edges),
    0,
  );
  const unitOf = ({ unit }: WiredPlace) => item(units, unit);
  return {
    size: indexAt(ring, units.length),
    counters: indexAt(counters, places.length),
    frontier,
    freeAt,
    ring,
    depth,
    register,
    registerLength,
    code: {
      unit: ofPlace(({ unit }) => unit),
      sequencer: ofPlace((place) => unitOf(place).sequencer),
      server: ofPlace((place) => unitOf(place).server ?? -1),
      register: ofPlace((place) => place.register),
      edgeFrom,
      edges: edgesOf(places, register, indexAt(edgeFrom, places.length)),
      counter: counters,
    },
  };
}

function edgesOf(places: readonly WiredPlace[], register: Int32Array, count: number): Int32Array {
  const edges = new Int32Array(count);
  let next = 0;
  for (const { after } of places)
    for (const { register: producer, age } of after) edges[next++] = indexAt(register, producer) + age;
  return edges;
}

/** Running sums from `first`; one longer than `lengths`, so that the last is the end. */
function offsets(lengths: Int32Array, first: number): Int32Array {
  const sums = new Int32Array(lengths.length + 1);
  let sum = first;
  sums[0] = sum;
  for (let index = 0; index < lengths.length; index++) {
    sum += indexAt(lengths, index);
    sums[index + 1] = sum;
  }
  return sums;
}
