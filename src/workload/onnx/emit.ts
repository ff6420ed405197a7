/** From understood nodes to ops with edges: fused ones once, free ones as a way through, trained tensors counted once. */
import type { Encoding } from "../encoding.ts";
import type { Op } from "../op.ts";
import { placeOf } from "./call.ts";
import { fuse } from "./fusion/index.ts";
import { type Fused, liveGraph } from "./fusion/live-graph.ts";
import type { Interpreted, Step } from "./interpret.ts";
import type { TensorMessage } from "./message.ts";
import type { Work } from "./operator.ts";
import { isEmpty } from "./shapes-of-work.ts";
import type { Value } from "./value.ts";

export interface Emitted {
  readonly ops: readonly Op[];
  /** How often each pattern was recognised. */
  readonly patterns: ReadonlyMap<string, number>;
  /** Nodes that the run has to do, of those that the file has. */
  readonly liveNodes: number;
  /** The trained matrix of each op, where it has one of its own. */
  readonly matrices: ReadonlyMap<string, Matrix>;
}

/** Where an op's weights stand in the file. */
export interface Matrix {
  readonly tensor: TensorMessage;
  /** It stands as columns x inner. */
  readonly transposed: boolean;
}

export type EncodingOf = (op: Op, matrix: Matrix) => Encoding | undefined;

/** @param encodingOf how an op's weights are stored, where they are not dense */
export function emit(interpreted: Interpreted, encodingOf?: EncodingOf): Emitted {
  const graph = liveGraph(interpreted);
  const fused = fuse(graph);
  const unique = namer();
  const ops: Op[] = [];
  const owners = new Map<TensorMessage, string>();
  const matrices = new Map<string, Matrix>();
  const patterns = new Map<string, number>();
  const made = new Map<Value, readonly string[]>();
  for (const value of interpreted.inputs) made.set(value, ["input"]);
  for (const { results, inputs } of interpreted.uncosted)
    for (const value of results) made.set(value, sourcesOf(made, inputs));

  const emitPiece = (piece: Piece): readonly string[] => {
    const base = piece.work.length === 0 ? "" : unique(nameOf(piece.named));
    let last: readonly string[] = sourcesOf(made, piece.inputs);
    for (const each of piece.work) {
      if (isEmpty(each.shape)) continue;
      const name = each.part === undefined ? base : `${base}.${each.part}`;
      // A product's first input is the left operand and its second the right: one may be both.
      const inputs = (each.reads ?? piece.inputs.map((_, index) => index)).flatMap((read) =>
        typeof read === "string" ? [`${base}.${read}`] : (made.get(piece.inputs[read] ?? none) ?? []),
      );
      const matrix = matrixOf(each, piece.inputs);
      const op = owned(
        { name, inputs: each.shape.kind === "matmul" ? inputs : [...new Set(inputs)], ...each.shape },
        matrix,
        owners,
      );
      if (matrix !== undefined && owners.get(matrix.tensor) === name) matrices.set(name, matrix);
      const encoding = matrix === undefined ? undefined : encodingOf?.(op, matrix);
      ops.push(
        encoding !== undefined && (op.kind === "matmul" || op.kind === "convolution")
          ? { ...op, encoding }
          : op,
      );
      last = [name];
    }
    return last;
  };

  for (const step of graph.steps) {
    const group = fused.get(step);
    if (group !== undefined && group.exit !== step) continue;
    const piece = group ?? { named: step, inputs: step.call.inputs, work: workOf(step) };
    const names = emitPiece(piece);
    for (const value of step.results) made.set(value, names);
    if (group !== undefined) patterns.set(group.pattern, (patterns.get(group.pattern) ?? 0) + 1);
  }
  return { ops, patterns: counted(patterns, fused), liveNodes: graph.steps.length, matrices };
}

type Piece = Pick<Fused, "named" | "inputs" | "work">;

/** Stands for no value in look-ups. */
const none: Value = {
  name: "",
  type: { name: "none", bits: 0, kind: "bool" },
  shape: [],
  constant: true,
  roots: [],
};

const workOf = ({ operator, call, results }: Step): readonly Work[] => operator.work(call, results);

/** Several pieces of attention are one pattern. */
function counted(
  patterns: ReadonlyMap<string, number>,
  fused: ReadonlyMap<Step, Fused>,
): ReadonlyMap<string, number> {
  const softmaxes = [...new Set(fused.values())].filter(
    ({ pattern, exit }) => pattern === "attention" && exit.call.node.operator === "Softmax",
  );
  return new Map(
    [...patterns].map(([name, times]) => [name, name === "attention" ? softmaxes.length : times]),
  );
}

const sourcesOf = (
  made: ReadonlyMap<Value, readonly string[]>,
  inputs: readonly (Value | undefined)[],
): readonly string[] => [
  ...new Set(inputs.flatMap((value) => (value === undefined ? [] : (made.get(value) ?? [])))),
];

function matrixOf({ weights }: Work, inputs: Piece["inputs"]): Matrix | undefined {
  const value = weights === undefined ? undefined : inputs[weights.input];
  const largest = value?.roots.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0];
  if (weights === undefined || value === undefined || largest === undefined) return undefined;
  return { tensor: largest, transposed: weights.transposed !== (value.turned === true) };
}

const sizeOf = ({ shape }: TensorMessage): number => shape.reduce((all, size) => all * size, 1);

/** A tensor belongs to the first op that reads it; others are tied to that. */
function owned(op: Op, matrix: Matrix | undefined, owners: Map<TensorMessage, string>): Op {
  if (matrix === undefined) return op;
  const owner = owners.get(matrix.tensor);
  if (owner === undefined) {
    owners.set(matrix.tensor, op.name);
    return op;
  }
  if (op.kind === "matmul" || op.kind === "convolution" || op.kind === "embedding")
    return { ...op, tiedTo: owner };
  return op;
}

/** The node's name, or that of its result. */
const nameOf = ({ call: { node, where } }: Step): string =>
  node.name || node.outputs.find((name) => name !== "") || placeOf(node) || where;

function namer(): (name: string) => string {
  const times = new Map<string, number>();
  return (name) => {
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    return before === 0 && name !== "input" ? name : `${name}#${before + 1}`;
  };
}
