/** Threads of a worker, each at work for one sweep at a time. */
import { Worker } from "node:worker_threads";
import { type QueuedResult, resultSchema } from "./job.ts";
import { type Parcel, threadFile } from "./parcel.ts";

export interface Threads {
  /** @throws Error when the thread dies of the shard, with its reason */
  readonly workOut: (shard: number, sweep: string, parcel: Parcel) => Promise<QueuedResult>;
  readonly stop: () => Promise<void>;
}

interface Thread {
  readonly sweep: string;
  readonly worker: Worker;
  task?: { readonly resolve: (result: QueuedResult) => void; readonly reject: (error: Error) => void };
}

/** A thread that has nothing to do waits for another shard of its sweep; at most `count` are kept. */
export function threads(count: number): Threads {
  const all = new Set<Thread>();
  const dismiss = (thread: Thread): Promise<number> => {
    all.delete(thread);
    return thread.worker.terminate();
  };
  const start = (sweep: string, parcel: Parcel): Thread => {
    const thread: Thread = { sweep, worker: new Worker(threadFile(), { workerData: parcel }) };
    const settle = () => {
      const { task } = thread;
      delete thread.task;
      return task;
    };
    thread.worker.on("message", (message: unknown) => settle()?.resolve(resultSchema.parse(message)));
    thread.worker.on("error", (error: unknown) => {
      all.delete(thread);
      settle()?.reject(error instanceof Error ? error : new Error(String(error)));
    });
    thread.worker.on("exit", () => {
      all.delete(thread);
      settle()?.reject(new Error("its thread ended"));
    });
    all.add(thread);
    return thread;
  };
  const threadFor = (sweep: string, parcel: Parcel): Thread => {
    const idle = [...all].filter(({ task }) => task === undefined);
    const known = idle.find((thread) => thread.sweep === sweep);
    if (known !== undefined) return known;
    const [other] = idle;
    if (all.size >= count && other !== undefined) void dismiss(other);
    return start(sweep, parcel);
  };
  return {
    workOut: (shard, sweep, parcel) =>
      new Promise((resolve, reject) => {
        const thread = threadFor(sweep, parcel);
        thread.task = { resolve, reject };
        thread.worker.postMessage(shard);
      }),
    stop: async () => {
      await Promise.all([...all].map(dismiss));
    },
  };
}
