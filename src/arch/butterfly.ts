/**
 * A butterfly processor: engines in lock step that transform one vector each, by FFT or by trained butterfly factors.
 * Models: serial input and output, stages, pipelines, layer norm, shortcut, weight fill; closed forms in butterfly-timing.ts.
 * Ignores: rounding; that engines share a control (lock step makes it invisible).
 * Source: adaptable butterfly accelerator of FABNet (MICRO 2022), its RTL; test/functional/butterfly-engine.ts.
 */
import { z } from "zod";
import { bitsOf, bytesOf, type Precision, precisionNames } from "../precision.ts";
import { ticks } from "../quantity.ts";
import { count, cycles, width } from "../schema/field.ts";
import { type EngineTiming, phasesOf, readingOf, type Transform } from "./butterfly-timing.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface ButterflySpec extends SpecBase {
  readonly precision: Precision;
  readonly engines: number;
  /** In cycles of its clock. */
  readonly timing: EngineTiming;
  readonly ticksPerCycle: number;
  /** Elements that a bank holds. */
  readonly bankElements: number;
  /** Low bits of the row number whose ones rotate the row. */
  readonly rotationBits: number;
  readonly weightRows: number;
  readonly weightWidth: number;
  readonly layerNorm: { readonly divisor?: number | undefined };
}

/** One part of a round: every engine takes one vector. */
export type ButterflyWork =
  | { readonly part: "input" | "output" | "results"; readonly transform: Transform; readonly vectors: number }
  | {
      readonly part: "compute";
      readonly transform: Transform;
      readonly vectors: number;
      /** Useful ones. */
      readonly macs: number;
    }
  | { readonly part: "weights"; readonly points: number };

const fields = z.strictObject({
  ...unitFields("butterfly"),
  precision: z.enum(precisionNames).describe("number format of its arithmetic"),
  engines: count.describe("vectors at a time"),
  unitsPerEngine: count.describe(
    "butterfly units of four multipliers in an engine; a bank has twice as many RAMs",
  ),
  bankDepth: count.describe("elements of one RAM"),
  rotationBits: count.describe("low bits of the row number whose ones rotate the row over the RAMs"),
  gather: cycles.describe("from the last element in to the first read: serial-to-parallel registers"),
  pipeline: z.strictObject({
    butterfly: cycles.describe("from the read of a pair to its result being written, trained factors"),
    fft: cycles.describe("the same with complex twiddle factors"),
  }),
  turn: cycles.describe("from the last write to the start of the output"),
  read: cycles.describe("from the start of the output to the first row"),
  release: cycles.describe("from the last row read to the bank being seen as free"),
  scatter: cycles.describe("parallel-to-serial registers"),
  shortcut: cycles.describe("queue and adder of the shortcut"),
  layerNorm: z.strictObject({
    add: cycles.describe("latency of an adder"),
    multiply: cycles.describe("latency of a multiplier"),
    divide: cycles.describe("latency of the divider"),
    reciprocalSquareRoot: cycles.describe("latency of 1/sqrt(x)"),
    registers: cycles.describe("registers and queues between them"),
    divisor: count
      .optional()
      .describe("where the divider's constant is fixed: the only width that it is right for"),
  }),
  weightBuffer: z.strictObject({
    rows: count.describe("rows of a bank; one is read each cycle of a stage"),
    width: width.describe("filled each cycle"),
  }),
});

export const butterfly: Component<"butterfly", typeof fields, ButterflySpec, ButterflyWork> = {
  kind: "butterfly",
  summary: "butterfly engines for FFT and butterfly-sparse layers",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

function resolve(config: z.output<typeof fields>, time: Timebase): ButterflySpec {
  const {
    unitsPerEngine: units,
    gather,
    pipeline,
    turn,
    read,
    release,
    scatter,
    shortcut,
    layerNorm,
  } = config;
  return {
    queues: ["input", "weights", "compute", "output", "results"],
    shared: false,
    precision: config.precision,
    engines: config.engines,
    timing: { units, gather, pipeline, turn, read, release, scatter, shortcut, layerNorm },
    ticksPerCycle: cyclesInTicks(1, time),
    bankElements: config.bankDepth * 2 * units,
    rotationBits: config.rotationBits,
    weightRows: config.weightBuffer.rows,
    weightWidth: config.weightBuffer.width,
    layerNorm: { divisor: layerNorm.divisor },
    peak: { macs: config.engines * units * macsPerButterfly * time.clock },
  };
}

/** Four multipliers a unit: a 2 x 2 factor, or a complex product. */
const macsPerButterfly = 4;

/** Multiplications of one vector: four for each pair of each stage (a 2 x 2 factor, or a complex product). */
export const macsOfVector = (points: number): number => 2 * points * Math.log2(points);

/** Factors, or complex twiddle factors as the weight buffer holds them: two numbers an element and stage. */
export const weightsOf = (points: number): number => 2 * points * Math.log2(points);

function cost(spec: ButterflySpec, work: ButterflyWork): Cost {
  const { timing, ticksPerCycle } = spec;
  const take = (occupancy: number, latency: number, counts: Cost["counts"]): Cost => ({
    occupancy: occupancy * ticksPerCycle,
    latency: ticks(latency * ticksPerCycle),
    counts,
  });
  if (work.part === "weights") {
    const weights = weightsOf(work.points);
    return take(Math.ceil((weights * bitsOf(spec.precision)) / spec.weightWidth), 0, { weights });
  }
  const { transform, vectors } = work;
  const phases = phasesOf(timing, transform);
  const reading = readingOf(timing, transform);
  const numbers = transform.mode === "fft" ? 2 : 1;
  const bankBytes = vectors * transform.points * numbers * bytesOf(spec.precision);
  switch (work.part) {
    case "input":
      return take(phases.input, phases.lastInToStart, { bankBytes });
    case "compute":
      return take(phases.compute, 0, {
        macs: work.macs,
        // Each stage reads and writes every element.
        bankBytes: 2 * Math.log2(transform.points) * bankBytes,
      });
    case "output":
      return take(phases.finishToOut + reading, timing.release, { bankBytes });
    case "results": {
      // Behind the reading of the bank; what is already over when the bank is free is not waited for again.
      const last = phases.outToFirst + phases.output - 1 - reading - timing.release;
      return take(0, Math.max(0, last), {});
    }
  }
}
