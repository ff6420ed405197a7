/** A worker: takes shards from the queue until it is told to end. The work is done in threads, so that its claims on shards are renewed. */
import { jobSchema, parcelKey, queueName, readParcel, type ShardJob } from "./job.ts";
import { type Link, packages } from "./link.ts";
import { buildMark, type Parcel, tool } from "./parcel.ts";
import { threads } from "./threads.ts";

/** A shard may lose its worker so often before it is given up: workers die for reasons of their own. */
const lostWorkers = 100;

export interface ServeOptions {
  readonly link: Link;
  readonly workers: number;
  /** A worker that is silent for so long has lost its shard to another. */
  readonly lockSeconds: number;
  /** Ends when there was nothing to do for so long. */
  readonly idleSeconds?: number;
  readonly tell: (line: string) => void;
}

export type Served =
  | { readonly kind: "ended"; readonly shards: number }
  | { readonly kind: "refused"; readonly reason: string };

/** @returns when it was told to end, had nothing to do for long, or met a sweep of another build */
export async function serve(options: ServeOptions): Promise<Served> {
  const { link, workers, lockSeconds, idleSeconds, tell } = options;
  const { Worker, WaitingError } = await packages();
  const build = buildMark();
  const pool = threads(workers);
  const parcels = new Map<string, Parcel>();
  let shards = 0;
  let busy = 0;
  let busyAt = performance.now();
  let end: (reason?: string) => void = () => undefined;
  const ending = new Promise<string | undefined>((resolve) => {
    end = resolve;
  });
  const parcelOf = async ({ sweep }: ShardJob): Promise<Parcel> => {
    const known = parcels.get(sweep);
    if (known !== undefined) return known;
    const text = await link.redis.get(parcelKey(sweep));
    if (text === null) throw new Error(`the queue has lost the configs of sweep ${sweep}`);
    const parcel = readParcel(text);
    parcels.set(sweep, parcel);
    return parcel;
  };
  const worker = new Worker<unknown, unknown>(
    queueName,
    async (job, token) => {
      const offered = jobSchema.parse(job.data);
      if (offered.build !== build) {
        end(refusal(offered));
        await job.moveToWait(token);
        throw new WaitingError();
      }
      busy++;
      try {
        const result = await pool.workOut(offered.shard, offered.sweep, await parcelOf(offered));
        shards++;
        return result;
      } finally {
        busy--;
        busyAt = performance.now();
      }
    },
    {
      connection: link.redis,
      concurrency: workers,
      lockDuration: 1000 * lockSeconds,
      stalledInterval: 500 * lockSeconds,
      maxStalledCount: lostWorkers,
      runRetryDelay: 1_000,
    },
  );
  worker.on("error", (error) => {
    if (process.env["PAPILLON_DEBUG"] === "1") tell(error.message);
  });
  worker.on("failed", (job, error) => {
    if (job !== undefined) tell(`shard ${jobSchema.parse(job.data).shard} of ${job.name}: ${error.message}`);
  });
  const watch = setInterval(() => {
    const idle = busy === 0 && performance.now() - busyAt > 1000 * (idleSeconds ?? Number.POSITIVE_INFINITY);
    if (idle) end();
  }, 250);
  const refused = await withSignals(() => {
    if (busy > 0)
      tell(
        `ends when ${busy === 1 ? "its shard is" : `its ${busy} shards are`} done; once more leaves them to others`,
      );
    end();
  }, ending);
  clearInterval(watch);
  await worker.close();
  await pool.stop();
  return refused === undefined ? { kind: "ended", shards } : { kind: "refused", reason: refused };
}

const refusal = ({ tool: other, build }: ShardJob): string =>
  other === tool
    ? `the sweep in the queue is of another build of ${tool} (${build}, here ${buildMark()}): install the same on all machines`
    : `the sweep in the queue is of ${other}, this is ${tool}: install the same on all machines`;

/** The first signal asks to end; the second one ends the process at once, as it does where nobody listens. */
async function withSignals<Result>(ask: () => void, work: Promise<Result>): Promise<Result> {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const leave = (): void => {
    for (const signal of signals) process.off(signal, asked);
  };
  const asked = (): void => {
    leave();
    ask();
  };
  for (const signal of signals) process.on(signal, asked);
  return work.finally(leave);
}
