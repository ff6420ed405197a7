/** N:M sparse weights on a systolic array: SCALE-Sim v3's cycles, storage and metadata. */
import { keptInner, nmSystolicCycles } from "../arch/nm-systolic.ts";
import type { SystolicShape } from "../arch/systolic-time.ts";
import { type Encoded, type Encoding, encoded, storageBits } from "../workload/encoding.ts";
import type { Row, Suite } from "./suite.ts";

/**
 * Rows with `optimized` True are row-wise: each filter keeps a random share of up to half a block. The table gives no matrix,
 * so that the count of kept weights comes from its `dram_filter_reads`; time and padding follow the fullest filter.
 */
export const nmSystolic: Suite = {
  name: "nm-systolic",
  source: "SCALE-Sim v3, measured: N:M on a systolic array, weights in ellpack blocks, csr and csc",
  tables: ["test/validation/sparse/scalesim-v3-sparsity.csv"],
  columns: [
    ...["M", "N", "K", "sp", "rep", "optimized", "df", "rows", "cols"],
    ...["total", "orig_filter_storage", "new_storage", "metadata", "dram_filter_reads"],
  ],
  tolerance: {
    cycles: { max: 0 },
    denseStorageWords: { max: 0 },
    storageWords: { max: 0 },
    metadataWords: { max: 0 },
  },
  run(row) {
    const { label, product, array, ratio, representation, kept } = read(row);
    const matrix = { inner: product.inner, columns: product.columns };
    const stored = encoded(encodingOf(representation, ratio, kept / (matrix.inner * matrix.columns)), matrix);
    const words = wordsOf(stored);
    // The reference reports the index of the last cycle, one less than their number.
    const cycles = nmSystolicCycles(array, { ...product, pattern: ratio }) - 1;
    return [
      { quantity: "cycles", label, ours: cycles, reference: Number(row["total"]) },
      {
        quantity: "denseStorageWords",
        label,
        ours: storageBits(encoded({ kind: "dense", bits: wordBits }, matrix)) / wordBits,
        reference: Number(row["orig_filter_storage"]),
      },
      { quantity: "storageWords", label, ours: words.total, reference: Number(row["new_storage"]) },
      { quantity: "metadataWords", label, ours: words.metadata, reference: Number(row["metadata"]) },
    ];
  },
};

/** The reference counts in words of 32 bits. */
const wordBits = 32;

const wordsOf = (stored: Encoded) => ({
  total: storageBits(stored) / wordBits,
  metadata: stored.metadataBits / wordBits,
});

function read(row: Row) {
  const { M, N, K, sp = "", rep = "", optimized, df = "", rows, cols } = row;
  const stationary = stationaries[df];
  if (stationary === undefined)
    throw new Error(`dataflow "${df}" is none of ${Object.keys(stationaries).join(", ")}`);
  const [n, m] = sp.split(":").map(Number);
  if (n === undefined || m === undefined || !(n >= 1 && n <= m))
    throw new Error(`sparsity "${sp}" is not N:M with N <= M`);
  const rowWise = optimized === "True";
  const everyOutput = keptInner(Number(K), { n, m }) * Number(N);
  const array: SystolicShape = {
    ...{ rows: Number(rows), columns: Number(cols), stationary },
    ...{ folds: "serial", edges: "full" },
  };
  return {
    label: `${M} x ${N} x ${K}, ${sp} ${rep}${rowWise ? " row-wise" : ""}, ${df} on ${rows} x ${cols}`,
    product: { rows: Number(M), columns: Number(N), inner: Number(K) },
    array,
    ratio: { n, m },
    representation: rep,
    kept: rowWise ? Number(row["dram_filter_reads"]) : everyOutput,
  };
}

const stationaries: Readonly<Record<string, SystolicShape["stationary"]>> = {
  ws: "weights",
  os: "outputs",
  is: "inputs",
};

function encodingOf(
  representation: string,
  { n, m }: { readonly n: number; readonly m: number },
  density: number,
): Encoding {
  switch (representation) {
    case "ellpack_block":
      return { kind: "nm", n, m, metadata: "index", bits: wordBits };
    case "csr":
    case "csc":
      return { kind: representation, density, bits: wordBits, indexBits: wordBits, pointerBits: wordBits };
    default:
      throw new Error(`representation "${representation}" is none of ellpack_block, csr, csc`);
  }
}
