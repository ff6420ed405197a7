/** What time went to, over several ops together. */
import type { Bound, OpRow } from "./report.ts";

/** The causes that the ops' time went to, largest first. */
export function boundsOfOps(ops: readonly OpRow[]): readonly Bound[] {
  const total = ops.reduce((sum, { latencySeconds }) => sum + latencySeconds, 0);
  const shares = new Map<string, Bound>();
  for (const { latencySeconds, bounds } of ops)
    for (const { unit, limit, share } of bounds) {
      const key = boundText({ unit, limit });
      const before = shares.get(key)?.share ?? 0;
      const part = total === 0 ? 0 : (share * latencySeconds) / total;
      shares.set(key, { unit, limit, share: before + part });
    }
  return [...shares.values()].sort((a, b) => b.share - a.share);
}

export const boundText = ({ unit, limit }: Pick<Bound, "unit" | "limit">): string => `${unit} ${limit}`;
