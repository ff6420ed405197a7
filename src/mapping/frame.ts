/**
 * What a search knows of the place where it stands, in numbers that a step changes: one frame for each depth, written anew
 * whenever the search comes there.
 */
import { type Operand, operands } from "../arch/operand-hierarchy.ts";
import { filled, firstStage, roomAt, type Space, type Stage } from "./place.ts";
import type { PortShare } from "./port-bound.ts";
import { relevance } from "./problem.ts";
import type { Slot } from "./slot.ts";
import type { Weight } from "./to-go.ts";

export interface Frame {
  stage: Stage;
  node: number;
  joules: number;
  /** What the guide counts. */
  guided: number;
  /** Operands with a slot filled at this very node: bit by index. */
  here: number;
  /** The factor added last, or -1. */
  last: number;
  /** Loops so far. */
  loops: number;
  /** By the layout's indices. */
  readonly sums: Float64Array;
}

/** Where the sums of a frame lie. */
export interface Layout {
  readonly ports: number;
  /** By port: its share of the run; late transfers; and the part of all transfers that falls within their windows. */
  readonly share: 0;
  readonly late: number;
  readonly within: number;
  /** By operand: loading. */
  readonly load: number;
  /** By memory: bits taken, and bits in use at a time. */
  readonly taken: number;
  readonly inUse: number;
  /** By operand: the product of the loops since its last slot that reuse the tile, and need parts of it, as long as they are on top. */
  readonly reuse: number;
  readonly relevant: number;
  /** By slot: the node below it, once it is filled. */
  readonly below: number;
  readonly length: number;
}

export function layoutOf({
  slots: {
    slots,
    ports: { length: ports },
  },
  memories,
}: Space): Layout {
  const load = 3 * ports;
  const taken = load + operands.length;
  const inUse = taken + memories.length;
  const reuse = inUse + memories.length;
  const relevant = reuse + operands.length;
  const below = relevant + operands.length;
  const length = below + slots.O.length + slots.W.length + slots.I.length;
  return {
    ports,
    share: 0,
    late: ports,
    within: 2 * ports,
    load,
    taken,
    inUse,
    reuse,
    relevant,
    below,
    length,
  };
}

/** What a search counts. */
export interface Counting {
  readonly space: Space;
  readonly layout: Layout;
  readonly energy: boolean;
  readonly time: boolean;
  /** Of the ports that are looked at closely. */
  readonly shares: readonly PortShare[];
}

/** As many frames as a way can have steps, the first one as it stays. */
export function framesOf(counting: Counting): readonly Frame[] {
  const { space, layout, energy, time } = counting;
  const { lattice, slots } = space;
  const loops = lattice.factors.reduce((sum, { limit }) => sum + limit, 0);
  const fillings = operands.reduce((sum, operand) => sum + slots.slots[operand].length, 0);
  const count = loops + fillings + 2;
  const sums = new Float64Array(count * layout.length);
  const { fixed } = slots;
  return Array.from({ length: count }, (_, depth): Frame => {
    const frame = {
      ...{ stage: firstStage(space), node: 0, joules: 0, guided: 0, here: 0, last: -1, loops: 0 },
      sums: sums.subarray(depth * layout.length, (depth + 1) * layout.length),
    };
    if (depth > 0) return frame;
    frame.joules = energy ? space.macJoules + (fixed?.joules()[0] ?? 0) : 0;
    frame.sums.fill(1, layout.reuse, layout.below);
    if (fixed !== undefined && time) addTime(counting, frame, fixed, 0, true);
    return frame;
  });
}

