/** The way of a search: from the first place, where nothing is mapped, to the one where it stands, and the steps on from there. */
import { operands } from "../arch/operand-hierarchy.ts";
import { addLoop, type Counting, type Frame, fillSlot, framesOf, operandIndex } from "./frame.ts";
import type { Guide } from "./guide.ts";
import { type Factor, stepped } from "./lattice.ts";
import type { Mapping } from "./mapping.ts";
import type { Bound } from "./objective.ts";
import { filled, firstStage, type Space } from "./place.ts";
import { dimensions, relevance } from "./problem.ts";
import { newFrames } from "./seen.ts";
import { mappingOf, type Taken } from "./taken.ts";
import type { Unrolling } from "./unrolling.ts";
import type { Place } from "./waiting.ts";

export interface Walk {
  readonly first: () => Place;
  /** Comes to a place anew, step by step. @returns whether no other way led there */
  readonly arrive: (place: Place, guide: Guide) => boolean;
  /** Goes one step on, unless another way led there. @returns whether it did */
  readonly take: (place: Place, guide: Guide) => boolean;
  /** The steps from the place where it stands that may come to less than a value, the best guess first. */
  readonly steps: (place: Place, guide: Guide, value: number) => readonly Place[];
  /** The mapping, where all slots are filled. */
  readonly mapping: () => Mapping | undefined;
}

export interface WalkOptions {
  readonly counting: Counting;
  readonly unrolling: Unrolling;
  readonly bound: Bound;
  /** The objective is a sum over slots: equal places with no more spent and no more memory taken need no second look. */
  readonly additive: boolean;
}

export function walkWith(options: WalkOptions): Walk {
  const { counting, unrolling, bound, additive } = options;
  const { space } = counting;
  const frames = framesOf(counting);
  const taken: Taken = { loops: [], covers: [] };
  const isNew = additive ? () => true : newFrames(counting);
  const seen: Seen = new Map();
  let depth = 0;
  const go = ({ slot, factor, node }: Place, { weight }: Guide): void => {
    const from = frameAt(frames, depth);
    depth += 1;
    const to = frameAt(frames, depth);
    if (slot === undefined) {
      addLoop(counting, from, to, factor, node);
      taken.loops[from.loops] = factor;
    } else {
      fillSlot(counting, weight, from, to, slot);
      taken.covers[slot.index] = from.loops;
    }
  };
  const come = (place: Place, guide: Guide): void => {
    if (place.before === undefined) {
      depth = 0;
      return;
    }
    come(place.before, guide);
    go(place, guide);
  };
  return {
    first: () => {
      const frame = frameAt(frames, 0);
      const least = bound(frame, frame.stage, frame.node);
      return { before: undefined, slot: undefined, factor: -1, node: 0, guess: 1, least, taken: false };
    },
    arrive: (place, guide) => {
      come(place, guide);
      return isNew(frameAt(frames, depth));
    },
    take: (place, guide) => {
      go(place, guide);
      if (isNew(frameAt(frames, depth))) return true;
      depth -= 1;
      return false;
    },
    steps: (place, guide, value) => {
      const frame = frameAt(frames, depth);
      if (additive && dominated(space, seen, frame, counting)) return [];
      return stepsFrom(options, frame, frameAt(frames, depth + 1), guide, place, value);
    },
    mapping: () => {
      const { stage, node, loops } = frameAt(frames, depth);
      return stage.slots.length > 0 ? undefined : mappingOf(space, unrolling, taken, loops, node);
    },
  };
}

function frameAt(frames: readonly Frame[], depth: number): Frame {
  const frame = frames[depth];
  if (frame === undefined) throw new RangeError(`no frame ${depth} of ${frames.length}`);
  return frame;
}

function stepsFrom(
  { counting, bound, additive }: WalkOptions,
  frame: Frame,
  scratch: Frame,
  guide: Guide,
  before: Place,
  value: number,
): readonly Place[] {
  const { space } = counting;
  const { lattice } = space;
  const toGo = guide.toGo();
  const whole = toGo[firstStage(space).index]?.[0] ?? 0;
  const scale = whole > 0 ? 1 / whole : 1;
  const steps: Place[] = [];
  for (const slot of frame.stage.slots) {
    // Slots filled at the same node may be filled in any order: the operands' own is enough.
    if (!additive && frame.here >> (operandIndex[slot.operand] + 1) !== 0) continue;
    const { node } = frame;
    const after = filled(space, frame.stage, slot, slot.open(node));
    const ahead = toGo[after.index]?.[node] ?? 0;
    if (ahead === Number.POSITIVE_INFINITY || !fillSlot(counting, guide.weight, frame, scratch, slot))
      continue;
    const least = bound(scratch, after, node);
    const guess = (scratch.guided + ahead) * scale;
    if (least < value) insert(steps, { before, slot, factor: -1, node, guess, least, taken: false });
  }
  for (let factor = 0; factor < lattice.factors.length; factor += 1) {
    const node = stepped(lattice, frame.node, factor);
    if (node < 0) continue;
    const ahead = toGo[frame.stage.index]?.[node] ?? 0;
    if (ahead === Number.POSITIVE_INFINITY || isTold(space, additive, frame, factor)) continue;
    const least = bound(frame, frame.stage, node);
    const guess = (frame.guided + ahead) * scale;
    if (least < value) insert(steps, { before, slot: undefined, factor, node, guess, least, taken: false });
  }
  return steps;
}

/** Keeps the best guess first. */
function insert(steps: Place[], step: Place): void {
  let hole = steps.length;
  for (; hole > 0; hole -= 1) {
    const other = steps[hole - 1];
    if (
      other === undefined ||
      other.guess < step.guess ||
      (other.guess === step.guess && other.least <= step.least)
    )
      break;
    steps[hole] = other;
  }
  steps[hole] = step;
}

/** Another order of the same steps tells as much. */
function isTold(
  { lattice: { factors } }: Space,
  additive: boolean,
  { here, last }: Frame,
  factor: number,
): boolean {
  const loop = factors[factor];
  if (loop === undefined) return true;
  // A loop that reuses the tile just filled belongs to that tile.
  for (let operand = 0; operand < operands.length; operand += 1)
    if ((here >> operand) & 1 && relevance[operands[operand] ?? "O"][loop.dimension] === "reuse") return true;
  const inner = factors[last];
  return !additive && inner !== undefined && here === 0 && commutes(inner, loop);
}

/** With no slot between them two loops that all operands see alike may change places: only one of the orders is looked at. */
function commutes(inner: Factor, outer: Factor): boolean {
  if (inner.dimension === outer.dimension) return inner.prime > outer.prime;
  const alike = operands.every(
    (operand) => relevance[operand][inner.dimension] === relevance[operand][outer.dimension],
  );
  return alike && dimensions.indexOf(inner.dimension) > dimensions.indexOf(outer.dimension);
}

/** By stage and node: what was spent, and taken of memories, on the ways that came there. */
type Seen = Map<number, (readonly number[])[]>;

function dominated(space: Space, seen: Seen, frame: Frame, { layout }: Counting): boolean {
  const { stage, node, guided, joules, sums } = frame;
  const key = stage.index * space.lattice.nodes + node;
  const mine = [guided, joules, ...sums.subarray(layout.taken, layout.inUse)];
  const before = seen.get(key) ?? [];
  if (before.some((other) => other.every((amount, index) => amount <= (mine[index] ?? 0)))) return true;
  seen.set(key, [...before, mine]);
  return false;
}
