/**
 * Scores, softmax and context in blocks of score rows, head after head: while the softmax module works on a block, the matrix engine
 * makes the scores of the next. Scores that do not fit the module's buffer go to memory and back (sta-spill.ts).
 * Models: blocks of score rows in flight; causal blocks that see only what their last row may.
 * Ignores: overlap of a block's softmax with its own scores.
 * Source: STA (IEEE TVLSI 2022): scores stay on chip; the size of a block is the machine's assumption.
 */
import { softmax } from "../arch/softmax.ts";
import type { Item, Task } from "../program.ts";
import { at } from "../workload/op.ts";
import {
  type Attention,
  contextTasks,
  keyReads,
  type Moment,
  type Operands,
  productOf,
  queryReads,
  type ScoreRows,
  scoreTask,
  softmaxTask,
  valueReads,
} from "./sta-score.ts";
import { spilledItems } from "./sta-spill.ts";
import type { System } from "./sta-system.ts";
import { staggered } from "./staggered.ts";

/** Bytes of scores that are on chip at a time, were they to stay there. */
export function scoreBytes({ scores, bytesPerElement }: System, attention: Attention, step: number): number {
  const rows = Math.min(scores.scoreRows, at(attention.scores.rows, step));
  return scores.scoreBuffers * rows * at(attention.scores.columns, step) * bytesPerElement;
}

export const scoresFit = (system: System, attention: Attention, step: number): boolean =>
  scoreBytes(system, attention, step) <= system.softmax.capacity;

export function attentionItems(
  system: System,
  attention: Attention,
  moment: Moment,
  operands: Operands,
): readonly Item[] {
  const { step } = moment;
  const blocks = blocksOf(system, attention, step).map((rows) => ({
    system,
    attention,
    rows,
    moment,
    operands,
  }));
  if (!scoresFit(system, attention, step))
    return staggered(
      blocks.length,
      0,
      () => [],
      (turn) => spilledItems(blocks.slice(turn, turn + 1)),
    );
  const held = scoreBytes(system, attention, step) / system.scores.scoreBuffers;
  const lead = (turn: number): readonly Task[] =>
    blocks.slice(turn, turn + 1).flatMap((block) => {
      const reads = [...queryReads(block), ...keyReads(block)];
      return [...reads, scoreTask(block, reads, [contextName(attention)], held)];
    });
  const rest = (turn: number, age: number): readonly Task[] =>
    blocks.slice(turn, turn + 1).flatMap((block) => {
      const values = valueReads(block);
      const middle = softmaxTask(block, [{ task: scoreName(attention), age }]);
      return [middle, ...values, ...contextTasks(block, [middle, ...values], -held)];
    });
  return staggered(blocks.length, system.scores.scoreBuffers - 1, lead, rest);
}

/** Durations that decide whether two steps have the same program. */
export function attentionDurations(system: System, attention: Attention, step: number): readonly number[] {
  return blocksOf(system, attention, step).flatMap((block) => {
    const middle = softmax.cost(system.softmax, { rows: block.rows, width: block.columns });
    return [productOf(system, block, "scores", 0), productOf(system, block, "context", 0), middle].flatMap(
      ({ occupancy, latency }) => [Number(occupancy), latency],
    );
  });
}

const scoreName = ({ block, scores }: Attention): string => `device0.${block}.${scores.name}`;
const contextName = ({ block, context }: Attention): string => `device0.${block}.${context.name}`;

function blocksOf(
  { scores: { scoreRows } }: System,
  attention: Attention,
  step: number,
): readonly ScoreRows[] {
  const { scores } = attention;
  const rows = at(scores.rows, step);
  const context = at(scores.columns, step);
  const ofHead =
    (head: number) =>
    (_: unknown, index: number): ScoreRows => {
      const [first, last] = [index * scoreRows, Math.min(rows, (index + 1) * scoreRows)];
      return {
        head,
        first,
        rows: last - first,
        // Causal: row r sees context - rows + r + 1 positions, and the last row of the block most of them.
        columns: scores.causal === undefined ? context : context - rows + last,
        headSize: at(scores.inner, step),
      };
    };
  const length = Math.ceil(rows / scoreRows);
  return Array.from({ length: scores.count }, (_, head) => Array.from({ length }, ofHead(head))).flat();
}
