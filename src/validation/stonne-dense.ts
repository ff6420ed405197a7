/** The dense rows of STONNE on its output-stationary mesh. */
import { stepCycles } from "../arch/systolic.ts";
import { foldGrid, type SystolicShape, systolicCycles, widePorts } from "../arch/systolic-time.ts";
import type { Comparison, Row } from "./suite.ts";

/**
 * Cycles that STONNE's controller adds to each tile, from its measured rows: its states are five cycles where a step of operands
 * comes in one, and three where it takes several, since two of them pass meanwhile.
 */
const controlCycles = { oneCycleSteps: 5, longerSteps: 3 } as const;

/** Undefined for rows of another kind. */
export function compareMesh(row: Row): Comparison | undefined {
  if (row["kind"] !== "DenseGEMM_TPU_OS") return undefined;
  const [m, n, k] = [Number(row["M"]), Number(row["N"]), Number(row["K"])];
  const mesh: SystolicShape = {
    rows: Number(row["rows"]),
    columns: Number(row["cols"]),
    stationary: "outputs",
    folds: "serial",
    edges: "shrunk",
  };
  const grid = foldGrid(mesh, { rows: m, inner: k, columns: n });
  const cyclesPerStep = stepCycles({ ...mesh, wordsPerCycle: Number(row["dn_bw"]) });
  const tiles = grid.rowFolds * grid.columnFolds;
  const control = cyclesPerStep === 1 ? controlCycles.oneCycleSteps : controlCycles.longerSteps;
  // The mesh waits for the whole of the last step before it goes on.
  const lastStep = cyclesPerStep - 1;
  const ports = { ...widePorts, step: cyclesPerStep };
  const ours = systolicCycles(mesh, grid, grid.columnFolds, ports) + tiles * (lastStep + control);
  const label = `DenseGEMM_TPU_OS ${m} x ${n} x ${k} on ${mesh.rows} x ${mesh.columns}, ${row["dn_bw"]} words a cycle`;
  return { quantity: "meshCycles", label, ours, reference: Number(row["cycles"]) };
}
