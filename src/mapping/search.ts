/**
 * Branch and bound over loop orders and the places of all slots in them: from the inside outwards, either the next slot of an
 * operand is filled, or a factor is added. Deterministic; a budget of steps makes it end, and then the bound says what is left.
 */
import type { Operand } from "../arch/operand-hierarchy.ts";
import { operands } from "../arch/operand-hierarchy.ts";
import { digitOf, stepped } from "./lattice.ts";
import type { Loop, Mapping } from "./mapping.ts";
import type { Bound, Objective, Spent } from "./objective.ts";
import { filled, firstStage, roomAt, type Space, type Stage } from "./place.ts";
import { dimensions, relevance } from "./problem.ts";
import type { Slot } from "./slot.ts";
import type { Weight } from "./to-go.ts";
import type { Unrolling } from "./unrolling.ts";

export interface Search {
  readonly space: Space;
  readonly unrolling: Unrolling;
  readonly bound: Bound;
  /** What the search tries first: the place where this and its least to go are smallest. */
  readonly guide: { readonly weight: Weight; readonly toGo: (stage: Stage, node: number) => number };
  /** The exact value of a finished mapping. */
  readonly evaluate: (mapping: Mapping) => number;
  readonly objective: Objective;
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

interface Place {
  readonly stage: Stage;
  readonly node: number;
  readonly spent: Spent;
  readonly guided: number;
  /** Bits taken in memories that several operands share, by index into the hierarchy's memories. */
  readonly taken: ReadonlyMap<string, number>;
  readonly loops: readonly Loop[];
  readonly covers: Readonly<Record<Operand, readonly number[]>>;
  /** Operands with a slot filled at this very node. */
  readonly here: readonly Operand[];
}

/** @param known the best value known; only better ones are returned */
export function searched(search: Search, known = Number.POSITIVE_INFINITY): Found {
  const { space, evaluate } = search;
  let best: Mapping | undefined;
  let value = known;
  let steps = 0;
  let open = Number.POSITIVE_INFINITY;
  const seen = new Map<number, (readonly number[])[]>();
  const start = root(search);
  const least = search.bound(start.stage, start.node, start.spent);
  const ended = (): boolean =>
    value < Number.POSITIVE_INFINITY && (steps >= search.steps || value * (1 - search.enough) < least);
  const visit = (place: Place): void => {
    steps += 1;
    if (place.stage.slots.length === 0) {
      const mapping = finished(search, place);
      const found = evaluate(mapping);
      if (found < value * (1 - noise)) {
        value = found;
        best = mapping;
      }
      return;
    }
    if (isAdditive(search) && dominated(space, seen, place)) return;
    const children = [...slotsFilled(search, place), ...factorsAdded(search, place)]
      .map((child) => ({
        child,
        least: search.bound(child.stage, child.node, child.spent),
        guess: child.guided + search.guide.toGo(child.stage, child.node),
      }))
      .filter(({ guess }) => guess < Number.POSITIVE_INFINITY)
      .sort((a, b) => a.guess - b.guess || a.least - b.least);
    for (const { child, least } of children) {
      if (least >= value * (1 - noise)) continue;
      // Out of steps: what is not looked at still counts for the bound. The first way down is always finished.
      if (ended()) open = Math.min(open, least);
      else visit(child);
    }
  };
  visit(start);
  return { mapping: best, value, bound: Math.min(value, open), steps };
}

/** Equal places with no more spent and no more memory taken need no second look where the objective is a sum over slots. */
const isAdditive = ({ objective }: Pick<Search, "objective">): boolean => objective === "energy";

const root = ({ space, objective }: Search): Place => ({
  stage: firstStage(space),
  node: 0,
  spent: {
    joules: objective === "latency" ? 0 : space.macJoules + (space.slots.fixed?.joules()[0] ?? 0),
    busy: space.slots.ports.map((_, port) =>
      space.slots.fixed?.ports.includes(port) ? (space.slots.fixed.busy(port)[0] ?? 0) : 0,
    ),
  },
  guided: 0,
  taken: new Map(),
  loops: [],
  covers: { O: [], W: [], I: [] },
  here: [],
});

function slotsFilled({ space, guide, objective }: Search, place: Place): readonly Place[] {
  const additive = isAdditive({ objective });
  const { stage, node } = place;
  // Slots filled at the same node may be filled in any order: the operands' own is enough.
  const lastHere = additive
    ? 0
    : place.here.reduce((last, operand) => Math.max(last, operands.indexOf(operand)), 0);
  return stage.slots.flatMap((slot) => {
    const { operand } = slot;
    if (operands.indexOf(operand) < lastHere || roomAt(space, slot, stage.open).fits[node] !== 1) return [];
    const taken = roomTaken(space, place, slot);
    if (taken === undefined) return [];
    return [
      {
        ...place,
        stage: filled(space, stage, slot, slot.open(node)),
        taken,
        spent: {
          joules: objective === "latency" ? 0 : place.spent.joules + (slot.joules()[node] ?? 0),
          busy: additive ? place.spent.busy : busier(place.spent.busy, slot, node),
        },
        guided: place.guided + (guide.weight(slot)[node] ?? 0),
        // The latch is no memory: it stands in no mapping.
        covers:
          slot.memory === undefined
            ? place.covers
            : { ...place.covers, [operand]: [...place.covers[operand], place.loops.length] },
        here: [...place.here, operand],
      },
    ];
  });
}

const busier = (busy: readonly number[], slot: Slot, node: number): readonly number[] =>
  busy.map((cycles, port) => (slot.ports.includes(port) ? cycles + (slot.busy(port)[node] ?? 0) : cycles));

/** What the operands take of a shared memory together, or nothing where it is too much. */
function roomTaken(
  space: Space,
  { taken, stage, node }: Place,
  slot: Slot,
): ReadonlyMap<string, number> | undefined {
  const { memory } = slot;
  if (memory === undefined || memory.operands.length < 2) return taken;
  const bits = (taken.get(memory.name) ?? 0) + (roomAt(space, slot, stage.open).taken[node] ?? 0);
  return bits > memory.capacity ? undefined : new Map(taken).set(memory.name, bits);
}

function factorsAdded({ space, objective }: Search, place: Place): readonly Place[] {
  const additive = isAdditive({ objective });
  const { lattice } = space;
  const last = place.loops.at(-1);
  return lattice.factors.flatMap(({ dimension, prime }, factor) => {
    const node = stepped(lattice, place.node, factor);
    if (node < 0) return [];
    // A loop that reuses the tile just filled belongs to that tile.
    if (place.here.some((operand) => relevance[operand][dimension] === "reuse")) return [];
    if (
      !additive &&
      last !== undefined &&
      place.here.length === 0 &&
      commutes(last, { dimension, times: prime })
    )
      return [];
    return [{ ...place, node, loops: [...place.loops, { dimension, times: prime }], here: [] }];
  });
}

/** With no slot between them two loops that all operands see alike may change places: only one of the orders is looked at. */
function commutes(inner: Loop, outer: Loop): boolean {
  if (inner.dimension === outer.dimension) return inner.times > outer.times;
  const alike = operands.every(
    (operand) => relevance[operand][inner.dimension] === relevance[operand][outer.dimension],
  );
  return alike && dimensions.indexOf(inner.dimension) > dimensions.indexOf(outer.dimension);
}

/** What is left of the loops goes on top, where the outermost memories hold all. */
function finished({ space, unrolling }: Search, { node, loops, covers }: Place): Mapping {
  const rest = space.lattice.factors.flatMap(({ dimension, prime, limit, stride }) =>
    Array.from({ length: limit - digitOf(node, stride, limit) }, (): Loop => ({ dimension, times: prime })),
  );
  const all = merged([...loops, ...rest], Object.values(covers).flat());
  const place = (cover: number): number => all.places[cover] ?? all.loops.length;
  const top = all.loops.length;
  return {
    unrolling,
    loops: all.loops,
    covers: {
      O: [...covers.O.map(place), top],
      W: [...covers.W.map(place), top],
      I: [...covers.I.map(place), top],
    },
  };
}

/** Neighbouring loops of one dimension with no slot between them are one loop. */
function merged(
  loops: readonly Loop[],
  cuts: readonly number[],
): { readonly loops: readonly Loop[]; readonly places: readonly number[] } {
  const out: Loop[] = [];
  const places = loops.map((loop, index) => {
    const before = out.at(-1);
    if (before?.dimension === loop.dimension && !cuts.includes(index)) {
      out[out.length - 1] = { ...loop, times: loop.times * before.times };
      return out.length - 1;
    }
    out.push(loop);
    return out.length - 1;
  });
  return { loops: out, places: [...places, out.length] };
}

function dominated(space: Space, seen: Map<number, (readonly number[])[]>, place: Place): boolean {
  const key = place.stage.index * space.lattice.nodes + place.node;
  const shared = space.shared.map(({ name }) => place.taken.get(name) ?? 0);
  const mine = [place.guided, place.spent.joules, ...shared];
  const before = seen.get(key) ?? [];
  if (before.some((other) => other.every((amount, index) => amount <= (mine[index] ?? 0)))) return true;
  seen.set(key, [...before, mine]);
  return false;
}
