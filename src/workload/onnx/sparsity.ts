/**
 * Sparsity of trained matrices and filters, from their elements in the file: how many are other than zero, and N:M patterns along the
 * inner dimension of the product, which of a convolution is kernel rows, then kernel columns, then channels.
 */
import { convolutionProduct } from "../convolution.ts";
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
  op: Op,
  matrix: Matrix,
  source: ByteSource,
  external: ((location: string) => ByteSource | undefined) | undefined,
): Sparsity | undefined {
  const { tensor, transposed } = matrix;
  const elements = elementsOf(tensor.shape);
  if (tensor.data.kind === "sparse") return { density: tensor.data.kept / elements };
  const [rows = 0, columns = 0, ...kernel] = tensor.shape;
  const window = elementsOf(kernel);
  const isZero = zeroTest(tensor.type);
  const place = placeOf(tensor, source, external);
  if (place === undefined || isZero === undefined || !isMeasured(op, tensor) || elements === 0)
    return undefined;
  const inner = op.kind === "convolution" ? rows / op.groups : rows;
  const tally = transposed ? alongRows(columns, window) : alongColumns(inner, columns * window);
  const kept = scan(place, elements, tensor.type, isZero, tally.take);
  const found = groups
    .map((m, at) => ({ m, n: tally.most(at) }))
    .filter(({ n, m }) => n > 0 && n < m && m <= (productOf(op)?.inner ?? 0))
    .toSorted((a, b) => a.n / a.m - b.n / b.m || a.m - b.m)[0];
  return { density: kept / elements, ...(found === undefined ? {} : { pattern: found }) };
}

/** How a product's weights take the fewest bits: as their pattern, as a compressed matrix, or dense. */
export function encodingOf(op: Op, { density, pattern }: Sparsity, bits: number): Encoding | undefined {
  const matrix = productOf(op);
  if (matrix === undefined) return undefined;
  const choices: Encoding[] = [{ kind: "dense", bits }];
  if (pattern !== undefined) choices.push({ kind: "nm", ...pattern, metadata: "index", bits });
  if (density > 0) choices.push({ kind: "csr", density, bits });
  const [best] = choices.toSorted(
    (a, b) => storageBits(encoded(a, matrix)) - storageBits(encoded(b, matrix)),
  );
  return best?.kind === "dense" ? undefined : best;
}

/** A matrix as it stands in the file, or filters. */
const isMeasured = (op: Op, { shape }: TensorMessage): boolean =>
  op.kind === "convolution" || (productOf(op) !== undefined && shape.length === 2);

/** The trained matrix of a product, or of each group of a convolution. */
function productOf(op: Op): { readonly inner: number; readonly columns: number } | undefined {
  if (op.kind === "convolution") return convolutionProduct(op);
  if (op.kind !== "matmul" || op.count !== 1) return undefined;
  const { inner, columns } = op;
  return typeof inner === "number" && typeof columns === "number" ? { inner, columns } : undefined;
}

interface Tally {
  /** An element that is other than zero. */
  readonly take: (index: number) => void;
  /** The most in any group of the size at that place of the list. */
  readonly most: (at: number) => number;
}

/** A row has channels x window, and its groups run through the channels of one place of the window after the other. */
function alongRows(channels: number, window: number): Tally {
  const length = channels * window;
  const most = groups.map(() => 0);
  const counts = groups.map((m) => new Uint8Array(Math.ceil(length / m)));
  let current = 0;
  return {
    take(index) {
      const row = Math.floor(index / length);
      if (row !== current) for (const count of counts) count.fill(0);
      current = row;
      const channel = Math.floor((index % length) / window);
      const inner = (index % window) * channels + channel;
      for (const [at, m] of groups.entries())
        most[at] = Math.max(most[at] ?? 0, add(counts[at], Math.floor(inner / m)));
    },
    most: (at) => most[at] ?? 0,
  };
}

/** Groups lie in a column: one count for each column, begun again with each group of rows, and of rows that do not mix. */
function alongColumns(inner: number, columns: number): Tally {
  const most = groups.map(() => 0);
  const counts = groups.map(() => new Uint8Array(columns));
  const current = groups.map(() => 0);
  return {
    take(index) {
      const [row, column] = [Math.floor(index / columns), index % columns];
      for (const [at, m] of groups.entries()) {
        const group = Math.floor(row / inner) * Math.ceil(inner / m) + Math.floor((row % inner) / m);
        if (current[at] !== group) counts[at]?.fill(0);
        current[at] = group;
        most[at] = Math.max(most[at] ?? 0, add(counts[at], column));
      }
    },
    most: (at) => most[at] ?? 0,
  };
}

/** @returns the count, with this one */
function add(counts: Uint8Array | undefined, place: number): number {
  if (counts === undefined) return 0;
  counts[place] = (counts[place] ?? 0) + 1;
  return counts[place] ?? 0;
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
