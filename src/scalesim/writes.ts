/** The words that a layer writes, cycle by cycle without stalls: in each fold a skewed block, late by the fold's first result. */
import type { Schedule } from "./schedule.ts";
import { usedOf } from "./schedule.ts";
import { cellsBefore, cycleOfCell, evenCells } from "./skew.ts";

export interface Writes {
  readonly words: number;
  /** Words written before the cycle. */
  readonly before: (cycle: number) => number;
  /** The cycle that writes the word with this index, from 0. */
  readonly cycleOf: (index: number) => number;
  /** The folds around a cycle that write alike. */
  readonly alikeAt: (cycle: number) => AlikeFolds;
  /** The words around the one with this index that are written evenly; undefined where it is not among such words. */
  readonly evenAt: (index: number) => EvenWrites | undefined;
}

/** Words of which every cycle writes as many, the first of them at the beginning of one. */
export interface EvenWrites {
  readonly first: number;
  /** The word after the last of them. */
  readonly end: number;
  readonly firstCycle: number;
  readonly wordsPerCycle: number;
}

/** Folds, or whole passes over the rows, of which each writes its words in the same of its cycles as the one before. */
export interface AlikeFolds {
  readonly cycles: number;
  readonly words: number;
  /** The cycle after the last of them. */
  readonly end: number;
}

export function writesOf(schedule: Schedule): Writes {
  const { dataflow, array, spatialRows, spatialColumns, rowFolds, columnFolds, cyclesPerFold, time } =
    schedule;
  const stationaryOutputs = dataflow === "os";
  const rowsPerPass = stationaryOutputs ? spatialRows : time * rowFolds;
  const rowsPerFold = stationaryOutputs ? array.rows : time;
  const stepsOf = (rowFold: number): number =>
    stationaryOutputs ? usedOf(spatialRows, array.rows, rowFold) : time;
  const firstCycle = (rowFold: number): number =>
    stationaryOutputs ? time - 1 + array.rows - stepsOf(rowFold) : 2 * array.rows - 1;
  const lanesOf = (columnFold: number): number => usedOf(spatialColumns, array.columns, columnFold);
  const wholeColumns = Math.floor(spatialColumns / array.columns);
  // Only where outputs stay may the last fold of a pass have fewer rows, and so fewer words.
  const anyFold = !stationaryOutputs || spatialRows % array.rows === 0;
  const folds = anyFold ? 1 : rowFolds;
  const alike = (lanes: number, end: number): AlikeFolds => ({
    cycles: folds * cyclesPerFold,
    words: (anyFold ? rowsPerFold : rowsPerPass) * lanes,
    end: end * rowFolds * cyclesPerFold,
  });
  const whole = alike(array.columns, wholeColumns);
  const rest = alike(spatialColumns - wholeColumns * array.columns, columnFolds);
  return {
    words: rowsPerPass * spatialColumns,
    alikeAt: (cycle) => (cycle < whole.end ? whole : rest),
    before(cycle) {
      const fold = Math.min(rowFolds * columnFolds - 1, Math.floor(cycle / cyclesPerFold));
      if (fold < 0) return 0;
      const columnFold = Math.floor(fold / rowFolds);
      const rowFold = fold - columnFold * rowFolds;
      const lanes = lanesOf(columnFold);
      const passes = columnFold * array.columns * rowsPerPass + rowFold * rowsPerFold * lanes;
      const within = cycle - fold * cyclesPerFold - firstCycle(rowFold);
      return passes + (within > 0 ? cellsBefore(within, stepsOf(rowFold), lanes) : 0);
    },
    cycleOf(index) {
      const { start, steps, lanes, cell } = cellOf(index);
      return start + cycleOfCell(cell, steps, lanes);
    },
    evenAt(index) {
      const { start, steps, lanes, cell } = cellOf(index);
      const even = evenCells(steps, lanes);
      if (cell < even.first || cell >= even.end) return undefined;
      const first = index - cell + even.first;
      return {
        first,
        end: first + even.end - even.first,
        firstCycle: start + even.width,
        wordsPerCycle: even.width,
      };
    },
  };

  /** The fold's block of cells with the word: its first cycle, its size, and which of them the word is. */
  function cellOf(index: number): { start: number; steps: number; lanes: number; cell: number } {
    const columnFold = Math.min(columnFolds - 1, Math.floor(index / (array.columns * rowsPerPass)));
    const lanes = lanesOf(columnFold);
    const inPass = index - columnFold * array.columns * rowsPerPass;
    const rowFold = Math.min(rowFolds - 1, Math.floor(inPass / (rowsPerFold * lanes)));
    const cell = inPass - rowFold * rowsPerFold * lanes;
    const fold = columnFold * rowFolds + rowFold;
    return { start: fold * cyclesPerFold + firstCycle(rowFold), steps: stepsOf(rowFold), lanes, cell };
  }
}
