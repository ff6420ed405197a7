/**
 * The attention processor beside the butterfly engines: scores, softmax and context, row by row in all heads.
 * Models: one query row in each of the three units at a time, groups of heads where there are more than lanes; either behind each
 * round of queries that leaves the butterfly engines (fine-grained), or after all of them (coarse).
 * Ignores: the processor's own buffers of keys, values and scores; how the open RTL would do it, which has none.
 * Source: Fan et al., FABNet, MICRO 2022: attention processor and fine-grained pipelining.
 */
import type { Cost } from "../arch/component.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import { type MacTreeSpec, macTree } from "../arch/mac-tree.ts";
import { type SoftmaxSpec, softmax } from "../arch/softmax.ts";
import { type Item, repeat, type Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import { macsOf } from "../workload/count.ts";
import type { Block } from "../workload/graph.ts";
import { at } from "../workload/op.ts";
import { deviceTask, taskName } from "./pattern.ts";

/** The processor's units by the names that the machine's YAML must use; each lane of the products serves a head. */
export interface AttentionUnits {
  readonly queryKey: MacTreeSpec;
  readonly softmax: SoftmaxSpec;
  readonly scoreValue: MacTreeSpec;
}

/** Undefined on a machine without an attention processor. */
export function attentionUnitsOf({ units }: Hardware): AttentionUnits | undefined {
  const { queryKey, softmax: rows, scoreValue } = units;
  if (!isKind(queryKey, "mac-tree") || !isKind(scoreValue, "mac-tree") || !isKind(rows, "softmax"))
    return undefined;
  return { queryKey: queryKey.spec, softmax: rows.spec, scoreValue: scoreValue.spec };
}

/** Scores, softmax and context of `rows` query rows. @param after ids of the tasks that bring queries, keys and values */
export function attentionRows(
  units: AttentionUnits,
  block: Block,
  batch: number,
  rows: number,
  after: readonly string[],
): Item {
  const { heads, headSize, positions } = sizesOf(block, batch);
  const product = (spec: MacTreeSpec, inner: number, columns: number): Cost => {
    const tiles = Math.ceil(heads / spec.lanes) * Math.ceil(inner / spec.width) * columns;
    return macTree.cost(spec, { tiles, macs: 0, passes: ["tree"] });
  };
  const row = (unit: string, op: string, cost: Cost, waits: readonly string[]): Task =>
    deviceTask(0, { unit, op: `${block.name}.${op}`, name: `${block.name}.${op}.row`, cost, after: waits });
  return repeat(rows, [
    row("queryKey", "scores", product(units.queryKey, headSize, positions), after),
    row("softmax", "softmax", softmax.cost(units.softmax, { rows: heads, width: positions }), [
      rowOf(block, "scores"),
    ]),
    row("scoreValue", "context", product(units.scoreValue, positions, headSize), [rowOf(block, "softmax")]),
  ]);
}

/** The id of a row's task; its latest instance stands for all rows before. */
export const rowOf = (block: Block, op: string): string => taskName(0, `${block.name}.${op}.row`);

/** Counts the useful work of all rows, once. */
export function attentionDone(block: Block): readonly Task[] {
  const units = { scores: "queryKey", softmax: "softmax", context: "scoreValue" };
  return Object.entries(units).map(([op, unit]) => {
    const found = block.ops.find(({ name }) => name === op);
    const macs = found === undefined ? 0 : macsOf(found);
    const counts: Cost["counts"] = macs === 0 ? {} : { macs };
    const cost = { occupancy: 0, latency: ticks(0), counts };
    const name = `${block.name}.${op}`;
    return deviceTask(0, { unit, op: name, name: `${name}.done`, cost, after: [rowOf(block, op)] });
  });
}

function sizesOf(block: Block, batch: number) {
  const scores = block.ops.find(({ name }) => name === "scores");
  if (scores?.kind !== "matmul") throw new Error(`block ${block.name} has no scores`);
  return {
    heads: scores.count / batch,
    headSize: at(scores.inner, 0),
    positions: at(scores.columns, 0),
  };
}
