/**
 * A systolic array whose weights are N:M compressed along the inner dimension: the kept positions take the place of all, and each PE
 * chooses the operand of its weight's position out of the M that come by.
 * Models: all that systolic.ts does, over the kept positions; M words of the dense operand for each N positions at its port; outputs that
 *   keep fewer than the fullest, padded to it; weights whose M is larger than what a PE chooses from, expanded to all positions.
 * Ignores: the network that brings operands to kept positions, its latency; the rate of the expander.
 * Source: SCALE-Sim v3, layer-wise sparsity: its fold times, without stalls, are those of serial whole folds; VEGETA (HPCA 2023) for
 *   rows of PEs that take M operands for N weights (recalled).
 */
import { z } from "zod";
import type { Amount } from "../amount.ts";
import { count } from "../schema/field.ts";
import { type Component, type Cost, roundUp, unitFields } from "./component.ts";
import type { NmPattern } from "./nm-sparse.ts";
import {
  arrayFields,
  arraySpec,
  bufferAccesses,
  type SystolicSpec,
  type SystolicWork,
  stepCycles,
  systolic,
} from "./systolic.ts";
import {
  foldGrid,
  type MatrixShape,
  type SystolicShape,
  systolicCycles,
  widePorts,
} from "./systolic-time.ts";

export interface NmSystolicSpec extends SystolicSpec {
  /** The largest M that a PE chooses from; absent: any. */
  readonly group?: number;
}

export interface NmSystolicWork extends Omit<SystolicWork, "macs"> {
  /** Of the right operand; absent where both are dense. */
  readonly pattern?: NmPattern;
  /** Useful ones: kept weights only. */
  readonly macs: Amount;
}

const fields = z.strictObject({
  ...unitFields("nm-systolic"),
  ...arrayFields,
  group: count
    .optional()
    .describe(
      "the largest M of N:M weights that a PE chooses from, others are expanded to all positions; absent: any",
    ),
});

export const nmSystolic: Component<"nm-systolic", typeof fields, NmSystolicSpec, NmSystolicWork> = {
  kind: "nm-systolic",
  summary: "systolic array with N:M compressed weights",
  fields,
  clock: ({ clock }) => clock,
  resolve: (config, time) => ({
    ...arraySpec(config, time),
    ...(config.group === undefined ? {} : { group: config.group }),
  }),
  cost,
};

/** Positions of the inner dimension that remain: those of the output that keeps most. */
export function keptInner(inner: number, pattern?: NmPattern): number {
  if (pattern === undefined) return inner;
  const n = typeof pattern.n === "number" ? pattern.n : Math.max(...pattern.n);
  return Math.floor(inner / pattern.m) * n + Math.min(n, inner % pattern.m);
}

/** Cycles of one product. */
export const nmSystolicCycles = (
  array: SystolicShape,
  { pattern, ...product }: MatrixShape & Pick<NmSystolicWork, "pattern">,
): number => systolicCycles(array, foldGrid(array, { ...product, inner: keptInner(product.inner, pattern) }));

/** Whether it skips what the pattern leaves out. */
export const selects = ({ group = Infinity }: Pick<NmSystolicSpec, "group">, { m }: NmPattern): boolean =>
  m <= group;

/** Weights that it does not select by are multiplied with their zeros. */
function cost(spec: NmSystolicSpec, { pattern, ...work }: NmSystolicWork): Cost {
  const chosen = pattern !== undefined && selects(spec, pattern) ? pattern : undefined;
  const kept = { ...work, inner: keptInner(work.inner, chosen) };
  const spread = work.inner / kept.inner;
  const { ports = widePorts } = work;
  const step = Math.max(ports.step, stepCycles(spec, spread));
  const { occupancy, latency, counts } = systolic.cost(spec, { ...kept, ports: { ...ports, step } });
  const inputReads = roundUp(work.count * bufferAccesses(spec, kept).inputReads * spread);
  return { occupancy, latency, counts: { ...counts, inputReads } };
}