/** The frame after the slot is filled at its node. @returns whether the memory has the room */
export function fillSlot(counting: Counting, weight: Weight, from: Frame, to: Frame, slot: Slot): boolean {
  const { space, layout, energy } = counting;
  const { node, stage } = from;
  const operand = operandIndex[slot.operand];
  const room = roomAt(space, slot, stage.open);
  if (room.fits[node] !== 1) return false;
  const { memory } = slot;
  to.sums.set(from.sums);
  if (memory !== undefined && memory.operands.length > 1) {
    const place = layout.taken + slot.memoryIndex;
    const bits = (to.sums[place] ?? 0) + (room.taken[node] ?? 0);
    if (bits > memory.capacity) return false;
    to.sums[place] = bits;
  }
  if (counting.time) addTime(counting, to, slot, node, isDoubleBuffered(layout, to.sums, slot, node));
  if (memory !== undefined) {
    to.sums[layout.reuse + operand] = 1;
    to.sums[layout.relevant + operand] = 1;
  }
  to.sums[layout.below + slot.index] = node + 1;
  to.stage = filled(space, stage, slot, slot.open(node));
  to.node = node;
  to.joules = energy ? from.joules + (slot.joules()[node] ?? 0) : 0;
  to.guided = from.guided + (weight(slot)[node] ?? 0);
  to.here = from.here | (1 << operand);
  to.last = from.last;
  to.loops = from.loops;
  return true;
}

/** The frame after one loop more. */
export function addLoop(
  { space, layout }: Counting,
  from: Frame,
  to: Frame,
  factor: number,
  node: number,
): void {
  const { sums } = to;
  sums.set(from.sums);
  const loop = space.lattice.factors[factor];
  if (loop === undefined) throw new RangeError(`no factor ${factor}`);
  for (let operand = 0; operand < operands.length; operand += 1) {
    const kind = relevance[operands[operand] ?? "O"][loop.dimension];
    const [reuse, relevant] = [layout.reuse + operand, layout.relevant + operand];
    sums[reuse] = kind === "reuse" ? (sums[reuse] ?? 1) * loop.prime : 1;
    sums[relevant] = kind === "relevant" ? (sums[relevant] ?? 1) * loop.prime : 1;
  }
  to.stage = from.stage;
  to.node = node;
  to.joules = from.joules;
  to.guided = from.guided;
  to.here = 0;
  to.last = factor;
  to.loops = from.loops + 1;
}

export const operandIndex: Readonly<Record<Operand, number>> = { O: 0, W: 1, I: 2 };

/** As `doubleBuffered` says of a whole mapping; where operands share the memory, those still without a tile leave all of it. */
function isDoubleBuffered(layout: Layout, sums: Float64Array, slot: Slot, node: number): boolean {
  const { memory } = slot;
  if (memory === undefined || memory.buffering === "double" || memory.buffering === "stream") return true;
  if (memory.buffering === "single") return false;
  const place = layout.inUse + slot.memoryIndex;
  const inUse = Math.floor(
    (slot.bits()[node] ?? 0) / (sums[layout.relevant + operandIndex[slot.operand]] ?? 1),
  );
  const share = inUse / memory.capacity;
  const used = (sums[place] ?? 0) / memory.capacity + share;
  sums[place] = (sums[place] ?? 0) + inUse;
  return used <= 0.5 || share <= 1 - used;
}

/** What the slot adds to the shares of all ports, and what of its transfers is late. */
function addTime(
  { space, layout, shares }: Counting,
  { sums }: Frame,
  slot: Slot,
  node: number,
  double: boolean,
): void {
  const operand = operandIndex[slot.operand];
  const period = slot.period[node] ?? 1;
  const again = (slot.count[node] ?? 1) - 1;
  const window = double ? period : Math.floor(period / (sums[layout.reuse + operand] ?? 1));
  for (let end = 0; end < slot.ends.length; end += 1) {
    const port = slot.ends[end]?.port ?? 0;
    const cycles = slot.cycles(end)[node] ?? 0;
    const late = layout.late + port;
    const within = layout.within + port;
    if (cycles > window) sums[late] = (sums[late] ?? 0) + (cycles - window) * again;
    sums[within] = (sums[within] ?? 0) + Math.min(cycles, window) * again;
  }
  for (const share of shares)
    if (share.counts(slot.operand)) sums[share.port] = (sums[share.port] ?? 0) + (share.of(slot)[node] ?? 0);
  const load = layout.load + operand;
  sums[load] = (sums[load] ?? 0) + (space.load.least(slot)[node] ?? 0);
}
