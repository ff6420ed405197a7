/**
 * Which encoding for which matrix: the least loss of accuracy under a bound on cost, where losses and costs add up over matrices.
 * Exact by branch and bound; where that takes too many nodes, the best found so far, which is never worse than greedy, with how far it
 * may be from the optimum. The bound is never passed.
 */
export interface Choice {
  readonly label: string;
  /** A whole number: bits of storage, ticks .. */
  readonly cost: number;
  /** Loss of accuracy, measured by the user. */
  readonly drop: number;
}

export interface MatrixChoices<C extends Choice> {
  readonly matrix: string;
  readonly choices: readonly C[];
}

export type Compression<C extends Choice> =
  | {
      readonly status: "done";
      /** One choice for each matrix, in their order. */
      readonly chosen: readonly C[];
      readonly cost: number;
      readonly drop: number;
      /** Proved to be the least. Otherwise no solution is below `leastDrop`. */
      readonly optimal: boolean;
      readonly leastDrop: number;
    }
  | { readonly status: "unfit"; readonly reason: string };

/** @param nodes choices tried before the search settles for the best found; 0 for greedy alone */
export function chooseCompression<C extends Choice>(
  matrices: readonly MatrixChoices<C>[],
  bound: number,
  { nodes = 2_000_000 }: { readonly nodes?: number } = {},
): Compression<C> {
  const frontiers = matrices.map(frontierOf);
  const least = matrices.reduce((sum, { choices }) => sum + Math.min(...choices.map(({ cost }) => cost)), 0);
  if (!(least <= bound))
    return { status: "unfit", reason: `the smallest choices of all matrices cost ${least} > ${bound}` };
  const steps = stepsOf(frontiers);
  const first = greedy(frontiers, steps, bound);
  const search: Search<C> = { frontiers, steps, left: nodes, best: first, drop: sumOf(first, "drop") };
  branch(search, [], bound, 0);
  const optimal = search.left > 0 || relaxed(frontiers, steps, 0, bound) >= search.drop;
  return {
    status: "done",
    chosen: search.best,
    cost: sumOf(search.best, "cost"),
    drop: search.drop,
    optimal,
    leastDrop: optimal ? search.drop : relaxed(frontiers, steps, 0, bound),
  };
}

/** A matrix's choices of which none is both cheaper and better: dearer and better from one to the next. */
type Frontier<C extends Choice> = readonly C[];

function frontierOf<C extends Choice>({ matrix, choices }: MatrixChoices<C>): Frontier<C> {
  if (choices.length === 0) throw new RangeError(`matrix ${matrix} has no choices`);
  const sorted = [...choices].sort((a, b) => a.cost - b.cost || a.drop - b.drop);
  const frontier: C[] = [];
  for (const choice of sorted) {
    const last = frontier.at(-1);
    if (last === undefined || choice.drop < last.drop) frontier.push(choice);
  }
  return frontier;
}

/** Moving one matrix to a better choice, for its price. */
interface Step<C extends Choice> {
  readonly matrix: number;
  readonly to: C;
  readonly cost: number;
  readonly gain: number;
}

/** Along the lower convex hulls of the frontiers, the best gain for its price first; a matrix's own steps stay in order. */
function stepsOf<C extends Choice>(frontiers: readonly Frontier<C>[]): readonly Step<C>[] {
  const steps = frontiers.flatMap((frontier, matrix) => {
    const hull = hullOf(frontier);
    return hull.slice(1).map((to, index): Step<C> => {
      const from = hull[index] ?? to;
      return { matrix, to, cost: to.cost - from.cost, gain: from.drop - to.drop };
    });
  });
  return steps.sort((a, b) => b.gain * a.cost - a.gain * b.cost || a.matrix - b.matrix);
}

function hullOf<C extends Choice>(frontier: Frontier<C>): readonly C[] {
  const hull: C[] = [];
  for (const choice of frontier) {
    for (
      let [before, last] = [hull.at(-2), hull.at(-1)];
      before && last;
      [before, last] = [hull.at(-2), hull.at(-1)]
    ) {
      const toLast = (before.drop - last.drop) * (choice.cost - before.cost);
      const toChoice = (before.drop - choice.drop) * (last.cost - before.cost);
      if (toLast > toChoice) break;
      hull.pop();
    }
    hull.push(choice);
  }
  return hull;
}

/** Cheapest everywhere, then the steps that still fit, best first; at last any better choice that fits. */
function greedy<C extends Choice>(
  frontiers: readonly Frontier<C>[],
  steps: readonly Step<C>[],
  bound: number,
): readonly C[] {
  const chosen = frontiers.flatMap((frontier) => frontier.slice(0, 1));
  let left = bound - sumOf(chosen, "cost");
  const closed = new Set<number>();
  for (const { matrix, to, cost } of steps) {
    if (closed.has(matrix)) continue;
    if (cost > left) closed.add(matrix);
    else {
      chosen[matrix] = to;
      left -= cost;
    }
  }
  for (const [matrix, frontier] of frontiers.entries()) {
    const now = chosen[matrix];
    const better = frontier.findLast((choice) => now !== undefined && choice.cost - now.cost <= left);
    if (now === undefined || better === undefined || better.drop >= now.drop) continue;
    left -= better.cost - now.cost;
    chosen[matrix] = better;
  }
  return chosen;
}

interface Search<C extends Choice> {
  readonly frontiers: readonly Frontier<C>[];
  readonly steps: readonly Step<C>[];
  /** Nodes that may still be visited. */
  left: number;
  best: readonly C[];
  drop: number;
}

/** Tries the choices of the next matrix, best first, where the relaxed rest could beat the best found. */
function branch<C extends Choice>(search: Search<C>, chosen: readonly C[], left: number, drop: number): void {
  const frontier = search.frontiers[chosen.length];
  if (frontier === undefined) {
    if (drop < search.drop) {
      search.best = chosen;
      search.drop = drop;
    }
    return;
  }
  for (const choice of frontier.toReversed()) {
    if (search.left <= 0) return;
    search.left -= 1;
    const rest = relaxed(search.frontiers, search.steps, chosen.length + 1, left - choice.cost);
    if (drop + choice.drop + rest < search.drop)
      branch(search, [...chosen, choice], left - choice.cost, drop + choice.drop);
  }
}

/** The least drop of the matrices from `first` on when the last step may be taken in part; Infinity where nothing fits. */
function relaxed<C extends Choice>(
  frontiers: readonly Frontier<C>[],
  steps: readonly Step<C>[],
  first: number,
  bound: number,
): number {
  const cheapest = frontiers.slice(first).flatMap((frontier) => frontier.slice(0, 1));
  let left = bound - sumOf(cheapest, "cost");
  if (left < 0) return Infinity;
  let drop = sumOf(cheapest, "drop");
  for (const { matrix, cost, gain } of steps) {
    if (matrix < first) continue;
    if (cost > left) return drop - (gain * left) / cost;
    drop -= gain;
    left -= cost;
  }
  return drop;
}

const sumOf = (choices: readonly Choice[], of: "cost" | "drop"): number =>
  choices.reduce((sum, choice) => sum + choice[of], 0);
