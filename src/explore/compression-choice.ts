/** From a workload and the user's accuracy table to a compressed workload within a bound on storage or on the time of its products. */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import { ddr } from "../arch/memory.ts";
import { nmSparse } from "../arch/nm-sparse.ts";
import { isWeights, withEncodings } from "../workload/assign.ts";
import { type Encoding, encoded, keptMacs, storageBits, storageBytes } from "../workload/encoding.ts";
import type { Nm } from "../workload/encoding-nm.ts";
import type { Block, Workload } from "../workload/graph.ts";
import { at, type MatMul, type Op } from "../workload/op.ts";
import type { AccuracyRow } from "./accuracy-table.ts";
import { type Choice, type Compression, chooseCompression, type MatrixChoices } from "./compression.ts";

/** A choice for a matrix in some layers of its block. */
export interface EncodingChoice extends Choice {
  readonly block: string;
  readonly op: string;
  readonly first: number;
  readonly last: number;
  readonly encoding: Encoding;
}

/** What storing a matrix so costs in one layer; a whole number. */
export type CostOf = (op: MatMul, encoding: Encoding) => number;

export const storageCost: CostOf = (op, encoding) => op.count * storageBits(encoded(encoding, sizeOf(op)));

/**
 * Ticks of the matrix's product on a machine with units "memory" and "matrix": as long as the busier of the two, since weights are
 * fetched while others are multiplied. Attention and vector work do not depend on the choice.
 * @throws Error where the machine has other units
 */
export function latencyCost({ units, name }: Hardware): CostOf {
  const { memory, matrix } = units;
  if (!isKind(matrix, "nm-sparse") || !(isKind(memory, "ddr") || isKind(memory, "hbm")))
    throw new Error(
      `the cost of a product needs units "memory" and "matrix" (nm-sparse): ${name} has others`,
    );
  return (op, encoding) => {
    const stored = encoded(encoding, sizeOf(op));
    const rows = at(op.rows, 0);
    const load = ddr.cost(memory.spec, { direction: "read", bytes: storageBytes(stored) });
    const pattern = encoding.kind === "nm" ? { pattern: { n: encoding.n, m: encoding.m } } : {};
    const product = nmSparse.cost(matrix.spec, {
      count: 1,
      rows,
      ...sizeOf(op),
      macs: keptMacs(stored, rows),
      ...pattern,
    });
    return op.count * Math.max(Number(load.occupancy), Number(product.occupancy));
  };
}

/**
 * Every weight matrix that the table speaks of, with its choices; the others stay as they are and cost nothing here.
 * @throws RangeError when the table speaks of a matrix that the workload does not have
 */
export function encodingChoices(
  workload: Workload,
  table: readonly AccuracyRow[],
  metadata: Nm["metadata"],
  costOf: CostOf,
): readonly MatrixChoices<EncodingChoice>[] {
  const places = (workload.phases[0]?.blocks ?? []).flatMap((block) =>
    block.ops.flatMap((op) => (isMatrix(op) ? groupsOf(block, op, table) : [])),
  );
  const known = (workload.phases[0]?.blocks ?? []).flatMap(({ ops }) =>
    ops.filter(isMatrix).map(({ name }) => name),
  );
  const stranger = table.find(({ matrix }) => !known.includes(matrix));
  if (stranger !== undefined)
    throw new RangeError(
      `${workload.name} has no matrix ${stranger.matrix}, but ${[...new Set(known)].join(", ")}`,
    );
  return places.map(({ block, op, first, last, rows }) => ({
    matrix: `${block.name}.${op.name}[${first}-${last}]`,
    choices: rows.map((row): EncodingChoice => {
      const encoding = encodingOf(row, metadata);
      return {
        label: `${row.n}:${row.m} ${row.bits} bit`,
        cost: (last - first + 1) * costOf(op, encoding),
        drop: row.drop,
        block: block.name,
        op: op.name,
        first,
        last,
        encoding,
      };
    }),
  }));
}

const isMatrix = (op: Op): op is Op & MatMul => op.kind === "matmul" && isWeights(op);

/** The search and what it makes of the workload. */
export function compressWorkload(
  workload: Workload,
  matrices: readonly MatrixChoices<EncodingChoice>[],
  bound: number,
): { readonly found: Compression<EncodingChoice>; readonly workload: Workload } {
  const found = chooseCompression(matrices, bound);
  if (found.status === "unfit") return { found, workload };
  const phases = withEncodings(
    workload.phases,
    (block, op, layer) =>
      found.chosen.find(
        (each) => each.block === block && each.op === op && each.first <= layer && layer <= each.last,
      )?.encoding,
  );
  return { found, workload: { ...workload, phases } };
}

/** Rows of one matrix, by the layers that they speak of. */
function groupsOf(block: Block, op: Op & MatMul, table: readonly AccuracyRow[]) {
  const groups = new Map<
    string,
    { block: Block; op: Op & MatMul; first: number; last: number; rows: AccuracyRow[] }
  >();
  for (const row of table) {
    if (row.matrix !== op.name) continue;
    const [first, last] = row.layers ?? [0, block.times - 1];
    if (first >= block.times) continue;
    const key = `${first}-${last}`;
    const group = groups.get(key) ?? { block, op, first, last: Math.min(last, block.times - 1), rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const sizeOf = ({ inner, columns }: MatMul) => ({ inner: at(inner, 0), columns: at(columns, 0) });

const encodingOf = ({ n, m, bits }: AccuracyRow, metadata: Nm["metadata"]): Encoding =>
  n === m ? { kind: "dense", bits } : { kind: "nm", n, m, bits, metadata };
