/** Threads that answer the questions of a search together: each takes the next few designs when it is free. */
import { Worker } from "node:worker_threads";
import type { Row } from "../../explore/row.ts";
import type { Ask } from "../../explore/search.ts";
import { threadFile } from "../sweep/pool.ts";
import type { SweepRequest } from "../sweep/request.ts";

export interface Crew {
  readonly ask: Ask;
  readonly stop: () => Promise<void>;
}

/** Designs that a thread is given at a time. */
const portion = 4;

interface CrewOptions {
  readonly request: SweepRequest;
  readonly hash: string;
  readonly workers: number;
}

export function crew({ request, hash, workers }: CrewOptions): Crew {
  let threads: readonly Worker[] = [];
  let stopped = false;
  return {
    async ask({ designs, rivals }) {
      // Another thread would keep the process from ending.
      if (stopped) throw new Error("the search was stopped");
      const portions = Array.from({ length: Math.ceil(designs.length / portion) }, (_, at) =>
        designs.slice(at * portion, (at + 1) * portion),
      );
      while (threads.length < Math.min(workers, portions.length))
        threads = [...threads, new Worker(threadFile(), { workerData: { ...request, hash } })];
      const answers: (readonly Row[])[] = portions.map(() => []);
      let next = 0;
      await Promise.all(
        threads.map(async (thread) => {
          for (let at = next++; at < portions.length; at = next++)
            answers[at] = await answerOf(thread, { designs: portions[at] ?? [], rivals });
        }),
      );
      return answers.flat();
    },
    stop: async () => {
      stopped = true;
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** @throws Error when the thread ends before it answers */
function answerOf(thread: Worker, question: unknown): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: "ready" | readonly Row[]): void => {
      if (message === "ready") return;
      end();
      resolve(message);
    };
    const onError = (error: unknown): void => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onExit = (): void => onError("a worker thread ended");
    const end = (): void => {
      thread.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    thread.on("message", onMessage).on("error", onError).on("exit", onExit);
    thread.postMessage(question);
  });
}
