/**
 * Sizes of transforms by butterflies: a vector is padded to a power of two, and each of its log2 stages multiplies pairs of
 * elements by 2 x 2 factors. Counts are those of the padded vector.
 */
import type { ButterflyLinear } from "./op.ts";

/** The power of two that holds `length` elements. */
export const pointsOf = (length: number): number => 2 ** Math.ceil(Math.log2(length));

/** Butterfly matrices side by side that make a wider result; a narrower one is cut from a whole matrix. */
export const stacksOf = ({ inner, columns }: Pick<ButterflyLinear, "inner" | "columns">): number =>
  Math.max(1, pointsOf(columns) / pointsOf(inner));

/** Multiplications of one vector: four for each pair of each stage (a 2 x 2 factor, or a complex twiddle factor). */
export const butterflyMacs = (points: number): number => 2 * points * Math.log2(points);

/** Trained factors of a layer, four for each pair of each stage. */
export const butterflyFactors = (op: ButterflyLinear): number =>
  stacksOf(op) * butterflyMacs(pointsOf(op.inner));
