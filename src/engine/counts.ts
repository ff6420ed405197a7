/**
 * Sums over all instances of each place, in closed form: nothing here executes a loop. An amount that grows is summed
 * over the loop that it grows with, and multiplied with the lengths of the others around it.
 */
import type { Amount, Program, Task } from "../program.ts";
import { growingSum } from "./amount.ts";
import { growthLoop, type Place, type Scope, scan, taskName } from "./scan.ts";

export interface PlaceCounts {
  readonly task: Task;
  readonly instances: number;
  /** Occupancy of its unit or server, in ticks. */
  readonly busy: number;
  /** By action, as in `task.counts`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** @throws Error when a sum passes 2^53, or when the program is not well formed. */
export const counts = (program: Program): readonly PlaceCounts[] => scan(program).places.map(placeCounts);

export function placeCounts(place: Place): PlaceCounts {
  const { task } = place;
  const counts: Record<string, number> = {};
  for (const action in task.counts) counts[action] = amountIn(place, action, task.counts[action] ?? 0);
  return {
    task,
    instances: amountIn(place, "instances", 1),
    busy: amountIn(place, "occupancy", task.occupancy),
    counts,
  };
}

/** An amount over all instances of a place. @throws Error when it passes 2^53 */
export function amountIn({ task, loops }: Place, what: string, amount: Amount): number {
  const total = sumOver(amount, loops);
  if (total > Number.MAX_SAFE_INTEGER) throw new Error(`${taskName(task)}: the sum of ${what} passes 2^53`);
  return Number(total);
}

function sumOver(amount: Amount, loops: readonly Scope[]): number | bigint {
  if (typeof amount === "number") {
    // A product of whole numbers that stays below 2^53 is exact; one above is refused, however inexact.
    let product = amount;
    for (const { times } of loops) product *= times;
    return product;
  }
  const own = growthLoop(amount, loops);
  return loops
    .filter((loop) => loop !== own)
    .reduce((product, { times }) => product * BigInt(times), growingSum(amount, own?.times ?? 1));
}
