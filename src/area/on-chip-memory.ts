/**
 * The blocks that a memory takes: so many deep, so many wide, of the shape that takes the fewest. A block may be half of one that the
 * device's data sheet counts.
 */

/** One port of a block: words x bits. */
export interface BlockShape {
  readonly depth: number;
  readonly width: number;
}

export const blocksOf = ({ depth, width }: BlockShape, shapes: readonly BlockShape[]): number =>
  Math.min(...shapes.map((shape) => Math.ceil(depth / shape.depth) * Math.ceil(width / shape.width)));
