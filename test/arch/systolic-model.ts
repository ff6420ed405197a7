/**
 * A systolic array cycle by cycle, with values: every PE has registers, operands move one PE a cycle, and the results are what
 * falls out. It watches for hazards of its own: a weight that comes too late, two results on one bus, a result that is written over
 * before it has left, a port that is asked for more than it moves.
 */
import ndarray, { type NdArray } from "ndarray";
import type { PortCycles, SystolicShape } from "../../src/arch/systolic-time.ts";

export type Values = NdArray<Float64Array>;

/** Of each `m` weights along the inner dimension at most `n` are none of the zeros that a column's PEs skip. */
export interface Kept {
  readonly n: number;
  readonly m: number;
}

/** What moves from PE to PE: the words that a PE chooses from, or a weight with the place of the word that it wants. */
interface Operand {
  readonly words: readonly number[];
  readonly pick: number;
}

type Operands = (row: number, column: number) => Operand;

export interface ModelRun {
  readonly product: Values;
  /** From the first operand to the last result in its buffer. */
  readonly cycles: number;
}

export const zeros = (rows: number, columns: number): Values =>
  ndarray(new Float64Array(rows * columns), [rows, columns]);

const sizeOf = ({ shape: [rows = 0, columns = 0] }: Values) => ({ rows, columns });

/** @param kept what the array's PEs choose by; every position is kept where none is told */
export function runArray(
  array: SystolicShape,
  left: Values,
  right: Values,
  ports: PortCycles,
  kept: Kept = { n: 1, m: 1 },
): ModelRun {
  const [{ rows, columns: inner }, { columns }] = [sizeOf(left), sizeOf(right)];
  const places = placesOf(inner, kept);
  const given: Given = { rows, columns, inner: places.length, ...chosen(left, right, places, kept) };
  if (array.stationary === "outputs") return runOutputs(array, given, ports);
  if (array.stationary === "weights") return runWeights(array, given, ports);
  // Inputs stay: the transposed product, with inputs in the place of weights.
  const turned = {
    ...{ rows: columns, columns: rows, inner: places.length },
    left: (row: number, position: number) => given.right(position, row),
    right: (position: number, column: number) => given.left(column, position),
  };
  const { product, cycles } = runWeights(array, turned, ports);
  return { product: product.transpose(1, 0), cycles };
}

/** [rows x inner] x [inner x columns], over kept positions. */
interface Given {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly left: Operands;
  readonly right: Operands;
}

/** Of each kept position: the first of its group, and the how many-th of it. */
function placesOf(
  inner: number,
  { n, m }: Kept,
): readonly { readonly first: number; readonly nth: number }[] {
  const places: { first: number; nth: number }[] = [];
  for (let first = 0; first < inner; first += m)
    for (let nth = 0; nth < Math.min(n, inner - first); nth += 1) places.push({ first, nth });
  return places;
}

/** The left operand comes in whole groups; of the right one each column has its own kept weights. */
function chosen(
  left: Values,
  right: Values,
  places: ReturnType<typeof placesOf>,
  { m }: Kept,
): Pick<Given, "left" | "right"> {
  const [{ rows, columns: inner }, { columns }] = [sizeOf(left), sizeOf(right)];
  const table = (size: number, of: (index: number, words: readonly number[], nth: number) => Operand) =>
    Array.from({ length: size }, (_, index) =>
      places.map(({ first, nth }) => {
        const places = Array.from({ length: Math.min(m, inner - first) }, (_, word) => first + word);
        return of(index, places, nth);
      }),
    );
  const lefts = table(rows, (row, group) => ({ words: group.map((k) => left.get(row, k)), pick: 0 }));
  const rights = table(columns, (column, group, nth) => {
    const pick = group.flatMap((k, word) => (right.get(k, column) === 0 ? [] : [word]))[nth];
    return pick === undefined ? nothing : { words: [right.get(group[pick] ?? 0, column)], pick };
  });
  return {
    left: (row, position) => lefts[row]?.[position] ?? nothing,
    right: (position, column) => rights[column]?.[position] ?? nothing,
  };
}

const nothing: Operand = { words: [0], pick: 0 };

/** Either may be the one that chooses; the other has as many words as there are to choose from, or one. */
const times = (one: Operand, other: Operand): number =>
  (one.words[other.pick] ?? Number.NaN) * (other.words[one.pick] ?? Number.NaN);

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

/** An operand on its way to the right, with the fold whose weight it wants. */
interface Input {
  readonly value: Operand;
  readonly fold: number;
  readonly step: number;
}

/** A weight on its way down to its row, or a sum on its way to the bottom. */
interface Moving<T> {
  readonly value: T;
  readonly row: number;
  readonly fold: number;
}

