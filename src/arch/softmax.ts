/**
 * A softmax module: pipelines that each take one row after the other through three stages (maximum; exponential and sum; scaling by
 * the reciprocal), and the on-chip buffer in which scores wait.
 * Models: `lanes` elements a cycle in each stage, rows in all three stages at a time, `pipelines` rows side by side, the buffer's size.
 * Ignores: conflicts of the buffer's banks, the error of an approximated exponential.
 * Source: STA (IEEE TVLSI 2022): a scalable softmax module, parallel and pipelined, that keeps scores on chip; stages assumed.
 */
import { z } from "zod";
import { type Precision, precisionNames } from "../precision.ts";
import { add, type Bytes, type Ticks, times } from "../quantity.ts";
import { capacity, count, cycles } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface SoftmaxSpec extends SpecBase {
  readonly precision: Precision;
  readonly pipelines: number;
  readonly lanes: number;
  /** Of the score buffer. */
  readonly capacity: Bytes;
  readonly cycle: Ticks;
  /** The three stages' pipelines, one behind the other. */
  readonly depth: Ticks;
}

export interface SoftmaxWork {
  readonly rows: number;
  readonly width: number;
}

const fields = z.strictObject({
  ...unitFields("softmax"),
  precision: z.enum(precisionNames).describe("number format of scores and of its arithmetic"),
  pipelines: count.describe("rows side by side"),
  lanes: count.describe("elements a cycle in each stage of a pipeline"),
  capacity: capacity.describe("on-chip buffer of scores"),
  add: cycles.describe("latency of an adder; a compare takes the same"),
  multiply: cycles.describe("latency of a multiplier"),
  exponential: cycles.describe("latency of exp"),
  reciprocal: cycles.describe("latency of 1/x"),
});

export const softmax: Component<"softmax", typeof fields, SoftmaxSpec, SoftmaxWork> = {
  kind: "softmax",
  summary: "softmax pipelines with a score buffer",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

/** Cycles that one stage works on a row. */
export const softmaxBeats = ({ lanes }: Pick<SoftmaxSpec, "lanes">, width: number): number =>
  Math.ceil(width / lanes);

function resolve(config: z.output<typeof fields>, time: Timebase): SoftmaxSpec {
  const { pipelines, lanes } = config;
  // Maximum and sum each go through a tree and an accumulator.
  const levels = Math.ceil(Math.log2(lanes)) + 1;
  const depth = 2 * levels * config.add + config.exponential + config.reciprocal + config.multiply;
  return {
    queues: [""],
    shared: false,
    precision: config.precision,
    pipelines,
    lanes,
    capacity: config.capacity,
    cycle: cyclesInTicks(1, time),
    depth: cyclesInTicks(depth, time),
    peak: { elements: pipelines * lanes * time.clock },
  };
}

/** A row enters when the first stage is free; its last element leaves when two more stages have gone over it. */
function cost(spec: SoftmaxSpec, { rows, width }: SoftmaxWork): Cost {
  const beats = softmaxBeats(spec, width);
  return {
    occupancy: Math.ceil(rows / spec.pipelines) * beats * spec.cycle,
    latency: add(times(2 * beats, spec.cycle), spec.depth),
    counts: { elements: rows * width },
  };
}
