/** How far a sweep is: designs a second, time left, the best so far. */
import type { WriteStream } from "node:tty";
import type { Objective } from "../../config/space.ts";
import { metric } from "../../explore/label.ts";
import type { ShardCount } from "./shard.ts";

export interface Progress {
  readonly add: (count: ShardCount) => void;
  readonly end: () => void;
  readonly total: () => Omit<ShardCount, "best">;
}

/**
 * One line on a terminal, rewritten in place; on a pipe nothing.
 * @param designs that are to be worked out
 */
export function progress(stream: WriteStream, designs: number, objectives: readonly Objective[]): Progress {
  const begun = performance.now();
  const total = { done: 0, unfit: 0, failed: 0 };
  const best: (number | undefined)[] = objectives.map(() => undefined);
  let shown = false;
  const line = (): string => {
    const finished = total.done + total.unfit + total.failed;
    const rate = finished / ((performance.now() - begun) / 1000);
    const left = Math.max(0, designs - finished) / rate;
    const bests = objectives.map(({ expression, better }, place) => {
      const cost = best[place];
      return cost === undefined
        ? ""
        : `, ${expression} ${metric(expression, better === "less" ? cost : -cost)}`;
    });
    return `${finished} of ${designs} designs, ${rate.toFixed(0)}/s, ${clock(left)} left; best${bests.join("").slice(1) || " none yet"}`;
  };
  return {
    add({ best: found, ...counts }) {
      total.done += counts.done;
      total.unfit += counts.unfit;
      total.failed += counts.failed;
      for (const [place, cost] of found.entries())
        if (cost !== undefined) best[place] = Math.min(best[place] ?? cost, cost);
      if (!stream.isTTY) return;
      stream.write(`\r\u001b[2K${line().slice(0, stream.columns - 1)}`);
      shown = true;
    },
    end: () => {
      if (shown) stream.write("\r\u001b[2K");
    },
    total: () => total,
  };
}

function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0
    ? `${hours} h ${minutes} min`
    : minutes > 0
      ? `${minutes} min ${whole % 60} s`
      : `${whole} s`;
}
