/**
 * A flexible dot-product engine for unstructured sparsity: ports distribute operands to equal shares of the multipliers; clusters of
 * any size, one for each row of the stationary operand, are added up in one tree that lets every cluster out at its own root.
 * Models: packing of whole rows, rows longer than the engine, ports that bring one value a cycle, adders paired across their
 *   parents that share a write port, set-up and drain of each round.
 * Ignores: how the streaming operand's own zeros are skipped (a value that a cluster waits for is sent even when it is zero),
 *   how exactly the tree's pipeline overlaps the last column.
 * Source: SIGMA (HPCA 2020) and sparse-dense multiplication as STONNE builds them; structure as in its simulator, no constant fitted.
 */

/** Cycles of a product whose right operand streams by, column by column. */
export interface FlexibleDotShape {
  readonly multipliers: number;
  /** Read ports; each serves multipliers / ports of the multipliers, one value a cycle. */
  readonly ports: number;
}

/** Both operands sparse: `kept` is what each row of the stationary operand holds, in the order in which rows are packed. */
export function sparseSparseCycles(
  engine: FlexibleDotShape,
  kept: readonly number[],
  columns: number,
): number {
  return roundsOf(kept, engine.multipliers).reduce((cycles, clusters) => {
    const used = clusters.reduce((sum, size) => sum + size, 0);
    const beats = portBeats(engine, used);
    const column = Math.max(beats, outputBeats(clusters));
    return cycles + beats + columns * column + roundOverhead(engine);
  }, 0);
}

/**
 * Sparse rows in CSR times a dense matrix: `clusters` columns at a time, each on `size` multipliers that pass over the row's kept weights
 * step by step into an accumulator.
 */
export function sparseDenseCycles(
  engine: FlexibleDotShape,
  kept: readonly number[],
  columns: number,
  { clusters, size }: { readonly clusters: number; readonly size: number },
): number {
  const beats = portBeats(engine, clusters * size);
  const outputs = outputBeats(Array.from({ length: clusters }, () => size));
  return kept.reduce((cycles, weights) => {
    const steps = Math.max(1, Math.ceil(weights / size));
    const group = Math.max(steps * beats, outputs);
    return cycles + steps * beats + Math.ceil(columns / clusters) * group + roundOverhead(engine);
  }, 0);
}

/**
 * The order that packs rows tightly: those that exceed the engine first, then always the largest that still fits the round.
 * Rows of less than three count as three.
 */
export function packedOrder(kept: readonly number[], multipliers: number): readonly number[] {
  const least = 3;
  const size = (row: number): number => Math.max(least, kept[row] ?? 0);
  const order = kept.map((_, row) => row);
  const swap = (a: number, b: number): void => {
    const [first, second] = [order[a], order[b]];
    if (first !== undefined && second !== undefined) [order[a], order[b]] = [second, first];
  };
  let placed = 0;
  for (const [place, row] of [...order].entries())
    if (size(row) > multipliers) {
      swap(place, placed);
      placed += 1;
    }
  let used = 0;
  while (placed < order.length) {
    let largest: number | undefined;
    for (let place = placed; place < order.length; place += 1) {
      const fits = used + size(order[place] ?? 0) <= multipliers;
      if (fits && (largest === undefined || size(order[place] ?? 0) > size(order[largest] ?? 0)))
        largest = place;
    }
    if (largest === undefined) {
      used = 0;
      continue;
    }
    used += size(order[largest] ?? 0);
    swap(largest, placed);
    placed += 1;
  }
  return order;
}

/** Clusters that work together: whole rows while they fit; a longer row alone, its later parts beside the partial sum. */
function roundsOf(kept: readonly number[], multipliers: number): readonly (readonly number[])[] {
  const rounds: number[][] = [];
  let round: number[] = [];
  let used = 0;
  const close = (): void => {
    if (round.length > 0) rounds.push(round);
    round = [];
    used = 0;
  };
  for (const size of kept) {
    if (used + size > multipliers) close();
    if (size <= multipliers) {
      round.push(size);
      used += size;
      continue;
    }
    rounds.push([multipliers]);
    const partialSum = 1;
    for (let left = size - multipliers; left > 0; left -= multipliers - partialSum)
      rounds.push([Math.min(left, multipliers - partialSum) + partialSum]);
  }
  close();
  return rounds;
}

/** Cycles in which the fullest port brings a value to each of its multipliers. */
const portBeats = ({ multipliers, ports }: FlexibleDotShape, used: number): number =>
  Math.max(1, Math.min(Math.ceil(multipliers / ports), used));

/** A round is configured, and its last column passes the multipliers, the levels of the tree and the write port. */
const roundOverhead = ({ multipliers }: FlexibleDotShape): number => {
  const [configure, multiply, write] = [1, 1, 1];
  return configure + multiply + Math.ceil(Math.log2(multipliers)) + write;
};

/** Neighbouring adders that have no parent in common share a write port: two clusters that end in such a pair take turns. */
function outputBeats(clusters: readonly number[]): number {
  const ports = new Map<string, number>();
  let first = 0;
  for (const size of clusters) {
    const { level, node } = rootOf(first, first + size - 1);
    const port = `${level} ${Math.ceil(node / 2)}`;
    ports.set(port, (ports.get(port) ?? 0) + 1);
    first += size;
  }
  return Math.max(1, ...ports.values());
}

/** The adder at which multipliers first .. last have been added up: one that spans them, or a pair joined across parents. */
function rootOf(first: number, last: number): { readonly level: number; readonly node: number } {
  for (let level = 1; ; level += 1) {
    const [left, right] = [Math.floor(first / 2 ** level), Math.floor(last / 2 ** level)];
    if (left === right || (right === left + 1 && left % 2 === 1)) return { level, node: left };
  }
}
