/**
 * Tiles as a lattice. The loops of a mapping are prime factors; what a tile holds depends only on which of them lie below it,
 * not on their order. A node is such a set; a step adds one factor.
 */
import { type Dimension, dimensions, relevance } from "./problem.ts";
import type { Spatial } from "./unrolling.ts";

export interface Lattice {
  readonly factors: readonly Factor[];
  readonly nodes: number;
  /** By node: the product of its factors by dimension, and of all of them. */
  readonly tile: Readonly<Record<Dimension, Float64Array>>;
  readonly period: Float64Array;
  /** How often the tile of a node is run: all iterations by its own. */
  readonly counts: Float64Array;
  /** By node: the factors that it has all of, bit by index. */
  readonly full: Int32Array;
  readonly ones: Float64Array;
  readonly none: Float64Array;
  readonly all: Int32Array;
  /** Those with every factor of C, FY and FX: outputs have their sums. */
  readonly summed: Int32Array;
}

/** A prime factor of a dimension, that may be taken up to `limit` times. */
export interface Factor {
  readonly dimension: Dimension;
  readonly prime: number;
  readonly limit: number;
  /** A step along it adds this to the node's index. */
  readonly stride: number;
}

export function latticeOf({ temporal }: Spatial): Lattice {
  let nodes = 1;
  const factors = dimensions.flatMap((dimension) =>
    [...primesOf(temporal[dimension])].map(([prime, limit]): Factor => {
      const stride = nodes;
      nodes *= limit + 1;
      return { dimension, prime, limit, stride };
    }),
  );
  const along = (counted: (dimension: Dimension) => boolean): Float64Array =>
    productsOf(factors, nodes, counted);
  const ones = new Float64Array(nodes).fill(1);
  const of = (dimension: Dimension): Float64Array =>
    temporal[dimension] === 1 ? ones : along((each) => each === dimension);
  const tile = {
    ...{ B: of("B"), G: of("G"), K: of("K"), C: of("C") },
    ...{ OY: of("OY"), OX: of("OX"), FY: of("FY"), FX: of("FX") },
  };
  const period = along(() => true);
  const total = period[nodes - 1] ?? 1;
  const counts = new Float64Array(nodes);
  for (let node = 0; node < nodes; node += 1) counts[node] = total / (period[node] ?? 1);
  const all = new Int32Array(nodes);
  for (let node = 0; node < nodes; node += 1) all[node] = node;
  const sums = along((dimension) => relevance.O[dimension] === "reuse");
  const summed = all.filter((node) => sums[node] === sums[nodes - 1]);
  return {
    factors,
    nodes,
    tile,
    period,
    counts,
    full: fullOf(factors, nodes),
    ones,
    none: new Float64Array(nodes),
    all,
    summed,
  };
}

/** By node: the product of its factors of the dimensions that count. The nodes with one more of a factor lie a stride on. */
export function productsOf(
  factors: readonly Factor[],
  nodes: number,
  counted: (dimension: Dimension) => boolean,
): Float64Array {
  const table = new Float64Array(nodes).fill(1);
  for (const { dimension, prime, limit, stride } of factors) {
    const each = counted(dimension) ? prime : 1;
    for (let node = stride; node < stride * (limit + 1); node += 1)
      table[node] = (table[node - stride] ?? 1) * each;
  }
  return table;
}

function fullOf(factors: readonly Factor[], nodes: number): Int32Array {
  const full = new Int32Array(nodes);
  factors.forEach(({ stride, limit }, factor) => {
    for (let start = stride * limit; start < nodes; start += stride * (limit + 1))
      for (let node = start; node < start + stride; node += 1) full[node] = (full[node] ?? 0) | (1 << factor);
  });
  return full;
}

/** The nodes where something fits that only grows with the node, ascending. */
export function nodesWhere({ factors, nodes }: Lattice, fits: (node: number) => boolean): Int32Array {
  const found = new Int32Array(nodes);
  let count = fits(0) ? 1 : 0;
  for (const { stride, limit } of factors) {
    let [from, until] = [0, count];
    for (let power = 1; power <= limit && from < until; power += 1) {
      for (let place = from; place < until; place += 1) {
        const node = (found[place] ?? 0) + stride;
        if (fits(node)) found[count++] = node;
      }
      [from, until] = [until, count];
    }
  }
  return found.subarray(0, count);
}

/** The node with one factor more, or -1. */
export function stepped({ factors, full }: Lattice, node: number, factor: number): number {
  const of = factors[factor];
  return of === undefined || ((full[node] ?? 0) >> factor) & 1 ? -1 : node + of.stride;
}

/**
 * Makes each value of the table the least of its own and those of all nodes that steps lead to.
 * @param leading the nodes, ascending, beyond which the table stays as it is
 */
export function leastAhead(
  { nodes, factors, full }: Lattice,
  table: Float64Array,
  leading: Int32Array,
): void {
  if (leading.length * 2 > nodes) {
    for (const { stride, limit } of factors) leastAlong(table, stride, limit);
    return;
  }
  const strides = Int32Array.from(factors, ({ stride }) => stride);
  for (let place = leading.length - 1; place >= 0; place -= 1) {
    const node = leading[place] ?? 0;
    let least = table[node] ?? 0;
    const stops = full[node] ?? 0;
    for (let factor = 0; factor < strides.length; factor += 1) {
      if ((stops >> factor) & 1) continue;
      const value = table[node + (strides[factor] ?? 0)] ?? 0;
      if (value < least) least = value;
    }
    table[node] = least;
  }
}

/** The same along one factor, at all nodes. */
function leastAlong(table: Float64Array, stride: number, limit: number): void {
  const whole = stride * (limit + 1);
  for (let start = 0; start < table.length; start += whole)
    for (let node = start + whole - stride - 1; node >= start; node -= 1) {
      const ahead = table[node + stride] ?? 0;
      if (ahead < (table[node] ?? 0)) table[node] = ahead;
    }
}

/** How often the node has the factor. */
export const digitOf = (node: number, stride: number, limit: number): number =>
  Math.floor(node / stride) % (limit + 1);

/** Prime factors with how often they occur, smallest first. */
export function primesOf(size: number): ReadonlyMap<number, number> {
  const primes = new Map<number, number>();
  let rest = size;
  for (let prime = 2; prime * prime <= rest; prime += 1)
    while (rest % prime === 0) {
      primes.set(prime, (primes.get(prime) ?? 0) + 1);
      rest /= prime;
    }
  if (rest > 1) primes.set(rest, (primes.get(rest) ?? 0) + 1);
  return primes;
}
