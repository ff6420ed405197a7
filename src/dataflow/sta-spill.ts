/**
 * Attention whose scores do not fit on chip: all scores of a block go to memory, come back piece by piece for the softmax, go out again
 * and come back for the context. A piece is what the softmax module's buffer holds. The traffic is an op of its own, "scoreSpill",
 * so that a report shows what it costs.
 * Models: four transfers of every score, pieces of the buffer's size, two of them in flight.
 * Ignores: overlap of a block's three passes with each other.
 * Source: assumed; STA avoids the case.
 */
import type { Dependency, Item, Task } from "../program.ts";
import { taskName } from "./pattern.ts";
import {
  contextTasks,
  keyReads,
  memoryTask,
  type Part,
  queryReads,
  scoreTask,
  softmaxTask,
  valueReads,
} from "./sta-score.ts";
import { staggered } from "./staggered.ts";

export const spilledItems = (parts: readonly Part[]): readonly Item[] => parts.flatMap(spilled);

function spilled(part: Part): readonly Item[] {
  const { block, context } = part.attention;
  const op = `${block}.scoreSpill`;
  const pieces = piecesOf(part);
  const transfer = (
    direction: "read" | "write",
    what: string,
    piece: Part,
    after: readonly Dependency[],
  ): Task => {
    const bytes = piece.rows.rows * piece.rows.columns * piece.system.bytesPerElement;
    return memoryTask(piece.system, direction, "scores", op, `${op}.${what}`, bytes, after);
  };
  const id = (what: string): string => taskName(0, `${op}.${what}`);
  const pieceAt = (turn: number): readonly Part[] => pieces.slice(turn, turn + 1);
  // Two pieces are on chip at a time: one comes or goes while the other is worked on.
  const keys = keyReads(part);
  const values = valueReads(part);
  const scores = staggered(
    pieces.length,
    0,
    () => [],
    (turn) =>
      pieceAt(turn).flatMap((piece) => {
        const reads = queryReads(piece);
        const free = { task: id("scoresOut"), age: 1 };
        const task = scoreTask(piece, [...keys, ...reads], [free], 0);
        return [...reads, task, transfer("write", "scoresOut", piece, [task.id])];
      }),
  );
  const softmax = staggered(
    pieces.length,
    1,
    (turn) =>
      pieceAt(turn).map((piece) =>
        transfer("read", "scoresIn", piece, [id("scoresOut"), id("probabilitiesOut")]),
      ),
    (turn, age) =>
      pieceAt(turn).flatMap((piece) => {
        const task = softmaxTask(piece, [{ task: id("scoresIn"), age }]);
        return [task, transfer("write", "probabilitiesOut", piece, [task.id])];
      }),
  );
  const result = staggered(
    pieces.length,
    1,
    (turn) =>
      pieceAt(turn).map((piece) =>
        transfer("read", "probabilitiesIn", piece, [
          id("probabilitiesOut"),
          taskName(0, `${block}.${context.name}`),
        ]),
      ),
    (turn, age) =>
      pieceAt(turn).flatMap((piece) =>
        contextTasks(piece, values, 0, [{ task: id("probabilitiesIn"), age }]),
      ),
  );
  return [...keys, ...scores, ...softmax, ...values, ...result];
}

/** Whole row tiles of the matrix engine where one fits. */
function piecesOf(part: Part): readonly Part[] {
  const { system, rows } = part;
  const { scoreBuffers } = system.scores;
  const fit = Math.floor(system.softmax.capacity / (scoreBuffers * rows.columns * system.bytesPerElement));
  const tile = Math.min(system.matrix.rows, rows.rows);
  const size = Math.max(1, fit >= tile ? fit - (fit % tile) : fit);
  return Array.from({ length: Math.ceil(rows.rows / size) }, (_, index): Part => {
    const first = rows.first + index * size;
    return { ...part, rows: { ...rows, first, rows: Math.min(size, rows.first + rows.rows - first) } };
  });
}
