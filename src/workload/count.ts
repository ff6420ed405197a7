/** What an op needs, whatever the machine: useful MACs, parameters, bytes. Counts are exact. */

import { bytesOf, type Precision } from "../precision.ts";
import { butterflyFactors, butterflyMacs, pointsOf, stacksOf } from "./butterfly.ts";
import { type Convolution, convolutionProduct, outputSize } from "./convolution.ts";
import { type Encoded, encoded, keptMacs, storageBits } from "./encoding.ts";
import type { Block, Phase, Workload } from "./graph.ts";
import { at, type MatMul, type Op } from "./op.ts";

/** Useful multiply-accumulates of one execution at the given step; masked positions do not count. */
export function macsOf(op: Op, step = 0): number {
  if (op.kind === "fft") return at(op.rows, step) * butterflyMacs(pointsOf(op.length));
  if (op.kind === "butterflyLinear")
    return at(op.rows, step) * stacksOf(op) * butterflyMacs(pointsOf(op.inner));
  if (op.kind === "convolution") {
    const { count, rows, inner, columns } = convolutionProduct(op);
    const { kept } = storedWeights(op) ?? { kept: inner * columns };
    return count * rows * kept;
  }
  if (op.kind !== "matmul") return 0;
  const stored = storedWeights(op);
  const rowsThrough = op.experts?.routed ?? op.count * at(op.rows, step);
  if (stored !== undefined) return keptMacs(stored, rowsThrough);
  const [rows, inner, columns] = [at(op.rows, step), at(op.inner, step), at(op.columns, step)];
  return op.causal ? op.count * causalMacs(op, rows, inner, columns) : rowsThrough * inner * columns;
}

/** What an op with encoded parameters stores of each of its matrices. */
function storedWeights(op: MatMul | Convolution): Encoded | undefined {
  if (op.encoding === undefined) return undefined;
  const { inner, columns } = op.kind === "matmul" ? op : convolutionProduct(op);
  return encoded(op.encoding, { inner: at(inner, 0), columns: at(columns, 0) });
}

function causalMacs(op: MatMul, rows: number, inner: number, columns: number): number {
  const [positions, other] = op.causal === "columns" ? [columns, inner] : [inner, columns];
  // Row r sees positions - rows + r of them; the first `growing` rows see fewer than the window.
  const fewest = positions - rows + 1;
  const { window = positions } = op;
  const growing = Math.min(Math.max(window - fewest, 0), rows);
  return other * (growing * fewest + (growing * (growing - 1)) / 2 + (rows - growing) * window);
}

/** Trained parameters that the op owns; tied ones belong to another op. */
export function parametersOf(op: Op): number {
  if (isTied(op)) return 0;
  return op.kind === "matmul" ? owned(op, parametersRead(op)) : parametersRead(op);
}

const isTied = (op: Op): boolean => "tiedTo" in op && op.tiedTo !== undefined;

/** Of experts more are stored than one execution reads. */
const owned = ({ count, experts }: MatMul, read: number): number => (read / count) * (experts?.of ?? count);

/** Trained parameters that one execution has to read, were it to read each once. */
export function parametersRead(op: Op): number {
  switch (op.kind) {
    case "matmul":
      if (op.right === "activations") return 0;
      return op.count * (at(op.inner, 0) * at(op.columns, 0) + (op.bias ? at(op.columns, 0) : 0));
    case "embedding":
      return op.entries.reduce((sum, entries) => sum + entries, 0) * op.width;
    case "butterflyLinear":
      return butterflyFactors(op) + (op.bias ? op.columns : 0);
    case "convolution": {
      if (op.right === "activations") return 0;
      const { count, inner, columns } = convolutionProduct(op);
      return count * inner * columns + (op.bias ? op.filters : 0);
    }
    case "pooling":
    case "reduction":
    case "movement":
    case "fft":
    case "cacheRead":
    case "cacheWrite":
    case "allGather":
    case "allReduce":
    case "reduceScatter":
      return 0;
    default:
      return op.parametersPerElement * at(op.width, 0);
  }
}

