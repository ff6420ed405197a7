/**
 * What passes through the butterfly engines, op by op, and what each vector moves.
 * Models: padding, stacks of butterflies that make a wider result, complex vectors, ops fused behind the transform.
 * Ignores: keeping vectors on the chip between ops; every pass reads and writes the memory outside.
 * Source: adaptable butterfly accelerator of FABNet, MICRO 2022, and its authors' performance model.
 */
import type { Transform } from "../arch/butterfly-timing.ts";
import { pointsOf, stacksOf } from "../workload/butterfly.ts";
import { macsOf } from "../workload/count.ts";
import type { Block } from "../workload/graph.ts";
import { at, type ButterflyLinear, type Fft, type Op } from "../workload/op.ts";

/** The ways in which its traffic goes through the memory, for machines that tell them apart. */
export const fabnetWalks = {
  rows: "vectors that lie together",
  columns: "an element of each row, for as many columns as there are engines",
  weights: "coefficients of the butterflies, in the order of the stages",
};
export type FabnetWalk = keyof typeof fabnetWalks;

/** One op on the engines: vectors of one length through one transform. */
export interface Pass {
  /** "fourier.expand" */
  readonly op: string;
  readonly transform: Transform;
  readonly rows: number;
  /** Times that every row passes, with other weights each time; the engines of a round share their weights. */
  readonly stacks: number;
  /** Its vectors are rows of the memory's matrices, or columns: the transform along the sequence. */
  readonly walk: FabnetWalk;
  /** Elements that a vector reads and writes, complex ones twice. */
  readonly elementsIn: number;
  readonly elementsOut: number;
  /** Useful ones, all vectors together. */
  readonly macs: number;
  /** Full names of the ops that its output passes on the way: shortcut, norm, activation. */
  readonly fused: readonly string[];
}

export interface Charges {
  /** Memory holds and moves padded vectors, or they are padded in the engines and only useful elements move. */
  readonly padding: "moved" | "computed";
  /** The transform along the sequence: over its own length, or over the hidden size as the authors' model has it. */
  readonly sequenceTransform: "sequence" | "hidden";
  /** Norms and shortcuts take time in the engine, or are free. */
  readonly postProcessing: "timed" | "free";
}

/**
 * The passes of one layer of a block, in order. Ops between two transforms belong to the earlier one; attention itself to none.
 * Queries come last of the projections, so that their rows can go on to attention one by one.
 */
export function passesOf(block: Block, charges: Charges): readonly Pass[] {
  const passes: Pass[] = [];
  const fused: Op[][] = [];
  for (const op of block.ops)
    if (op.kind === "fft" || op.kind === "butterflyLinear") {
      passes.push(passOf(block, op, charges));
      fused.push([]);
    } else if (op.kind !== "matmul" && op.kind !== "softmax") fused.at(-1)?.push(op);
  const all = passes.map((pass, index) => withFused(block, pass, fused[index] ?? [], charges));
  const isQuery = ({ op }: Pass): boolean => op === `${block.name}.query`;
  const query = all.filter(isQuery);
  const others = all.filter((pass) => !isQuery(pass));
  return query.length === 0 ? all : [...others.slice(0, 2), ...query, ...others.slice(2)];
}

type Transforming = Extract<Op, Fft | ButterflyLinear>;

function passOf(block: Block, op: Transforming, charges: Charges): Pass {
  const base = { op: `${block.name}.${op.name}`, macs: macsOf(op), fused: [] };
  return op.kind === "fft"
    ? { ...base, ...fftOf(block, op, charges) }
    : { ...base, ...linearOf(op, charges) };
}

type Shape = Omit<Pass, "op" | "macs" | "fused">;

function fftOf(block: Block, op: Op & Fft, charges: Charges): Shape {
  const hidden = block.ops.find((other) => other.kind === "fft" && other.name === "fourierHidden");
  const swapped =
    charges.sequenceTransform === "hidden" && hidden?.kind === "fft"
      ? { length: hidden.length, rows: at(hidden.rows, 0) }
      : { length: op.length, rows: at(op.rows, 0) };
  const points = pointsOf(swapped.length);
  const each = charges.padding === "moved" ? points : swapped.length;
  return {
    transform: { ...plain, mode: "fft", points },
    rows: swapped.rows,
    stacks: 1,
    walk: op === hidden ? "rows" : "columns",
    elementsIn: each * (op.input === "complex" ? 2 : 1),
    elementsOut: each * (op.output === "complex" ? 2 : 1),
  };
}

function linearOf(op: Op & ButterflyLinear, charges: Charges): Shape {
  const points = pointsOf(op.inner);
  const stacks = stacksOf(op);
  const padded = charges.padding === "moved";
  return {
    transform: { ...plain, mode: "butterfly", points },
    rows: at(op.rows, 0),
    stacks,
    walk: "rows",
    elementsIn: padded ? points : op.inner,
    elementsOut: padded ? points : Math.ceil(op.columns / stacks),
  };
}

const plain = { layerNorm: false, shortcut: false, parallelOutput: false };

function withFused(block: Block, pass: Pass, ops: readonly Op[], { postProcessing }: Charges): Pass {
  const has = (kind: Op["kind"]): boolean => postProcessing === "timed" && ops.some((op) => op.kind === kind);
  return {
    ...pass,
    transform: { ...pass.transform, layerNorm: has("layernorm"), shortcut: has("residual") },
    fused: ops.map(({ name }) => `${block.name}.${name}`),
  };
}
