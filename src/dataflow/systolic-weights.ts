/**
 * How the weights of a product are stored and multiplied.
 * Models: N:M weights on an array that selects: kept ones and their metadata in memory and in the weight buffer, kept positions on the
 *   array; on any other array they are stored, moved and multiplied with their zeros, as dense ones.
 * Ignores: other encodings, which are refused; for rows that keep fewer than the fullest, the storage that is theirs is spread evenly.
 * Source: workload/encoding.ts; VEGETA (HPCA 2023) for arrays that select, as nm-systolic.ts.
 */
import type { NmPattern } from "../arch/nm-sparse.ts";
import { keptInner } from "../arch/nm-systolic.ts";
import { parameterBits, parametersOf, parametersRead } from "../workload/count.ts";
import { encoded, storageBits } from "../workload/encoding.ts";
import type { Nm } from "../workload/encoding-nm.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import type { Misfit } from "./dataflow.ts";
import type { Words } from "./systolic-port.ts";
import type { System } from "./systolic-system.ts";
import { isProduct, type ProductOp, productOf } from "./systolic-window.ts";

export interface StoredWeights {
  /** Bytes of storage for each position of the whole matrix, kept or not. */
  readonly bytesPerPosition: number;
  /** The N:M by which the array skips positions; absent: it multiplies all. */
  readonly pattern?: NmPattern;
}

export function storedWeights(system: System, op: ProductOp): StoredWeights {
  const encoding = selected(system, op);
  if (encoding === undefined) return { bytesPerPosition: system.elementBytes };
  const { inner, columns } = productOf(op, 0).whole;
  const { n, m } = encoding;
  const bits = storageBits(encoded(encoding, { inner, columns }));
  return { bytesPerPosition: bits / 8 / (inner * columns), pattern: { n, m } };
}

/** As the array is told of it. */
export const skipped = ({ pattern }: StoredWeights): { readonly pattern?: NmPattern } =>
  pattern === undefined ? {} : { pattern };

/** What so many inner positions take of the buffers, for each that is kept. */
export function wordsOf({ bytesPerPosition, pattern }: StoredWeights, inner: number): Words {
  const spread = inner / keptInner(inner, pattern);
  return { spread, weightBytes: bytesPerPosition * spread };
}

/** Inner tiles are multiples of it, where they can be: no group of M is cut, and N of its positions fill rows of the array. */
export function innerUnit({ array }: System, { pattern }: StoredWeights, taps: number): number {
  if (pattern === undefined) return taps === 1 ? array.rows : 1;
  if (taps > 1) return pattern.m;
  return pattern.m * Math.max(1, Math.floor(array.rows / Math.max(...[pattern.n].flat())));
}

/** Encodings that no systolic array reads. */
export function encodingMisfits({ array, elementBytes }: System, workload: Workload): readonly Misfit[] {
  const bits = 8 * elementBytes;
  const encodings = encodedOps(workload);
  const strange = encodings.flatMap(({ name, encoding }) => {
    if (encoding.kind === "nm" || (encoding.kind === "dense" && encoding.bits === bits)) return [];
    return [`${name} is ${encoding.kind === "dense" ? `dense, ${encoding.bits} bit` : encoding.kind}`];
  });
  const wide = encodings.flatMap(({ name, encoding }) =>
    encoding.kind === "nm" && encoding.bits > bits
      ? [`${name}: ${encoding.bits} bit > ${bits} bit of ${array.precision}`]
      : [],
  );
  return [
    ...together("a systolic machine reads N:M weights, and dense ones in the array's number format", strange),
    ...together("stored values are wider than the multipliers", wide),
  ];
}

/** One reason for all, with the first of them. */
function together(what: string, [first, ...others]: readonly string[]): readonly Misfit[] {
  if (first === undefined) return [];
  return [{ what, arithmetic: others.length === 0 ? first : `${first}, and ${others.length} more` }];
}

/** Each once: the phases of a run share them. */
function encodedOps(workload: Workload) {
  const found = opsOf(workload).flatMap(({ name, block, op }) =>
    isProduct(op) && op.encoding !== undefined
      ? [[name, { name, times: block.times, op, encoding: op.encoding }] as const]
      : [],
  );
  return [...new Map(found).values()];
}

/** N:M weights that the array does not select by. */
const expandedOps = (system: System, workload: Workload) =>
  encodedOps(workload).flatMap(({ encoding, ...each }) =>
    encoding.kind === "nm" && !system.selects(encoding) ? [{ ...each, encoding }] : [],
  );

/** What they take of the memory beyond their encoding. */
export const expandedBytes = (system: System, workload: Workload): number =>
  expandedOps(system, workload).reduce((sum, { op, times }) => {
    const read = parametersRead(op);
    const more = 8 * system.elementBytes * read - parameterBits(op, workload.precision);
    return sum + Math.ceil((times * more * parametersOf(op)) / read / 8);
  }, 0);

export function expandedWarnings(system: System, workload: Workload): readonly string[] {
  const expanded = expandedOps(system, workload).filter(({ encoding }) => keepsFewer(encoding));
  const [first] = expanded;
  if (first === undefined) return [];
  const { n, m } = first.encoding;
  const layers = expanded.reduce((sum, { times }) => sum + times, 0);
  const ratio = `${[n].flat().join(", ")}:${m}`;
  const { group } = system;
  const why =
    group === undefined
      ? "this array is dense (an array of kind nm-systolic skips them)"
      : `its PEs choose from ${group} (units.array.group)`;
  return [
    `N:M weights of ${layers} layers are stored, moved and multiplied with their zeros, ${first.name} is ${ratio}: ${why}`,
  ];
}

const keepsFewer = ({ n, m }: Nm): boolean => Math.min(...[n].flat()) < m;

/** The encoding that the array works by. */
const selected = (system: System, { encoding }: ProductOp): Nm | undefined =>
  encoding?.kind === "nm" && system.selects(encoding) ? encoding : undefined;
