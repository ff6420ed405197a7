/**
 * A vector unit: one instruction at a time over `lanes` elements a cycle, each through the pipeline of its operation.
 * Models: chains of dependent instructions, reductions through an adder tree, scalars (one element) on the same pipelines.
 * Ignores: register-file ports and chaining of one instruction into the next.
 * Source: DFX (MICRO 2022), vector processing unit.
 */
import { z } from "zod";
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

export interface VectorSpec extends SpecBase {
  readonly precision: Precision;
  readonly lanes: number;
  readonly ticksPerBeat: number;
  readonly pipeline: Readonly<Record<VectorOperation, Ticks>>;
}

export type VectorOperation = (typeof operations)[number];
const operations = [
  "add",
  "multiply",
  "reduce",
  "exponential",
  "reciprocal",
  "reciprocalSquareRoot",
  "move",
] as const;

/** Instructions that each need the result of the one before. */
export interface VectorWork {
  readonly chain: readonly { readonly operation: VectorOperation; readonly elements: number }[];
}

const fields = z.strictObject({
  ...unitFields("vector"),
  precision: z.enum(precisionNames).describe("number format of its arithmetic"),
  lanes: count.describe("elements a cycle"),
  add: cycles.describe("latency of an adder; subtract and compare take the same"),
  multiply: cycles.describe("latency of a multiplier"),
  exponential: cycles.describe("latency of exp"),
  reciprocal: cycles.describe("latency of 1/x"),
  reciprocalSquareRoot: cycles.describe("latency of 1/sqrt(x)"),
});

export const vector: Component<"vector", typeof fields, VectorSpec, VectorWork> = {
  kind: "vector",
  summary: "vector unit, one instruction at a time",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

function resolve(config: z.output<typeof fields>, time: Timebase): VectorSpec {
  const adder = cyclesInTicks(config.add, time);
  const levels = Math.ceil(Math.log2(config.lanes)) + 1;
  return {
    queues: [""],
    shared: false,
    precision: config.precision,
    lanes: config.lanes,
    ticksPerBeat: cyclesInTicks(1, time),
    pipeline: {
      add: adder,
      multiply: cyclesInTicks(config.multiply, time),
      reduce: Array.from({ length: levels }, () => adder).reduce(add),
      exponential: cyclesInTicks(config.exponential, time),
      reciprocal: cyclesInTicks(config.reciprocal, time),
      reciprocalSquareRoot: cyclesInTicks(config.reciprocalSquareRoot, time),
      move: cyclesInTicks(1, time),
    },
    peak: { elements: config.lanes * time.clock },
  };
}

function cost(spec: VectorSpec, { chain }: VectorWork): Cost {
  const beats = chain.reduce((sum, { elements }) => sum + Math.ceil(elements / spec.lanes), 0);
  return {
    occupancy: beats * spec.ticksPerBeat,
    latency: chain.map(({ operation }) => spec.pipeline[operation]).reduce(add, ticks(0)),
    counts: {
      elements: chain.reduce((sum, { elements }) => sum + elements, 0),
      instructions: chain.length,
    },
  };
}
