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
  const ones = (): Float64Array => new Float64Array(nodes).fill(1);
  const tile = {
    ...{ B: ones(), G: ones(), K: ones(), C: ones() },
    ...{ OY: ones(), OX: ones(), FY: ones(), FX: ones() },
  };
  const period = ones();
  for (const { dimension, prime, limit, stride } of factors)
    for (let node = 0; node < nodes; node += 1) {
      const power = prime ** digitOf(node, stride, limit);
      tile[dimension][node] = (tile[dimension][node] ?? 1) * power;
      period[node] = (period[node] ?? 1) * power;
    }
  const next = new Int32Array(nodes * factors.length).fill(-1);
  factors.forEach(({ stride, limit }, factor) => {
    for (let node = 0; node < nodes; node += 1)
      if (digitOf(node, stride, limit) < limit) next[node * factors.length + factor] = node + stride;
  });
  return { factors, nodes, tile, period, next };
}

/** The node with one factor more, or -1. */
export const stepped = ({ next, factors }: Lattice, node: number, factor: number): number =>
  next[node * factors.length + factor] ?? -1;

/** Makes each value of the table, by node from `base` on, the least of its own and those of all nodes that steps along the factors lead to. */
export function leastAhead(
  { nodes }: Lattice,
  table: Float64Array,
  base: number,
  factors: readonly Factor[],
): void {
  for (const { limit, stride } of factors) {
    const whole = stride * (limit + 1);
    for (let start = base; start < base + nodes; start += whole)
      for (let node = start + whole - stride - 1; node >= start; node -= 1) {
        const ahead = table[node + stride] ?? 0;
        if (ahead < (table[node] ?? 0)) table[node] = ahead;
      }
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
