/** The edges of a network by the positions of its ops, for comparing one part of it with another. */
import type { Op } from "./op.ts";

/** What the network is given stands before its first op. */
export const given = -1;

export interface Edges {
  /** Equal where kind and sizes are. */
  readonly shapes: Int32Array;
  readonly inputs: readonly (readonly number[])[];
  readonly readers: readonly (readonly number[])[];
  /** The op that owns what this one reads; itself where that is its own. */
  readonly owner: Int32Array;
  /** Whether a block may begin at this op: no machine would run it in one piece with the op before. */
  readonly parts: (op: number) => boolean;
  /** Whether the names of as many ops say that they belong together. */
  readonly begins: (op: number, length: number) => boolean;
}

export function edgesOf(ops: readonly Op[]): Edges {
  const position = new Map(ops.map(({ name }, index) => [name, index]));
  const inputs = ops.map((op) => op.inputs.map((name) => position.get(name) ?? given));
  const readers: number[][] = ops.map(() => []);
  for (const [reader, from] of inputs.entries())
    for (const input of new Set(from)) readers[input]?.push(reader);
  const tied = (op: Op): string => ("tiedTo" in op ? (op.tiedTo ?? op.name) : op.name);
  return {
    shapes: shapesOf(ops),
    inputs,
    readers,
    owner: Int32Array.from(ops, (op, index) => position.get(tied(op)) ?? index),
    parts: (op) => {
      const [only, ...more] = readers[op - 1] ?? [];
      const next = only === undefined ? undefined : ops[only];
      return next === undefined || more.length > 0 || standsApart(next);
    },
    begins: (op, length) => sharedPath(ops.slice(op, op + length)) !== "",
  };
}

/** Ops that no machine does on the tiles of the op before. */
function standsApart({ kind }: Op): boolean {
  switch (kind) {
    case "matmul":
    case "convolution":
    case "butterflyLinear":
    case "fft":
    case "embedding":
    case "movement":
    case "concat":
    case "split":
      return true;
    default:
      return false;
  }
}

/** Whether the op is like the one `period` later: sizes, and inputs as far before it or the very same. */
export function matches({ shapes, inputs, owner }: Edges, op: number, period: number): boolean {
  if (shapes[op] !== shapes[op + period]) return false;
  const [own = [], later = []] = [inputs[op], inputs[op + period]];
  return (
    own.length === later.length &&
    own.every((input, index) => later[index] === input || later[index] === input + period) &&
    (owner[op + period] === (owner[op] ?? 0) + period ||
      (owner[op + period] === owner[op] && owner[op] !== op))
  );
}

/** The path of a numbered layer that all names begin with, "/encoder/layer.3/"; empty without one. */
export function sharedPath(ops: readonly Op[]): string {
  const [first = "", ...more] = ops.map(({ name }) => name);
  let shared = first;
  for (const name of more) while (!name.startsWith(shared)) shared = shared.slice(0, -1);
  return /^.*\d\//.exec(shared)?.[0] ?? "";
}

function shapesOf(ops: readonly Op[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(ops, (op) => {
    const key = JSON.stringify({ ...op, name: "", inputs: [], tiedTo: "" });
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    return id;
  });
}
