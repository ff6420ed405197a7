/**
 * A matrix unit of MAC trees: each lane multiplies `width` pairs a cycle and adds them up in a tree; a scalar unit per lane
 * scales, masks, adds the bias and applies the activation on the way out.
 * Models: one tile of width x lanes weights a cycle, the pipeline from operand to result, partly filled tiles in full.
 * Ignores: register-file bank conflicts, the order of tiles within a product.
 * Source: DFX (MICRO 2022), matrix processing unit.
 */
import { z } from "zod";
import { type Amount, timesAmount } from "../amount.ts";
import { type Precision, precisionNames } from "../precision.ts";
import { add, type Ticks, ticks } from "../quantity.ts";
import { count, cycles } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface MacTreeSpec extends SpecBase {
  readonly precision: Precision;
  readonly width: number;
  readonly lanes: number;
  readonly ticksPerTile: number;
  /** From a tile's operands to the sum of its products. */
  readonly treeLatency: Ticks;
  /** Through the scalar unit. */
  readonly scalarLatency: Ticks;
}

export interface MacTreeWork {
  readonly tiles: Amount;
  /** Useful ones; a tile may hold fewer than it has room for. */
  readonly macs: Amount;
  /** The pipelines that the result waits for: none for tiles inside a product, the tree for its last one. */
  readonly passes: readonly ("tree" | "scalar")[];
}

const fields = z.strictObject({
  ...unitFields("mac-tree"),
  precision: z.enum(precisionNames).describe("number format of its multipliers"),
  width: count.describe("multipliers in a lane: elements of the inner dimension a cycle"),
  lanes: count.describe("output columns a cycle"),
  multiply: cycles.describe("latency of a multiplier"),
  add: cycles.describe("latency of an adder; the tree has log2(width) levels and an accumulator"),
  scalar: cycles.describe("latency of the scalar unit behind each lane"),
});

export const macTree: Component<"mac-tree", typeof fields, MacTreeSpec, MacTreeWork> = {
  kind: "mac-tree",
  summary: "matrix unit of multiplier and adder trees",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

/** Tiles of one row times an inner x columns matrix; tiles at the edges count in full. */
export const tilesOf = ({ width, lanes }: MacTreeSpec, inner: number, columns: number): number =>
  Math.ceil(inner / width) * Math.ceil(columns / lanes);

function resolve(config: z.output<typeof fields>, time: Timebase): MacTreeSpec {
  const adder = cyclesInTicks(config.add, time);
  const levels = Math.ceil(Math.log2(config.width)) + 1;
  const tree = Array.from({ length: levels }, () => adder);
  return {
    queues: [""],
    shared: false,
    precision: config.precision,
    width: config.width,
    lanes: config.lanes,
    ticksPerTile: cyclesInTicks(1, time),
    treeLatency: tree.reduce(add, cyclesInTicks(config.multiply, time)),
    scalarLatency: cyclesInTicks(config.scalar, time),
    peak: { macs: config.width * config.lanes * time.clock },
  };
}

function cost(spec: MacTreeSpec, { tiles, macs, passes }: MacTreeWork): Cost {
  const latencies = passes.map((part) => (part === "tree" ? spec.treeLatency : spec.scalarLatency));
  return {
    occupancy: timesAmount(spec.ticksPerTile, tiles),
    latency: latencies.reduce(add, ticks(0)),
    counts: { macs },
  };
}