/** Bits that one execution has to read of trained parameters: encoded weights as stored, all others in the precision. */
export function parameterBits(op: Op, precision: Precision): number {
  const bits = 8 * bytesOf(precision);
  if (op.kind !== "matmul" && op.kind !== "convolution") return parametersRead(op) * bits;
  const stored = storedWeights(op);
  if (stored === undefined) return parametersRead(op) * bits;
  const [count, biases] =
    op.kind === "matmul" ? [op.count, op.count * at(op.columns, 0)] : [op.groups, op.filters];
  return count * storageBits(stored) + (op.bias ? biases * bits : 0);
}

/** Elements of the op's result at the given step. */
export function outputElements(op: Op, step = 0): number {
  if (op.kind === "convolution" || op.kind === "pooling") {
    const { height, width, depth } = outputSize(op);
    return op.batch * depth * height * width * (op.kind === "convolution" ? op.filters : op.channels);
  }
  if (op.kind === "movement") return op.elements;
  const rows = at(op.rows, step);
  switch (op.kind) {
    case "matmul":
      return op.count * rows * at(op.columns, step);
    case "fft":
      return rows * op.length * (op.output === "complex" ? 2 : 1);
    case "butterflyLinear":
      return rows * op.columns;
    case "reduction":
      return op.count * rows;
    case "embedding":
    case "cacheRead":
    case "cacheWrite":
    case "allGather":
    case "allReduce":
    case "reduceScatter":
      return rows * op.width;
    default:
      return op.count * rows * at(op.width, step);
  }
}

/** Sum over the steps of a phase and the repetitions of a block. */
export function overPhase(phase: Phase, block: Block, amount: (step: number) => number): number {
  let sum = 0;
  for (let step = 0; step < phase.steps; step += 1) sum += amount(step);
  return sum * block.times;
}

export interface WorkloadCounts {
  /** Useful MACs of the whole run. */
  readonly macs: number;
  /** Trained parameters of the model. */
  readonly parameters: number;
  readonly parameterBytes: number;
  /** Keys and values of one position of one sequence, all layers. */
  readonly cacheBytesPerToken: number;
}

export function countWorkload(workload: Workload): WorkloadCounts {
  const trained = trainedOps(workload.phases);
  return {
    macs: sum(workload.phases, (phase) =>
      sum(phase.blocks, (block) =>
        sum(block.ops, (op) => overPhase(phase, block, (step) => macsOf(op, step))),
      ),
    ),
    parameters: sum(trained, ({ op, times }) => times * parametersOf(op)),
    parameterBytes: modelBytes(trained, workload.precision),
    cacheBytesPerToken: cacheBytesPerToken(workload.phases[0], workload.precision) / workload.task.batch,
  };
}

/** Each op of the network once: phases share their parameters. */
function trainedOps(phases: readonly Phase[]): readonly { readonly op: Op; readonly times: number }[] {
  const seen = new Map(
    phases.flatMap(({ blocks }) =>
      blocks.flatMap(({ name, times, ops }) =>
        ops.map((op) => [`${name}.${op.name}`, { op, times }] as const),
      ),
    ),
  );
  return [...seen.values()];
}

function modelBytes(trained: ReturnType<typeof trainedOps>, precision: Precision): number {
  const bytes = (op: Op): number => {
    if (isTied(op)) return 0;
    const read = parameterBits(op, precision) / 8;
    return op.kind === "matmul" ? owned(op, read) : read;
  };
  return Math.ceil(sum(trained, ({ op, times }) => times * bytes(op)));
}

function cacheBytesPerToken(phase: Phase | undefined, precision: Precision): number {
  if (phase === undefined) return 0;
  const written = (op: Op): number =>
    op.kind === "cacheWrite" ? outputElements(op) / phase.tokensPerStep : 0;
  return sum(phase.blocks, (block) => block.times * sum(block.ops, written)) * bytesOf(precision);
}

const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0);
