/** Sparsity of trained matrices, from their elements in the file: how many are other than zero, and N:M patterns along the inner dimension. */
import { type Encoding, encoded, storageBits } from "../encoding.ts";
import type { Op } from "../op.ts";
import type { ElementType } from "./element-type.ts";
import type { Matrix } from "./emit.ts";
import type { TensorMessage } from "./message.ts";
import { elementsOf } from "./read-tensor.ts";
import { Refused } from "./refused.ts";
import type { ByteSource } from "./source.ts";

export interface Sparsity {
  /** Share of the elements that are other than zero. */
  readonly density: number;
  /** The pattern that keeps the fewest of all that hold for every group; along the inner dimension. */
  readonly pattern?: { readonly n: number; readonly m: number };
}

const groups = [2, 4, 8, 16] as const;
const chunkBytes = 1 << 20;

/** @throws Refused when external weights are not there */
export function sparsityOf(
  matrix: Matrix,
  source: ByteSource,
  external: ((location: string) => ByteSource | undefined) | undefined,
): Sparsity | undefined {
  const { tensor, transposed } = matrix;
  const elements = elementsOf(tensor.shape);
  if (tensor.data.kind === "sparse") return { density: tensor.data.kept / elements };
  const [rows = 0, columns = 0] = tensor.shape;
  const isZero = zeroTest(tensor.type);
  const place = placeOf(tensor, source, external);
  if (place === undefined || isZero === undefined || tensor.shape.length !== 2 || elements === 0)
    return undefined;
  const tally = transposed ? alongRows(columns) : alongColumns(rows, columns);
  const kept = scan(place, elements, tensor.type, isZero, tally.take);
  const found = groups
    .map((m, at) => ({ m, n: tally.most(at) }))
    .filter(({ n, m }) => n > 0 && n < m)
    .toSorted((a, b) => a.n / a.m - b.n / b.m || a.m - b.m)[0];
  return { density: kept / elements, ...(found === undefined ? {} : { pattern: found }) };
}

/** How a product's weights take the fewest bits: as their pattern, as a compressed matrix, or dense. */
export function encodingOf(op: Op, { density, pattern }: Sparsity, bits: number): Encoding | undefined {
  if (op.kind !== "matmul" || typeof op.inner !== "number" || typeof op.columns !== "number")
    return undefined;
  if (op.count !== 1) return undefined;
  const matrix = { inner: op.inner, columns: op.columns };
  const choices: Encoding[] = [{ kind: "dense", bits }];
  if (pattern !== undefined) choices.push({ kind: "nm", ...pattern, metadata: "index", bits });
  if (density > 0) choices.push({ kind: "csr", density, bits });
  const [best] = choices.toSorted(
    (a, b) => storageBits(encoded(a, matrix)) - storageBits(encoded(b, matrix)),
  );
  return best?.kind === "dense" ? undefined : best;
}

interface Tally {
  /** An element that is other than zero. */
  readonly take: (index: number) => void;
  /** The most in any group of the size at that place of the list. */
  readonly most: (at: number) => number;
}

/** Groups lie in a row, one behind the other. */
function alongRows(columns: number): Tally {
  const most = groups.map(() => 0);
  const counts = groups.map(() => 0);
  const current = groups.map(() => -1);
  return {
    take(index) {
      const [row, column] = [Math.floor(index / columns), index % columns];
      for (const [at, m] of groups.entries()) {
        const group = row * columns + Math.floor(column / m);
        counts[at] = current[at] === group ? (counts[at] ?? 0) + 1 : 1;
        current[at] = group;
        most[at] = Math.max(most[at] ?? 0, counts[at]);
      }
    },
    most: (at) => most[at] ?? 0,
  };
}

/** Groups lie in a column: one count for each column, begun again with each group of rows. */
function alongColumns(rows: number, columns: number): Tally {
  const most = groups.map(() => 0);
  const counts = groups.map(() => new Uint8Array(columns));
  const current = groups.map(() => 0);
  return {
    take(index) {
      const [row, column] = [Math.floor(index / columns), index % columns];
      for (const [at, m] of groups.entries()) {
        const group = Math.floor(row / m);
        const own = counts[at];
        if (own === undefined || row >= rows) continue;
        if (current[at] !== group) own.fill(0);
        current[at] = group;
        const count = (own[column] ?? 0) + 1;
        own[column] = count;
        most[at] = Math.max(most[at] ?? 0, count);
      }
    },
    most: (at) => most[at] ?? 0,
  };
}

interface Place {
  readonly source: ByteSource;
  readonly start: number;
}

function placeOf(
  { name, data }: TensorMessage,
  source: ByteSource,
  external: ((location: string) => ByteSource | undefined) | undefined,
): Place | undefined {
  if (data.kind === "raw") return { source, start: data.range.start };
  if (data.kind === "typed" && data.as === "float32" && data.ranges.length === 1)
    return { source, start: data.ranges[0]?.start ?? 0 };
  if (data.kind !== "external") return undefined;
  const file = external?.(data.location);
  if (file === undefined)
    throw new Refused(
      `initializer ${JSON.stringify(name)}`,
      `a file of weights ${JSON.stringify(data.location)} beside the model (--measure-sparsity reads it)`,
      "none",
    );
  return { source: file, start: data.offset };
}

/** @returns how many are other than zero */
function scan(
  { source, start }: Place,
  elements: number,
  { bits }: ElementType,
  isZero: (view: DataView, at: number) => boolean,
  take: (index: number) => void,
): number {
  const size = bits / 8;
  let kept = 0;
  for (let done = 0; done < elements; ) {
    const length = Math.min(chunkBytes / size, elements - done);
    const bytes = source.read(start + done * size, length * size);
    if (bytes.length < length * size)
      throw new Refused("weights", `${elements * size} B from byte ${start} on`, "the end of the file");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < length; at += 1) {
      if (isZero(view, at * size)) continue;
      kept += 1;
      take(done + at);
    }
    done += length;
  }
  return kept;
}

/** Zero of either sign. What zero is of unsigned elements, their zero point says: they are not measured. */
function zeroTest({ name }: ElementType): ((view: DataView, at: number) => boolean) | undefined {
  if (name === "float32") return (view, at) => (view.getUint32(at, true) & 0x7fffffff) === 0;
  if (name === "float16" || name === "bfloat16")
    return (view, at) => (view.getUint16(at, true) & 0x7fff) === 0;
  return name === "int8" ? (view, at) => view.getInt8(at) === 0 : undefined;
}
