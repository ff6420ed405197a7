/** The sparse rows of STONNE: SIGMA with both operands sparse, and sparse times dense. */
import { packedOrder, sparseDenseCycles, sparseSparseCycles } from "../arch/flexible-dot.ts";
import { drawnRows } from "./stonne-draw.ts";
import type { Comparison, Row } from "./suite.ts";

/** Undefined for rows of another kind. @throws Error for a run that is not modelled */
export function compareSparse(row: Row): Comparison | undefined {
  const { kind } = row;
  if (kind !== "SparseGEMM_SIGMA" && kind !== "SparseDense_MAGMA") return undefined;
  const { M, N, K, rows, dn_bw: bandwidth, mk_sparsity: sparsity, cycles, args = "" } = row;
  const engine = { multipliers: Number(rows), ports: Number(bandwidth) };
  const kept = drawnRows(Number(M), Number(K), Number(sparsity));
  const label = `${kind} ${M} x ${N} x ${K} on ${rows}, ${sparsity} % sparse`;
  const columns = Number(N);
  if (kind === "SparseDense_MAGMA") {
    const tile = { clusters: argument(args, "T_N"), size: argument(args, "T_K") };
    const ours = sparseDenseCycles(engine, kept, columns, tile);
    return { quantity: "sparseDenseCycles", label, ours, reference: Number(cycles) };
  }
  if (!args.includes("MK_STA_KN_STR")) throw new Error("only a stationary left operand is modelled");
  const order = args.includes("-optimize=1") ? packedOrder(kept, engine.multipliers) : kept.keys();
  const packed = [...order].map((index) => kept[index] ?? 0);
  const ours = sparseSparseCycles(engine, packed, columns);
  return { quantity: "sparseSparseCycles", label, ours, reference: Number(cycles) };
}

function argument(args: string, name: string): number {
  const found = new RegExp(`-${name}=(\\d+)`).exec(args);
  if (found === null) throw new Error(`no -${name} among its arguments`);
  return Number(found[1]);
}
