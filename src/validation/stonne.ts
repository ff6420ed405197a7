/** Matrix products on the engines that STONNE simulates. */
import { compareSparse } from "./stonne-sparse.ts";
import type { Suite } from "./suite.ts";

export const stonne: Suite = {
  name: "stonne",
  source:
    "STONNE, measured: SIGMA and sparse-dense rows; rows of engines that are not modelled are passed over",
  tables: ["test/validation/sparse/stonne.csv"],
  columns: ["kind", "M", "N", "K", "rows", "dn_bw", "mk_sparsity", "cycles", "args"],
  tolerance: { sparseSparseCycles: { mean: 0.1 }, sparseDenseCycles: { mean: 0.1 } },
  run(row) {
    const sparse = compareSparse(row);
    return sparse === undefined ? [] : [sparse];
  },
};
