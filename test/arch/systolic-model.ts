/**
 * A systolic array cycle by cycle, with values: every PE has registers, operands move one PE a cycle, and the results are what
 * falls out. It watches for hazards of its own: a weight that comes too late, two results on one bus.
 */
import ndarray, { type NdArray } from "ndarray";
import type { SystolicShape } from "../../src/arch/systolic-time.ts";

export type Values = NdArray<Float64Array>;

export interface ModelRun {
  readonly product: Values;
  /** From the first operand to the last result. */
  readonly cycles: number;
}

export const zeros = (rows: number, columns: number): Values =>
  ndarray(new Float64Array(rows * columns), [rows, columns]);

const sizeOf = ({ shape: [rows = 0, columns = 0] }: Values) => ({ rows, columns });

export function runArray(array: SystolicShape, left: Values, right: Values, cyclesPerStep: number): ModelRun {
  if (array.stationary === "outputs") return runOutputs(array, left, right, cyclesPerStep);
  if (array.stationary === "weights") return runWeights(array, left, right, cyclesPerStep);
  // Inputs stay: the transposed product, with inputs in the place of weights.
  const { product, cycles } = runWeights(array, right.transpose(1, 0), left.transpose(1, 0), cyclesPerStep);
  return { product: product.transpose(1, 0), cycles };
}

interface Fold {
  readonly down: number;
  readonly across: number;
  /** Of the array that take part; more than the fold has values for where edges are full. */
  readonly rows: number;
  readonly columns: number;
}

function foldsOf(array: SystolicShape, down: number, across: number): Fold[] {
  const folds: Fold[] = [];
  for (let column = 0; column < across; column += array.columns)
    for (let row = 0; row < down; row += array.rows)
      folds.push({
        down: row,
        across: column,
        rows: array.edges === "full" ? array.rows : Math.min(array.rows, down - row),
        columns: array.edges === "full" ? array.columns : Math.min(array.columns, across - column),
      });
  return folds;
}

const valueAt = (of: Values, row: number, column: number): number => {
  const { rows, columns } = sizeOf(of);
  return row < rows && column < columns ? of.get(row, column) : 0;
};

/** An operand on its way to the right, with the fold whose weight it wants. */
interface Input {
  readonly value: number;
  readonly fold: number;
  readonly step: number;
}

/** A weight on its way down to its row, or a sum on its way to the bottom. */
interface Moving {
  readonly value: number;
  readonly row: number;
  readonly fold: number;
}

