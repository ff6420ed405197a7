/** Every design of a space, one after the other, worked out here or by workers that are given. */
import type { DesignSpace } from "../config/space.ts";
import { evaluator } from "./evaluate.ts";
import type { Row } from "./row.ts";

/** The rows of designs `from` .. `to` - 1 in their order, without those that conditions leave out. */
export type Evaluate = (from: number, to: number) => Promise<readonly Row[]>;

export interface SweepOptions {
  /** The first design, and one past the last. */
  readonly from?: number;
  readonly to?: number;
  /** Workers: many at a time are asked. By default each design is worked out where this is called. */
  readonly evaluate?: Evaluate;
  /** Batches that workers are given ahead; at least as many as there are workers. */
  readonly ahead?: number;
  /** Designs in a batch. */
  readonly batch?: number;
}

/** Rows come in the order of the designs, whoever worked them out; what fails is a row like others. */
export async function* sweep(
  space: DesignSpace,
  { from = 0, to = space.size, evaluate = here(space), ahead = 8, batch = 64 }: SweepOptions = {},
): AsyncGenerator<Row, void, void> {
  const waiting: Promise<readonly Row[]>[] = [];
  for (let next = from; next < to || waiting.length > 0; ) {
    while (next < to && waiting.length < ahead) {
      const end = Math.min(next + batch, to);
      waiting.push(evaluate(next, end));
      next = end;
    }
    const rows = await waiting.shift();
    if (rows !== undefined) yield* rows;
  }
}

/** Works out designs in the thread that asks. */
export function here(space: DesignSpace): Evaluate {
  const { row } = evaluator(space);
  return async (from, to) =>
    Array.from({ length: to - from }, (_, offset) => row(from + offset)).filter((each) => each !== undefined);
}
