/** Matrix products on the engines that STONNE simulates. */
import { compareMesh } from "./stonne-dense.ts";
import { compareSparse } from "./stonne-sparse.ts";
import type { Suite } from "./suite.ts";

export const stonne: Suite = {
  name: "stonne",
  source:
    "STONNE, measured: output-stationary mesh, SIGMA and sparse-dense rows; rows of engines that are not modelled are passed over",
  tables: ["test/validation/systolic/stonne-mesh.csv", "test/validation/sparse/stonne.csv"],
  columns: ["kind", "M", "N", "K", "rows", "cols", "dn_bw", "mk_sparsity", "cycles", "args"],
  tolerance: { meshCycles: { max: 0 }, sparseSparseCycles: { mean: 0.1 }, sparseDenseCycles: { mean: 0.1 } },
  run(row) {
    const compared = compareMesh(row) ?? compareSparse(row);
    return compared === undefined ? [] : [compared];
  },
};
