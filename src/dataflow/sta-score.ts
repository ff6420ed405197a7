/**
 * The tasks of some rows of one head's scores: reads of their operands, the scores, their softmax, their context.
 * Models: products of one head, reads of cached or streamed operands, room in the score buffer.
 * Ignores: transposition of keys.
 * Source: STA (IEEE TVLSI 2022): dense products bypass the zero selector.
 */
import type { Amount } from "../amount.ts";
import type { Cost } from "../arch/component.ts";
import { ddr } from "../arch/memory.ts";
import { softmax } from "../arch/softmax.ts";
import type { Dependency, Task } from "../program.ts";
import { at, type MatMul, type Op, type Rowwise } from "../workload/op.ts";
import { deviceTask, unitName } from "./pattern.ts";
import type { System } from "./sta-system.ts";

/** The three ops, and the block that they stand in. */
export interface Attention {
  readonly block: string;
  readonly scores: Op & MatMul;
  readonly softmax: Op & Rowwise;
  readonly context: Op & MatMul;
}

/** Rows of one head's scores, and the positions that any of them may see. */
export interface ScoreRows {
  /** Which of the heads of all sequences. */
  readonly head: number;
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
  readonly headSize: number;
}

/** When it runs: its sizes are those of `step`; `grow` makes what differs from step to step an amount of the loop around. */
export interface Moment {
  readonly step: number;
  readonly grow: (of: (step: number) => number) => Amount;
}

/** Where queries, keys and values lie. */
export interface Operands {
  /** Activations of this pass come from memory, since they do not fit on chip. */
  readonly streamed: boolean;
  /** Keys and values come from a cache in memory; this many query heads share a head of it. */
  readonly cached: boolean;
  readonly sharing: number;
  readonly waits: (input: string) => readonly Dependency[];
}

export interface Part {
  readonly system: System;
  readonly attention: Attention;
  readonly rows: ScoreRows;
  readonly moment: Moment;
  readonly operands: Operands;
}

export function productOf(
  { matrix }: System,
  { rows, columns, headSize }: ScoreRows,
  which: "scores" | "context",
  macs: Amount,
): Cost {
  const [inner, across] = which === "scores" ? [headSize, columns] : [columns, headSize];
  return matrix.cost({ count: 1, rows, inner, columns: across, macs });
}

export function queryReads(part: Part): readonly Task[] {
  const { system, attention, rows, operands } = part;
  const bytes = rows.rows * rows.headSize * system.bytesPerElement;
  const after = operands.waits(attention.scores.inputs[0] ?? "");
  return operands.streamed ? [operandRead(part, "scores", "heads", "queries", bytes, after)] : [];
}

export const keyReads = (part: Part): readonly Task[] => cacheReads(part, "scores", "keys");
export const valueReads = (part: Part): readonly Task[] => cacheReads(part, "context", "values");

/** @param held bytes that the scores take in the softmax module's buffer from here on; 0 for none */
export function scoreTask(
  { system, attention, rows, moment, operands }: Part,
  reads: readonly Task[],
  after: readonly Dependency[],
  held: number,
): Task {
  const op = `${attention.block}.${attention.scores.name}`;
  return deviceTask(0, {
    unit: "matrix",
    op,
    after: [...attention.scores.inputs.flatMap(operands.waits), ...reads.map(({ id }) => id), ...after],
    cost: productOf(system, rows, "scores", usefulMacs(attention, rows, moment)),
    issue: system.issue,
    ...holding(held),
    also: activationTraffic(system, (rows.rows + rows.columns) * rows.headSize, 0),
  });
}

export function softmaxTask({ system, attention, rows }: Part, after: readonly Dependency[]): Task {
  return deviceTask(0, {
    unit: "softmax",
    op: `${attention.block}.${attention.softmax.name}`,
    after,
    cost: softmax.cost(system.softmax, { rows: rows.rows, width: rows.columns }),
    issue: system.issue,
  });
}