function runWeights(array: SystolicShape, given: Given, ports: PortCycles): ModelRun {
  const { rows: steps, inner, columns, left, right } = given;
  const product = zeros(steps, columns);
  const folds = foldsOf(array, inner, columns);
  const grid = <T>(): (T | undefined)[][] => Array.from({ length: array.rows }, () => []);
  let inputs = grid<Input>();
  let sums = grid<Moving<number>>();
  let passing = grid<Moving<Operand>>();
  /** The next weight, and the one that computes. */
  const waiting = grid<Moving<Operand>>();
  const computing = grid<Moving<Operand>>();

  // The controller: the next fold's weights follow the stream; its operands come when these are in place and the port is free. It holds
  // operands back where the array would else make rows of sums faster than the result buffer takes them.
  let finish = 0;
  let load = 0;
  const plans: { fold: Fold; load: number; start: number; step: number; left: number }[] = [];
  /** Of each fold and column: when the port of the result buffer has moved what left last. */
  const written = new Map<string, number>();
  const plan = (): void => {
    const fold = folds[plans.length];
    const before = plans.at(-1);
    if (fold === undefined) return;
    const port = before === undefined ? 0 : before.start + steps * before.step;
    const start = Math.max(load + fold.rows * ports.load, array.folds === "serial" ? 0 : port);
    plans.push({
      ...{ fold, load, start, left: steps * fold.columns },
      step: Math.max(ports.step, leaving(fold)),
    });
    load = start;
  };
  plan();
  for (let cycle = 0; plans.some((each) => each.left > 0); cycle += 1) {
    if (array.folds === "overlapped" && plans.at(-1)?.start === cycle) plan();
    const [nextInputs, nextSums, nextPassing] = [
      grid<Input>(),
      grid<Moving<number>>(),
      grid<Moving<Operand>>(),
    ];
    for (let row = 0; row < array.rows; row += 1)
      for (let column = 0; column < array.columns; column += 1) {
        for (const [index, { fold, load: at }] of plans.entries()) {
          // A row of weights is there when the port has brought all its words.
          const weight = (cycle - at - column + 1) / ports.load - 1;
          const enters = Number.isInteger(weight) && weight >= 0 && weight < fold.rows;
          if (row === 0 && enters && column < fold.columns)
            put(passing, row, column, {
              value: right(fold.down + weight, fold.across + column),
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
        const sum =
          (row === 0 ? 0 : (sums[row]?.[column]?.value ?? Number.NaN)) + times(input.value, own.value);
        const planned = plans[input.fold];
        if (planned === undefined) throw new Error("an input of no fold");
        if (column + 1 < planned.fold.columns) put(nextInputs, row, column + 1, input);
        if (row + 1 < planned.fold.rows)
          put(nextSums, row + 1, column, { value: sum, row: input.step, fold: input.fold });
        else leave(input, planned.fold.across + column, sum, cycle);
      }
    [inputs, sums, passing] = [nextInputs, nextSums, nextPassing];
    if (array.folds === "serial" && plans.every((each) => each.left === 0)) {
      load = finish;
      plan();
    }
  }
  return { product, cycles: finish };

  function entering(row: number, cycle: number): Input | undefined {
    for (const [index, { fold, start, step: cyclesPerStep }] of plans.entries()) {
      const since = cycle - start - row;
      const step = since / cyclesPerStep;
      if (row < fold.rows && since >= 0 && Number.isInteger(step) && step < steps)
        return { value: left(step, fold.down + row), fold: index, step };
    }
    return undefined;
  }

  /** What a row of sums takes of the result buffer: those behind the first row fold bring back what is there. */
  function leaving({ down }: Fold): number {
    return down === 0 ? ports.result : ports.sum;
  }

  function leave({ fold, step }: Input, column: number, sum: number, cycle: number): void {
    const planned = plans[fold];
    if (planned !== undefined) {
      planned.left -= 1;
      const key = `${fold}:${column}`;
      if (cycle < (written.get(key) ?? 0)) throw new Error(`cycle ${cycle}: the result port is busy`);
      written.set(key, cycle + leaving(planned.fold));
      finish = Math.max(finish, cycle + leaving(planned.fold));
    }
    if (column < columns) product.set(step, column, product.get(step, column) + sum);
  }
}

function runOutputs(array: SystolicShape, given: Given, ports: PortCycles): ModelRun {
  const { rows, inner, columns, left, right } = given;
  const product = zeros(rows, columns);
  let start = 0;
  let finish = 0;
  /** Of each column: when its bus takes the next result; of each PE: when it has got rid of its last one. */
  const buses: number[] = [];
  const held = new Map<string, number>();
  for (const fold of foldsOf(array, rows, columns)) {
    let last = 0;
    // Operands move one PE a cycle from the left and from the top, so that a PE meets step k at start + k + row + column.
    const accumulators = zeros(fold.rows, fold.columns);
    const end = start + (inner - 1) * ports.step + fold.rows + fold.columns - 1;
    for (let cycle = start; cycle < end; cycle += 1)
      for (let row = 0; row < fold.rows; row += 1)
        for (let column = 0; column < fold.columns; column += 1) {
          const step = (cycle - start - row - column) / ports.step;
          if (!Number.isInteger(step) || step < 0 || step >= inner) continue;
          const operands = times(left(fold.down + row, step), right(step, fold.across + column));
          const sum = accumulators.get(row, column) + operands;
          accumulators.set(row, column, sum);
          if (step < inner - 1) continue;
          const pe = `${row}:${column}`;
          if (cycle < (held.get(pe) ?? 0)) throw new Error(`cycle ${cycle}: PE ${pe} still holds a result`);
          // The top row leaves first, and each bus takes a result as often as the port takes a row of them.
          const leaves = Math.max(cycle, buses[column] ?? 0);
          if (row === 0 && leaves > cycle) throw new Error(`cycle ${cycle}: two results on a bus`);
          buses[column] = leaves + ports.result;
          held.set(pe, leaves);
          last = Math.max(last, leaves + ports.result - 1);
          if (fold.down + row < rows && fold.across + column < columns)
            product.set(fold.down + row, fold.across + column, sum);
        }
    finish = Math.max(finish, last + 1);
    start =
      array.folds === "serial" ? finish : start + Math.max(inner * ports.step, fold.rows * ports.result);
  }
  return { product, cycles: finish };
}

function put<T>(into: (T | undefined)[][], row: number, column: number, value: T | undefined): void {
  const line = into[row];
  if (line !== undefined) line[column] = value;
}
