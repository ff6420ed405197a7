/** Worker threads that work out shards. A thread that dies is replaced, and its shard is tried again. */
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { shippedPath } from "../library.ts";
import type { SweepRequest } from "./request.ts";
import type { ShardResult } from "./shard.ts";

/** A shard that kills its thread so often is given up. */
const tries = 3;

export interface PoolOptions {
  readonly request: SweepRequest;
  readonly hash: string;
  readonly workers: number;
  readonly onResult: (result: ShardResult) => void;
}

/**
 * Works out all shards.
 * @returns a promise that is done when all are, and a way to stop before; a shard that fails three times rejects, the others are done before
 */
export function pool(
  shards: readonly number[],
  options: PoolOptions,
): { readonly done: Promise<void>; readonly stop: () => Promise<void> } {
  const open = [...shards];
  const failures = new Map<number, number>();
  const given: { shard: number; reason: string }[] = [];
  const threads = new Set<Worker>();
  let stopped = false;
  const done = new Promise<void>((resolve, reject) => {
    let left = shards.length;
    const settle = (): void => {
      if (left > 0) return;
      for (const thread of threads) void thread.terminate();
      if (given.length === 0) resolve();
      else
        reject(
          new Error(
            given.map(({ shard, reason }) => `shard ${shard} failed ${tries} times: ${reason}`).join("\n"),
          ),
        );
    };
    const start = (): void => {
      const { request, hash } = options;
      const thread = new Worker(threadFile(), { workerData: { ...request, hash } });
      threads.add(thread);
      let current: number | undefined;
      let begun = false;
      const next = (): void => {
        current = open.shift();
        if (current === undefined) void thread.terminate();
        else thread.postMessage(current);
      };
      thread.on("message", (message: "ready" | ShardResult) => {
        begun = true;
        if (stopped) return;
        try {
          if (message !== "ready") {
            options.onResult(message);
            current = undefined;
            left--;
          }
          next();
          settle();
        } catch (error) {
          reject(error);
        }
      });
      let reason = "its thread ended";
      thread.on("error", (error) => {
        reason = error instanceof Error ? error.message : String(error);
      });
      thread.on("exit", () => {
        threads.delete(thread);
        if (stopped || left === 0) return;
        if (!begun) return reject(new Error(reason));
        if (current === undefined) return;
        const count = (failures.get(current) ?? 0) + 1;
        failures.set(current, count);
        if (count < tries) open.unshift(current);
        else {
          given.push({ shard: current, reason });
          left--;
        }
        if (left === 0) settle();
        else if (open.length > 0) start();
      });
    };
    if (left === 0) resolve();
    else for (let worker = 0; worker < Math.min(options.workers, left); worker++) start();
  });
  return {
    done,
    stop: async () => {
      stopped = true;
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}

export function threadFile(): string {
  const file = shippedPath("dist/sweep-thread.js");
  if (!existsSync(file)) throw new Error("the package lacks its file dist/sweep-thread.js: install it again");
  return file;
}
