/**
 * Offers the shards of a sweep to workers on other machines, and takes what they worked out. What Redis loses is offered again: all that
 * counts lies in the sweep's folder.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { ShardResult } from "../sweep/shard.ts";
import {
  jobId,
  keptSeconds,
  parcelKey,
  queueName,
  resultSchema,
  shardOf,
  shardResult,
  sweepMark,
} from "./job.ts";
import { type Link, packages } from "./link.ts";
import type { Parcel } from "./parcel.ts";

/** Shards that lie in Redis at a time: enough for hundreds of cores, few enough that their results fit its memory. */
const offered = 1024;
/** A shard that fails so often is given up. */
const tries = 3;
const pollMilliseconds = 200;
/** So often every shard that is open is offered again, whether Redis still knows of it or not. */
const offerMilliseconds = 2_000;
/** Ctrl-C does not wait longer than this for Redis. */
const goodbyeMilliseconds = 2_000;

export interface CollectorOptions {
  readonly link: Link;
  readonly parcel: Parcel;
  /** Keeps a result for good; only then it is removed from Redis. */
  readonly onResult: (result: ShardResult) => void;
  readonly tell: (line: string) => void;
}

/**
 * Has all shards worked out.
 * @returns a promise that is done when all are, and a way to stop before; a shard that fails three times rejects, the others are done before
 */
export async function collector(
  shards: readonly number[],
  { link, parcel, onResult, tell }: CollectorOptions,
): Promise<{ readonly done: Promise<void>; readonly stop: () => Promise<void> }> {
  const { Queue } = await packages();
  const sweep = sweepMark(parcel);
  const queue = new Queue<unknown, unknown>(queueName, { connection: link.redis });
  // The connection tells of its troubles itself.
  queue.on("error", () => undefined);
  const open = new Set(shards);
  const failures: string[] = [];
  let stopped = false;

  const offer = async (): Promise<void> => {
    await link.redis.set(parcelKey(sweep), JSON.stringify(parcel), "EX", keptSeconds);
    const { tool, build } = parcel;
    const next = [...open].slice(0, offered);
    await queue.addBulk(
      next.map((shard) => ({
        name: parcel.request.experiment,
        data: { sweep, shard, tool, build },
        opts: {
          jobId: jobId(sweep, shard),
          attempts: tries,
          removeOnComplete: { age: keptSeconds },
          removeOnFail: { age: keptSeconds },
        },
      })),
    );
  };
  const take = async (): Promise<void> => {
    for (const id of await queue.getRanges(["completed", "failed"])) {
      const shard = shardOf(id, sweep);
      const job = shard === undefined || stopped ? undefined : await queue.getJob(id);
      if (shard === undefined || job === undefined || stopped) continue;
      if (open.has(shard)) {
        if (job.failedReason) failures.push(`shard ${shard} failed ${tries} times: ${job.failedReason}`);
        else onResult(shardResult(shard, resultSchema.parse(job.returnvalue)));
        open.delete(shard);
      }
      await queue.remove(id);
    }
  };
  const work = async (): Promise<void> => {
    let offeredAt = Number.NEGATIVE_INFINITY;
    let told = false;
    while (open.size > 0 && !stopped) {
      await take();
      if (stopped || open.size === 0) break;
      if (performance.now() - offeredAt > offerMilliseconds) {
        await offer();
        offeredAt = performance.now();
        if (!told && (await queue.getWorkersCount()) === 0)
          tell(`no worker listens at ${link.name}: papillon worker --queue ${link.name}`);
        told = true;
      }
      await wait(pollMilliseconds);
    }
    if (failures.length > 0) throw new Error(failures.join("\n"));
  };
  /** What no worker has begun is taken back: a sweep that goes on offers it again. */
  const takeBack = async (): Promise<void> => {
    const ids = await queue.getRanges(["waiting"]);
    await Promise.all(
      ids.filter((id) => shardOf(id, sweep) !== undefined).map((id) => queue.remove(id).catch(() => 0)),
    );
  };
  return {
    // Once it is stopped, what a closed connection says is of no interest.
    done: work().catch((error: unknown) => {
      if (!stopped) throw error;
    }),
    stop: async () => {
      const interrupted = open.size > 0 && !stopped;
      stopped = true;
      const leave = new AbortController();
      if (interrupted)
        await Promise.race([
          takeBack().catch(() => undefined),
          wait(goodbyeMilliseconds, undefined, { signal: leave.signal }).catch(() => undefined),
        ]);
      leave.abort();
    },
  };
}
