/**
 * How long a butterfly engine takes for one vector, and how often it takes the next: closed forms in cycles.
 * Models: serial input, stages, pipelines, layer norm, shortcut, serial or parallel output, one bank pair, one index generator.
 * Ignores: the memory outside; the source of vectors is as fast as the engine.
 * Source: the RTL of the butterfly accelerator (MICRO 2022), measured; test/functional/butterfly-engine.ts moves the elements.
 */

/** One engine, in cycles of its clock. */
export interface EngineTiming {
  /** Each has four multipliers and makes one radix-2 butterfly a cycle; so a bank has twice as many RAMs. */
  readonly units: number;
  /** From the last element's arrival to the first read of a stage: through the serial-to-parallel registers. */
  readonly gather: number;
  /** From the read of a pair to its result being written. */
  readonly pipeline: Readonly<Record<Mode, number>>;
  /** From the last write to the start of the output. */
  readonly turn: number;
  /** From the start of the output to the first row of elements. */
  readonly read: number;
  /** From the last row read to the bank being seen as free. */
  readonly release: number;
  /** Added by the parallel-to-serial registers. */
  readonly scatter: number;
  /** Added by the shortcut's adder. */
  readonly shortcut: number;
  readonly layerNorm: LayerNormTiming;
}

export interface LayerNormTiming {
  readonly add: number;
  readonly multiply: number;
  readonly divide: number;
  readonly reciprocalSquareRoot: number;
  /** Registers and queues between them. */
  readonly registers: number;
}

export type Mode = "butterfly" | "fft";

/** What is done to each vector. */
export interface Transform {
  readonly mode: Mode;
  /** Elements of the vector, a power of two. */
  readonly points: number;
  readonly layerNorm: boolean;
  readonly shortcut: boolean;
  /** A row of elements a cycle at the output, instead of one element. */
  readonly parallelOutput: boolean;
}

/** The phases of one vector that finds the engine empty, in cycles. */
export interface Phases {
  readonly input: number;
  readonly lastInToStart: number;
  readonly compute: number;
  readonly finishToOut: number;
  readonly outToFirst: number;
  readonly output: number;
  /** From the first element in to the last out, both counted. */
  readonly latency: number;
}

export function phasesOf(engine: EngineTiming, transform: Transform): Phases {
  const { mode, points, layerNorm, shortcut, parallelOutput } = transform;
  const compute = stageCycles(engine.units, points) + engine.pipeline[mode];
  const outToFirst =
    engine.read +
    (parallelOutput ? 0 : engine.scatter) +
    (shortcut ? engine.shortcut : 0) +
    (layerNorm ? layerNormCycles(engine, points) : 0);
  const output = parallelOutput ? rowsOf(engine.units, points) : points;
  const { gather, turn } = engine;
  return {
    input: points,
    lastInToStart: gather,
    compute,
    finishToOut: turn,
    outToFirst,
    output,
    latency: points + gather + compute + turn + outToFirst + output - 1,
  };
}

/** Cycles in which pairs are read: every stage takes all of them, no pause between stages. */
export const stageCycles = (units: number, points: number): number =>
  Math.log2(points) * rowsOf(units, points);

/** Rows of a bank that a vector fills, one element in each RAM; also the cycles of one stage. */
export const rowsOf = (units: number, points: number): number => Math.ceil(points / (2 * units));

/** From a vector's first row to its first normalized row: a pass for the mean, a pass for the variance. */
export function layerNormCycles({ units, layerNorm }: EngineTiming, points: number): number {
  const { add, multiply, divide, reciprocalSquareRoot, registers } = layerNorm;
  const tree = Math.log2(2 * units) * add;
  // Mean: tree, accumulator, divider. Variance: subtract, square, tree, accumulator, divider, root. Then scale and shift.
  const arithmetic = 2 * (tree + add + divide) + add + multiply + reciprocalSquareRoot + multiply + add;
  return 2 * rowsOf(units, points) + arithmetic + registers;
}

export interface Steady {
  /** Cycles from one vector to the next, on average. */
  readonly interval: number;
  /** Why the RTL does not complete a stream of such vectors; the interval is then what a control with checks would reach. */
  readonly stall?: string;
}

/** Many vectors, one after another. */
export function steadyOf(engine: EngineTiming, transform: Transform): Steady {
  const { input, lastInToStart, compute } = phasesOf(engine, transform);
  // Both banks hold one complex vector: input and compute take turns; the output leaves while the next vector comes in.
  if (transform.mode === "fft") return { interval: input + lastInToStart + compute };
  const oneAtATime = compute + engine.turn;
  const interval = alternating(engine, transform);
  if (transform.shortcut)
    return {
      interval: Math.max(interval, oneAtATime),
      stall: "the RTL does not complete a stream of butterfly vectors with a shortcut",
    };
  if (interval >= oneAtATime) return { interval };
  return {
    interval: oneAtATime,
    stall: `bank A starts computing while bank B still does: ${compute} cycles of one do not fit between vectors ${interval} apart`,
  };
}

/** Banks A and B take vectors in turn; each goes through input, compute and the reading of its output. */
function alternating(engine: EngineTiming, transform: Transform): number {
  const { points } = transform;
  const cycle = bankCycles(engine, transform);
  const backToBack = points + 1;
  // A bank may still be emptied while the first row of its next vector is gathered.
  const firstRow = 2 * engine.units - 1 + engine.gather - 1;
  return 2 * backToBack + firstRow >= cycle ? backToBack : cycle / 2;
}

/** From a vector's first element until its bank takes the next one. Layer norm reads the bank by rows, however the output leaves. */
export function bankCycles(engine: EngineTiming, transform: Transform): number {
  const { input, lastInToStart, compute, finishToOut } = phasesOf(engine, transform);
  return input + lastInToStart + compute + finishToOut + readingOf(engine, transform) + engine.release;
}

/** Cycles in which a bank is read for the output. */
export const readingOf = (
  { units }: EngineTiming,
  { points, parallelOutput, layerNorm }: Transform,
): number => (parallelOutput || layerNorm ? rowsOf(units, points) : points);
