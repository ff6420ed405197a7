/** The connection to Redis or Valkey. BullMQ and ioredis are optional packages: they are loaded when a queue is asked for. */
import type { Redis } from "ioredis";

export interface Link {
  readonly redis: Redis;
  /** As messages name it: without the password. */
  readonly name: string;
  readonly close: () => void;
}

/**
 * Connects. Later the connection may break and come back: what was asked meanwhile is asked again, and `tell` hears of both.
 * @throws Error when a package is missing, or when nothing answers
 */
export async function connect(url: string, tell: (line: string) => void): Promise<Link> {
  const { Redis } = await packages();
  const { protocol, host, pathname } = new URL(url);
  const name = `${protocol}//${host}${pathname}`;
  let begun = false;
  let away = false;
  let last = "no answer";
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5_000,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (begun ? Math.min(100 * times, 1_000) : null),
  });
  redis.on("error", (error: Error) => {
    last = error.message;
  });
  redis.on("close", () => {
    if (begun && !away) tell(`${name} is away: waiting for it (Ctrl-C stops)`);
    away = true;
  });
  redis.on("ready", () => {
    if (begun && away) tell(`${name} is back`);
    begun = true;
    away = false;
  });
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    throw new Error(`cannot reach ${name}: ${last}`);
  }
  return {
    redis,
    name,
    close: () => {
      redis.removeAllListeners("close");
      redis.disconnect();
    },
  };
}

/** @throws Error that says what to install */
export async function packages() {
  try {
    const [{ Queue, Worker, WaitingError }, { Redis }] = await Promise.all([
      import("bullmq"),
      import("ioredis"),
    ]);
    return { Queue, Worker, WaitingError, Redis };
  } catch (error) {
    throw new Error("--queue needs the optional packages bullmq and ioredis: npm install bullmq ioredis", {
      cause: error,
    });
  }
}
