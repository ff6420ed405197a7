/**
 * What the ports of the buffers take of an array's time, and which of them holds it up.
 * Models: ports as wide as the YAML says, for the operand that streams in, for the one that is loaded to stay, and for sums, which are
 *   written and, behind the first fold or tile of the inner dimension, read back, by the same port or by one of their own.
 * Ignores: that two operands may lie in one buffer; that tiles are loaded, and leave through the vector unit, meanwhile: a double buffer
 *   does so in its other half.
 * Source: the definition of a port; proved against a model that moves operands through PEs.
 */
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import { type PortCycles, widePorts } from "../arch/systolic-time.ts";
import type { ArrayWork, System } from "./systolic-system.ts";

/** Where operands lie. */
export interface Sources {
  readonly inputs: "chip" | "memory";
  readonly weights: "chip" | "memory";
}

/** Of the operands in a tile. */
export interface Words {
  /** Bytes of a stored weight, with what says where it belongs. */
  readonly weightBytes: number;
  /** Words of the input for each position of the array: M / N where N of M weights are kept. */
  readonly spread: number;
}

/** Cycles by use, and the queue of the buffer that serves it. */
export interface Ports {
  readonly cycles: PortCycles;
  readonly queues: Readonly<Record<"step" | "load" | "sum", string>>;
}

/** @param adds the tile's sums are added to those of the inner tiles before */
export function portsOf(system: System, from: Sources, { weightBytes, spread }: Words, adds: boolean): Ports {
  const { array, elementBytes, sumBytes, results } = system;
  const across = array.columns * array.arrays;
  const inputs = operandPort(system, from.inputs, "inputs");
  const weights = operandPort(system, from.weights, "weights");
  const cycles = ({ bytesPerCycle, ticksPerCycle }: ScratchpadSpec, bytes: number): number =>
    Math.ceil((bytes * ticksPerCycle) / (bytesPerCycle * array.ticksPerCycle));
  const ofInputs = (words: number): number => cycles(inputs.buffer, words * spread * elementBytes);
  const ofWeights = (words: number): number => cycles(weights.buffer, words * weightBytes);
  const written = cycles(results, across * sumBytes);
  const sum = results.shared ? cycles(results, 2 * across * sumBytes) : written;
  const result = adds ? sum : written;
  switch (array.stationary) {
    case "weights":
      return {
        cycles: { step: ofInputs(array.rows), load: ofWeights(across), result, sum },
        queues: { step: inputs.queue, load: weights.queue, sum: resultQueue },
      };
    case "inputs":
      return {
        cycles: { step: ofWeights(array.rows), load: ofInputs(across), result, sum },
        queues: { step: weights.queue, load: inputs.queue, sum: resultQueue },
      };
    case "outputs": {
      const [left, above] = [ofInputs(array.rows), ofWeights(across)];
      return {
        cycles: { step: Math.max(left, above), load: 1, result, sum },
        queues: { step: left >= above ? inputs.queue : weights.queue, load: weights.queue, sum: resultQueue },
      };
    }
  }
}

/** The queue of the buffer whose port alone costs the array most; undefined where none costs it anything. */
export function pacedBy(system: System, work: ArrayWork, { cycles, queues }: Ports): string | undefined {
  const { step, load, result, sum } = cycles;
  if (Math.max(step, load, sum) === 1) return undefined;
  const taken = (narrow: Partial<PortCycles>): number =>
    Number(system.product({ ...work, ports: { ...widePorts, ...narrow } }).occupancy);
  const free = taken({});
  const [slowest] = [
    { queue: queues.step, ticks: taken({ step }) },
    { queue: queues.load, ticks: taken({ load }) },
    { queue: queues.sum, ticks: taken({ result, sum }) },
  ].sort((a, b) => b.ticks - a.ticks);
  return slowest !== undefined && slowest.ticks > free ? slowest.queue : undefined;
}

const resultQueue = "results.write";

function operandPort(system: System, from: "chip" | "memory", operand: "inputs" | "weights") {
  const { activations } = system;
  return from === "chip" && activations !== undefined
    ? { queue: "activations.read", buffer: activations }
    : { queue: `${operand}.read`, buffer: system[operand] };
}
