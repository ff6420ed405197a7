/** A mapping: loops in time in one order, and for each operand where in that order each of its memories takes over. */
import type { Operand } from "../arch/operand-hierarchy.ts";
import type { Dimension } from "./problem.ts";
import type { Unrolling } from "./unrolling.ts";

export interface Loop {
  readonly dimension: Dimension;
  readonly times: number;
}

export interface Mapping {
  readonly unrolling: Unrolling;
  /** Innermost first. */
  readonly loops: readonly Loop[];
  /**
   * By operand, for each of its memories from the multipliers outwards: how many of the loops run over the tile that it holds.
   * Ascending; the outermost covers all. Operands may differ: an uneven mapping.
   */
  readonly covers: Readonly<Record<Operand, readonly number[]>>;
  /** By memory: the operands kept out of it. */
  readonly bypass?: Readonly<Record<string, readonly Operand[]>>;
}
