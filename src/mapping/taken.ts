/** The steps that a search took, and the mapping that they are. */
import { operands } from "../arch/operand-hierarchy.ts";
import { digitOf, type Factor } from "./lattice.ts";
import type { Loop, Mapping } from "./mapping.ts";
import type { Space } from "./place.ts";
import type { Unrolling } from "./unrolling.ts";

/** Factors, innermost first, and for each slot, by its index, how many of them lie below it. */
export interface Taken {
  readonly loops: number[];
  readonly covers: number[];
}

/** What is left of the loops at the node goes on top, where the outermost memories hold all. */
export function mappingOf(
  space: Space,
  unrolling: Unrolling,
  taken: Taken,
  count: number,
  node: number,
): Mapping {
  const { factors } = space.lattice;
  const loopOf = ({ dimension, prime }: Factor): Loop => ({ dimension, times: prime });
  const loops = taken.loops
    .slice(0, count)
    .flatMap((factor) => factors.slice(factor, factor + 1).map(loopOf));
  const rest = factors.flatMap((factor) =>
    Array.from({ length: factor.limit - digitOf(node, factor.stride, factor.limit) }, () => loopOf(factor)),
  );
  // The latch is no memory: it stands in no mapping.
  const covers = operands.map((operand) =>
    space.slots.slots[operand].flatMap(({ memory, index }) =>
      memory === undefined ? [] : [taken.covers[index] ?? 0],
    ),
  );
  const all = merged([...loops, ...rest], covers.flat());
  const top = all.loops.length;
  const [O = [], W = [], I = []] = covers.map((of) => [...of.map((cover) => all.places[cover] ?? top), top]);
  return { unrolling, loops: all.loops, covers: { O, W, I } };
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
