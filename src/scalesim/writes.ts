/** The words that a layer writes, cycle by cycle without stalls: in each fold a skewed block, late by the fold's first result. */
import type { Schedule } from "./schedule.ts";
import { usedOf } from "./schedule.ts";
import { cellsBefore, cycleOfCell } from "./skew.ts";

export interface Writes {
  readonly words: number;
  /** Words written before the cycle. */
  readonly before: (cycle: number) => number;
  /** The cycle that writes the word with this index, from 0. */
  readonly cycleOf: (index: number) => number;
  /** The folds around a cycle that write alike. */
  readonly alikeAt: (cycle: number) => AlikeFolds;
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
      const columnFold = Math.min(columnFolds - 1, Math.floor(index / (array.columns * rowsPerPass)));
      const lanes = lanesOf(columnFold);
      const inPass = index - columnFold * array.columns * rowsPerPass;
      const rowFold = Math.min(rowFolds - 1, Math.floor(inPass / (rowsPerFold * lanes)));
      const cell = inPass - rowFold * rowsPerFold * lanes;
      const fold = columnFold * rowFolds + rowFold;
      return fold * cyclesPerFold + firstCycle(rowFold) + cycleOfCell(cell, stepsOf(rowFold), lanes);
    },
  };
}
