/** Redis and `papillon` as processes of a test, which all end with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const running = new Set<ChildProcess>();

export interface Ended {
  readonly status: number | null;
  readonly text: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has written so far. */
  readonly text: () => string;
}

export function start(command: string, args: readonly string[], cwd: string): Running {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => {
      text += data.toString();
    });
  const ended = once(child, "close").then(() => {
    running.delete(child);
    return { status: child.exitCode, text };
  });
  return { process: child, ended, text: () => text };
}

export async function kill(
  { process: child, ended }: Running,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<Ended> {
  child.kill(signal);
  return ended;
}

export async function killAll(): Promise<void> {
  await Promise.all(
    [...running].map((child) => {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      return closed;
    }),
  );
}

/** A port on which nobody listens, below those that the system gives to connections: it stays free while nobody asks for it by name. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(20_000 * Math.random());
    const server = createServer().listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** A Redis that answers. */
export async function startRedis(port: number, folder: string, persistent: boolean): Promise<Running> {
  const keep = persistent ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", ...keep];
  const redis = start("redis-server", args, folder);
  for (let tries = 0; !redis.text().includes("Ready to accept connections"); tries++) {
    if (tries > 500 || redis.process.exitCode !== null)
      throw new Error(`redis-server does not start:\n${redis.text()}`);
    await wait(20);
  }
  return redis;
}

/** What Redis answers to one command. */
export async function redisCli(port: number, command: readonly string[]): Promise<string> {
  const { status, text } = await start("redis-cli", ["-p", String(port), ...command], ".").ended;
  if (status !== 0) throw new Error(`redis-cli ${command.join(" ")}: ${text}`);
  return text.trimEnd();
}