function runWeights(array: SystolicShape, left: Values, right: Values, cyclesPerStep: number): ModelRun {
  const { rows: steps, columns: inner } = sizeOf(left);
  const { columns } = sizeOf(right);
  const product = zeros(steps, columns);
  const folds = foldsOf(array, inner, columns);
  const grid = <T>(): (T | undefined)[][] => Array.from({ length: array.rows }, () => []);
  let inputs = grid<Input>();
  let sums = grid<Moving>();
  let passing = grid<Moving>();
  /** The next weight, and the one that computes. */
  const waiting = grid<Moving>();
  const computing = grid<Moving>();

  // The controller: the next fold's weights follow the stream; its operands come when these are in place and the port is free.
  let finish = 0;
  let load = 0;
  const plans: { fold: Fold; load: number; start: number; left: number }[] = [];
  const plan = (): void => {
    const fold = folds[plans.length];
    const before = plans.at(-1);
    if (fold === undefined) return;
    const port = before === undefined ? 0 : before.start + steps * cyclesPerStep;
    const start = Math.max(load + fold.rows, array.folds === "serial" ? 0 : port);
    plans.push({ fold, load, start, left: steps * fold.columns });
    load = start;
  };
  plan();
  for (let cycle = 0; plans.some((each) => each.left > 0); cycle += 1) {
    if (array.folds === "overlapped" && plans.at(-1)?.start === cycle) plan();
    const [nextInputs, nextSums, nextPassing] = [grid<Input>(), grid<Moving>(), grid<Moving>()];
    for (let row = 0; row < array.rows; row += 1)
      for (let column = 0; column < array.columns; column += 1) {
        for (const [index, { fold, load: at }] of plans.entries()) {
          const weight = cycle - at - column;
          if (row === 0 && weight >= 0 && weight < fold.rows && column < fold.columns)
            put(passing, row, column, {
              value: valueAt(right, fold.down + weight, fold.across + column),
              row: weight,
              fold: index,
            });
        }
        const input = column === 0 ? entering(row, cycle) : inputs[row]?.[column];
        if (input !== undefined && waiting[row]?.[column]?.fold === input.fold) {
          put(computing, row, column, waiting[row]?.[column]);
          put(waiting, row, column, undefined);
        }
        // A register that is read in a cycle takes its next value at the end of it.
        const weight = passing[row]?.[column];
        if (weight !== undefined && weight.row === row) put(waiting, row, column, weight);
        else if (weight !== undefined) put(nextPassing, row + 1, column, weight);
        if (input === undefined) continue;
        const own = computing[row]?.[column];
        if (own?.fold !== input.fold)
          throw new Error(`cycle ${cycle}: no weight of fold ${input.fold} in place`);
        const sum = (row === 0 ? 0 : (sums[row]?.[column]?.value ?? Number.NaN)) + input.value * own.value;
        const planned = plans[input.fold];
        if (planned === undefined) throw new Error("an input of no fold");
        if (column + 1 < planned.fold.columns) put(nextInputs, row, column + 1, input);
        if (row + 1 < planned.fold.rows)
          put(nextSums, row + 1, column, { value: sum, row: input.step, fold: input.fold });
        else leave(input, planned.fold.across + column, sum, cycle);
      }
    [inputs, sums, passing] = [nextInputs, nextSums, nextPassing];
    if (array.folds === "serial" && plans.every((each) => each.left === 0)) {
      load = cycle + 1;
      plan();
    }
  }
  return { product, cycles: finish };

  function entering(row: number, cycle: number): Input | undefined {
    for (const [index, { fold, start }] of plans.entries()) {
      const since = cycle - start - row;
      const step = since / cyclesPerStep;
      if (row < fold.rows && since >= 0 && Number.isInteger(step) && step < steps)
        return { value: valueAt(left, step, fold.down + row), fold: index, step };
    }
    return undefined;
  }

  function leave({ fold, step }: Input, column: number, sum: number, cycle: number): void {
    const planned = plans[fold];
    if (planned !== undefined) planned.left -= 1;
    if (column < columns) product.set(step, column, product.get(step, column) + sum);
    finish = cycle + 1;
  }
}

function runOutputs(array: SystolicShape, left: Values, right: Values, cyclesPerStep: number): ModelRun {
  const { rows, columns: inner } = sizeOf(left);
  const { columns } = sizeOf(right);
  const product = zeros(rows, columns);
  let start = 0;
  let finish = 0;
  const buses = new Set<string>();
  for (const fold of foldsOf(array, rows, columns)) {
    let last = 0;
    // Operands move one PE a cycle from the left and from the top, so that a PE meets step k at start + k + row + column.
    const accumulators = zeros(fold.rows, fold.columns);
    const end = start + (inner - 1) * cyclesPerStep + fold.rows + fold.columns - 1;
    for (let cycle = start; cycle < end; cycle += 1)
      for (let row = 0; row < fold.rows; row += 1)
        for (let column = 0; column < fold.columns; column += 1) {
          const step = (cycle - start - row - column) / cyclesPerStep;
          if (!Number.isInteger(step) || step < 0 || step >= inner) continue;
          const operands = valueAt(left, fold.down + row, step) * valueAt(right, step, fold.across + column);
          const sum = accumulators.get(row, column) + operands;
          accumulators.set(row, column, sum);
          if (step < inner - 1) continue;
          const bus = `${cycle}:${column}`;
          if (buses.has(bus)) throw new Error(`cycle ${cycle}: two results on the bus of column ${column}`);
          buses.add(bus);
          last = cycle;
          if (fold.down + row < rows && fold.across + column < columns)
            product.set(fold.down + row, fold.across + column, sum);
        }
    finish = Math.max(finish, last + 1);
    start = array.folds === "serial" ? finish : start + Math.max(inner * cyclesPerStep, fold.rows);
  }
  return { product, cycles: finish };
}

function put<T>(into: (T | undefined)[][], row: number, column: number, value: T | undefined): void {
  const line = into[row];
  if (line !== undefined) line[column] = value;
}
