/**
 * Tiles as a lattice. The loops of a mapping are prime factors; what a tile holds depends only on which of them lie below it,
 * not on their order. A node is such a set; a step adds one factor.
 */
import { type Dimension, dimensions } from "./problem.ts";
import type { Spatial } from "./unrolling.ts";

export interface Lattice {
  readonly factors: readonly Factor[];
  readonly nodes: number;
  /** By node: the product of its factors by dimension, and of all of them. */
  readonly tile: Readonly<Record<Dimension, Float64Array>>;
  readonly period: Float64Array;
  /** How often the tile of a node is run: all iterations by its own. */
  readonly counts: Float64Array;
  readonly ones: Float64Array;
  /** The node with one factor more, at node * factors + factor; -1 where it has all of them. */
  readonly next: Int32Array;
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
  const of = (dimension: Dimension): Float64Array => along((each) => each === dimension);
  const tile = {
    ...{ B: of("B"), G: of("G"), K: of("K"), C: of("C") },
    ...{ OY: of("OY"), OX: of("OX"), FY: of("FY"), FX: of("FX") },
  };
  const period = along(() => true);
  const total = period[nodes - 1] ?? 1;
  const counts = new Float64Array(nodes);
  for (let node = 0; node < nodes; node += 1) counts[node] = total / (period[node] ?? 1);
  const ones = new Float64Array(nodes).fill(1);
  return { factors, nodes, tile, period, counts, ones, next: nextOf(factors, nodes) };
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

function nextOf(factors: readonly Factor[], nodes: number): Int32Array {
  const next = new Int32Array(nodes * factors.length).fill(-1);
  factors.forEach(({ stride, limit }, factor) => {
    const whole = stride * (limit + 1);
    for (let start = 0; start < nodes; start += whole)
      for (let node = start; node < start + whole - stride; node += 1)
        next[node * factors.length + factor] = node + stride;
  });
  return next;
}

/** The node with one factor more, or -1. */
export const stepped = ({ next, factors }: Lattice, node: number, factor: number): number =>
  next[node * factors.length + factor] ?? -1;

/**
 * Makes each value of the table, by node from `base` on, the least of its own and those of all nodes that steps lead to.
 * @param leading the nodes, ascending; at others the table stays as it is
 */
export function leastAhead(
  { nodes, factors, next }: Lattice,
  table: Float64Array,
  base: number,
  leading: Int32Array,
): void {
  if (leading.length === nodes) {
    for (const { stride, limit } of factors) leastAlong(table, base, base + nodes, stride, limit);
    return;
  }
  for (let place = leading.length - 1; place >= 0; place -= 1) {
    const node = leading[place] ?? 0;
    let least = table[base + node] ?? 0;
    for (let step = node * factors.length; step < (node + 1) * factors.length; step += 1) {
      const ahead = next[step] ?? -1;
      if (ahead < 0) continue;
      const value = table[base + ahead] ?? 0;
      if (value < least) least = value;
    }
    table[base + node] = least;
  }
}

/** The same along one factor, at all nodes. */
function leastAlong(table: Float64Array, from: number, to: number, stride: number, limit: number): void {
  const whole = stride * (limit + 1);
  for (let start = from; start < to; start += whole)
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
