/** Looks for the best designs of a space, worked out here or by workers that are given. */

import type { Method } from "../config/search-method.ts";
import type { DesignSpace } from "../config/space.ts";
import { annealing } from "./annealing.ts";
import { enumeration } from "./enumeration.ts";
import { type Evaluator, evaluator } from "./evaluate.ts";
import { nsga2 } from "./nsga2.ts";
import { refinement } from "./refinement.ts";
import type { Row } from "./row.ts";
import type { Question, Strategy } from "./strategy.ts";
import { costsOf } from "./table.ts";

export interface SearchOptions {
  /** nsga2: the front; annealing: one design; enumerate: all, less what is proven to be no better. By default nsga2. */
  readonly method?: Method;
  /** The same seed finds the same designs, whoever works them out. */
  readonly seed?: number;
  /** Designs to look at, at most; by default all for `enumerate`, else a twentieth of the space. */
  readonly points?: number;
  /** annealing: what each objective counts for, by default all the same; what is made least is the product of their powers. */
  readonly weights?: readonly number[];
  /** Works designs out, a row for each that conditions do not leave out. By default here. */
  readonly ask?: Ask;
}

export type Ask = (question: Question) => Promise<readonly Row[]>;

/** Rows as they are worked out, in an order that depends on the seed alone. */
export async function* search(
  space: DesignSpace,
  { ask = asking(space), ...options }: SearchOptions = {},
): AsyncGenerator<Row, void, void> {
  yield* converse(space, strategyOf(space, options), ask);
}

/** The rows of designs that were found, on the finer model of the space: those of the front first. */
export async function* refine(
  fine: DesignSpace,
  rows: readonly Row[],
  { points = rows.length, ask = asking(fine) }: Pick<SearchOptions, "points" | "ask"> = {},
): AsyncGenerator<Row, void, void> {
  const found = rows.flatMap((row) => {
    const costs = costsOf(row, fine);
    return costs === undefined ? [] : [{ index: row.index, costs }];
  });
  yield* converse(fine, refinement(found, points), ask);
}

async function* converse(space: DesignSpace, strategy: Strategy, ask: Ask): AsyncGenerator<Row, void, void> {
  let turn = strategy.next();
  while (!turn.done) {
    const { designs } = turn.value;
    const rows = await ask(turn.value);
    yield* rows;
    const costs = new Map(rows.map((row) => [row.index, costsOf(row, space)]));
    turn = strategy.next(designs.map((index) => costs.get(index)));
  }
}

/** Designs that a search looks at where nobody says how many. */
export const pointsOf = ({ size }: DesignSpace, method: Method): number =>
  method === "enumerate" ? size : Math.max(Math.min(size, 200), Math.floor(size / 20));

function strategyOf(space: DesignSpace, options: Omit<SearchOptions, "ask">): Strategy {
  const { method = "nsga2", seed = 1, points = pointsOf(space, method), weights } = options;
  switch (method) {
    case "nsga2":
      return nsga2(space, { seed, points });
    case "annealing":
      return annealing(space, { seed, points, ...(weights === undefined ? {} : { weights }) });
    case "enumerate":
      return enumeration(space, { seed, points });
  }
}

/** Works out designs in the thread that asks. */
export function asking(space: DesignSpace): Ask {
  const designs = evaluator(space);
  return async (question) => answered(question, designs);
}

export const answered = ({ designs, rivals }: Question, { row, unlessBeaten }: Evaluator): readonly Row[] =>
  designs
    .map((index) => (rivals === undefined ? row(index) : unlessBeaten(index, rivals)))
    .filter((each) => each !== undefined);