/** With the store of its result, where that does not stay on chip. */
export function contextTasks(
  { system, attention, rows, moment, operands }: Part,
  ready: readonly Task[],
  held: number,
  after: readonly Dependency[] = [],
): readonly Task[] {
  const op = `${attention.block}.${attention.context.name}`;
  const task = deviceTask(0, {
    unit: "matrix",
    op,
    after: [...ready.map(({ id }) => id), ...operands.waits(attention.context.inputs[1] ?? ""), ...after],
    cost: productOf(system, rows, "context", usefulMacs(attention, rows, moment)),
    issue: system.issue,
    ...holding(held),
    also: activationTraffic(system, rows.columns * rows.headSize, rows.rows * rows.headSize),
  });
  const bytes = rows.rows * rows.headSize * system.bytesPerElement;
  if (!operands.streamed) return [task];
  return [task, memoryTask(system, "write", "heads", op, `${op}.result`, bytes, [task.id])];
}

/** The ways in which its traffic goes through the memory, for machines that tell them apart. */
export const staWalks = {
  weights: "tiles of weights and trained vectors, one after the other",
  activations: "whole rows",
  tiles: "the columns of a tile, a piece of each row: what follows a product goes on by tiles",
  heads: "one head's columns, a piece of each row",
  cache: "one head's part of each position's keys or values, and a position's written",
  scores: "scores that do not fit on chip, out and back",
  embedding: "rows of a table that the tokens pick",
};
export type StaWalk = keyof typeof staWalks;

/** A transfer of the machine's memory. */
export function memoryTask(
  system: System,
  direction: "read" | "write",
  walk: StaWalk,
  op: string,
  name: string,
  bytes: Amount,
  after: readonly Dependency[],
): Task {
  const cost = ddr.cost(system.memory, { direction, bytes, walk });
  return deviceTask(0, { unit: `memory.${direction}`, op, name, after, cost });
}

/** Reads and writes of the activation buffer, in elements. */
export const activationTraffic = (
  { bytesPerElement }: System,
  read: number,
  written: number,
): Readonly<Record<string, number>> => ({
  "activations.readBytes": read * bytesPerElement,
  "activations.writeBytes": written * bytesPerElement,
});

function cacheReads(part: Part, which: "scores" | "context", name: string): readonly Task[] {
  const { system, attention, rows, moment, operands } = part;
  const { streamed, cached, sharing, waits } = operands;
  if (!streamed && !cached) return [];
  // Heads that share keys and values follow each other: the first one reads them.
  if (rows.head % sharing !== 0) return [];
  const hidden = (step: number): number =>
    at(attention.scores.columns, step) - at(attention.scores.columns, moment.step);
  const bytes = moment.grow((step) => (rows.columns + hidden(step)) * rows.headSize * system.bytesPerElement);
  const walk = cached ? "cache" : "heads";
  return [operandRead(part, which, walk, name, bytes, waits(attention[which].inputs[1] ?? ""))];
}

function operandRead(
  { system, attention }: Part,
  which: "scores" | "context",
  walk: StaWalk,
  name: string,
  bytes: Amount,
  after: readonly Dependency[],
): Task {
  const op = `${attention.block}.${attention[which].name}`;
  return memoryTask(system, "read", walk, op, `${op}.${name}`, bytes, after);
}

/** Positions that the rows see, times the head's size; scores and context need as many. */
function usefulMacs({ scores }: Attention, { first, rows, headSize }: ScoreRows, { grow }: Moment): Amount {
  const last = first + rows;
  const triangle = (last * (last + 1) - first * (first + 1)) / 2;
  return grow((step) => {
    const context = at(scores.columns, step);
    const seen =
      scores.causal === undefined ? rows * context : rows * (context - at(scores.rows, step)) + triangle;
    return seen * headSize;
  });
}

const holding = (bytes: number) => (bytes === 0 ? {} : { holds: { [unitName(0, "softmax")]: bytes } });
