/** A shard: a range of designs that is worked out in one piece, and its rows as text. */
import type { Dimension } from "../../config/dimension.ts";
import type { DesignSpace } from "../../config/space.ts";
import type { Evaluator } from "../../explore/evaluate.ts";
import { costsOf, lineOf } from "../../explore/table.ts";

export interface ShardResult {
  readonly shard: number;
  /** Lines of JSON. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: ShardCount;
}

export interface ShardCount {
  readonly done: number;
  readonly unfit: number;
  readonly failed: number;
  /** The least cost of each objective; absent where nothing feasible ran. */
  readonly best: readonly (number | undefined)[];
}

/**
 * Seconds of work for one core, few enough to lose; more only where there would be too many files. Where a machine has few designs, its
 * designs are in one shard: what they share (the machine's config, its layers) is not worked out by two workers.
 */
export function shardSize({ size, dimensions }: Pick<DesignSpace, "size" | "dimensions">): number {
  const few = Math.max(256, Math.ceil(size / 4096));
  const ofWorkload = dimensions.slice(dimensions.findLastIndex((each) => !isOfWorkload(each)) + 1);
  const onOneMachine = ofWorkload.reduce((product, { choices }) => product * choices.length, 1);
  return onOneMachine < 4 * few ? Math.ceil(few / onOneMachine) * onOneMachine : few;
}

const isOfWorkload = ({ paths }: Dimension): boolean => paths.every((path) => path.startsWith("workload"));

export const shardsOf = (space: DesignSpace): number => Math.ceil(space.size / shardSize(space));

/** Works a shard out. @param onRow called after each design */
export function workOut(
  shard: number,
  space: DesignSpace,
  { row }: Evaluator,
  onRow: () => void = () => undefined,
): ShardResult {
  const each = shardSize(space);
  const lines: string[] = [];
  const counts = { done: 0, unfit: 0, failed: 0 };
  const best: (number | undefined)[] = space.objectives.map(() => undefined);
  for (let index = shard * each; index < Math.min((shard + 1) * each, space.size); index++) {
    const found = row(index);
    onRow();
    if (found === undefined) continue;
    lines.push(lineOf(found));
    // Only searches skip.
    if (found.status !== "skipped") counts[found.status]++;
    costsOf(found, space)?.forEach((cost, place) => {
      best[place] = Math.min(best[place] ?? cost, cost);
    });
  }
  return { shard, bytes: new TextEncoder().encode(lines.join("")), count: { ...counts, best } };
}
