/** Sweeps by way of a real Redis, while its processes are killed: the bytes of an undisturbed run, every design once. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { copyOfPackage } from "./queue/package.ts";
import {
  type Ended,
  freePort,
  kill,
  killAll,
  type Running,
  redisCli,
  start,
  startRedis,
} from "./queue/processes.ts";

const papillon = resolve("dist/cli.js");
const space = resolve("test/e2e/queue/space.yaml");
const scratch = mkdtempSync(join(tmpdir(), "papillon-queue-"));
const elsewhere = join(scratch, "elsewhere");
let undisturbed: Buffer;
let port = 0;

const command = (args: readonly string[], cwd = scratch): Running =>
  start(process.execPath, [papillon, ...args], cwd);
const url = (): string => `redis://127.0.0.1:${port}`;
const workerOptions = (): readonly string[] => ["worker", "--queue", url(), "--workers", "1", "--lock", "1"];
/** A worker has no files of the sweep beside it. */
const startWorker = (): Running => command(workerOptions(), elsewhere);
const startSweep = (folder: string, more: readonly string[] = []): Running =>
  command(["sweep", space, "-o", folder, "--queue", url(), ...more]);

function expectWhole(folder: string, { status, text }: Ended): void {
  expect(status, text).toBe(0);
  expect(text).toContain("results.jsonl");
  expect(readFileSync(join(scratch, folder, "results.jsonl")).equals(undisturbed)).toBe(true);
}

beforeAll(async () => {
  mkdirSync(elsewhere);
  const { status, text } = await command(["sweep", space, "-o", "local", "--workers", "2"]).ended;
  expect(status, text).toBe(0);
  undisturbed = readFileSync(join(scratch, "local/results.jsonl"));
});

afterEach(killAll);
afterAll(() => rmSync(scratch, { recursive: true }));

async function freshRedis(name: string, persistent: boolean): Promise<Running> {
  port = await freePort();
  mkdirSync(join(scratch, name));
  return startRedis(port, join(scratch, name), persistent);
}

/** Looks again and again, as long as the processes run that it is waited for. */
async function until(there: () => boolean | Promise<boolean>, ...by: readonly Running[]): Promise<void> {
  while (!(await there())) {
    for (const { process: child, text } of by)
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}:\n${text()}`);
    await wait(20);
  }
}

const untilShardBegins = (...by: readonly Running[]): Promise<void> =>
  until(async () => (await redisCli(port, ["LLEN", "bull:papillon:active"])) === "1", ...by);
const untilNobodyListens = (sweep: Running): Promise<void> =>
  until(() => sweep.text().includes("no worker listens"), sweep);

describe("a sweep by way of a queue", () => {
  test("has the bytes of a local one, with workers that have no files", async () => {
    await freshRedis("redis-plain", false);
    startWorker();
    startWorker();
    expectWhole("plain", await startSweep("plain").ended);
    const parquet = (folder: string) => readFileSync(join(scratch, folder, "results.parquet"));
    expect(parquet("plain").equals(parquet("local"))).toBe(true);
  });

  test("has every design once after workers and the sweep were killed twenty times", async () => {
    await freshRedis("redis-killed", false);
    const random = xoroshiro128plus(20261121);
    const draw = (from: number, to: number): number => uniformInt(random, from, to);
    const workers = [startWorker(), startWorker()];
    let sweep = startSweep("killed-0");
    let round = 0;
    let killed = 0;
    while (killed < 20) {
      await wait(draw(100, 1_500));
      if (sweep.process.exitCode !== null) {
        // It was done before: another begins.
        expectWhole(`killed-${round}`, await sweep.ended);
        sweep = startSweep(`killed-${++round}`);
        continue;
      }
      const at = draw(0, 2);
      const worker = workers[at];
      killed++;
      if (worker !== undefined) {
        await kill(worker);
        workers[at] = startWorker();
      } else {
        await kill(sweep);
        sweep = startSweep(`killed-${round}`, ["--resume"]);
      }
    }
    expectWhole(`killed-${round}`, await sweep.ended);
  });

  test.each([
    ["lost its data", false],
    ["kept its data", true],
  ])("goes on when Redis restarts and %s", async (name, persistent) => {
    const folder = `redis ${name}`;
    const redis = await freshRedis(folder, persistent);
    const worker = startWorker();
    const sweep = startSweep(`swept ${name}`);
    await untilShardBegins(sweep, worker);
    // Nothing is done before Redis is back.
    worker.process.kill("SIGSTOP");
    await kill(redis);
    await until(() => sweep.text().includes("is away"), sweep);
    worker.process.kill("SIGCONT");
    await startRedis(port, join(scratch, folder), persistent);
    const ended = await sweep.ended;
    expectWhole(`swept ${name}`, ended);
    expect(ended.text).toContain("is away: waiting for it");
    expect(ended.text).toContain("is back");
  });
});

describe("a worker in trouble", () => {
  test("that stands still loses its shard to another, and does no harm when it goes on", async () => {
    await freshRedis("redis-stalled", false);
    const stalled = startWorker();
    const sweep = startSweep("stalled");
    await untilShardBegins(sweep, stalled);
    stalled.process.kill("SIGSTOP");
    startWorker();
    expectWhole("stalled", await sweep.ended);
    stalled.process.kill("SIGCONT");
    const again = await startSweep("stalled-again").ended;
    expectWhole("stalled-again", again);
    const { status, text } = await kill(stalled, "SIGINT");
    expect(status, text).toBe(0);
  });

  test("that reads other configs than the sweep: each shard fails three times, is reported, and is done later by another", async () => {
    await freshRedis("redis-changed", false);
    const sweep = startSweep("changed");
    await untilNobodyListens(sweep);
    // Stopped, the sweep does not offer its own configs again.
    sweep.process.kill("SIGSTOP");
    const key = await redisCli(port, ["KEYS", "papillon:sweep:*"]);
    const parcel = await redisCli(port, ["GET", key]);
    await redisCli(port, ["SET", key, parcel.replaceAll("from: 8, to: 256", "from: 4, to: 128")]);
    const worker = startWorker();
    const told = () => worker.text().match(/shard \d of queue-space|shard \d of .*space.yaml/g)?.length ?? 0;
    const shards = 4;
    const tries = 3;
    const failed = () => redisCli(port, ["ZCARD", "bull:papillon:failed"]);
    await until(async () => (await failed()) === String(shards), worker);
    sweep.process.kill("SIGCONT");
    const { status, text } = await sweep.ended;
    expect(status, text).toBe(1);
    for (let shard = 0; shard < shards; shard++)
      expect(text).toContain(
        `shard ${shard} failed ${tries} times: the configs in the queue are not those of the sweep`,
      );
    await expect.poll(told).toBe(shards * tries);
    await kill(worker);
    startWorker();
    expectWhole("changed", await startSweep("changed", ["--resume"]).ended);
  });

  test("of another build puts the shard back, says so and ends with status 2", async () => {
    await freshRedis("redis-build", false);
    const other = copyOfPackage(join(scratch, "other"), "all");
    appendFileSync(join(other, "dist/queue-thread.js"), "// Another build.\n");
    const sweep = startSweep("build");
    await untilNobodyListens(sweep);
    const cli = join(other, "dist/cli.js");
    const { status, text } = await start(process.execPath, [cli, ...workerOptions()], elsewhere).ended;
    expect(status, text).toBe(2);
    expect(text).toMatch(
      /the sweep in the queue is of another build of papillon-sim \S+ \(\w+, here \w+\): install the same on all machines/,
    );
    startWorker();
    expectWhole("build", await sweep.ended);
  });

  test("without the optional packages says what to install", async () => {
    const alone = copyOfPackage(join(scratch, "alone"), "required");
    port = await freePort();
    for (const args of [workerOptions(), ["sweep", space, "-o", "alone-results", "--queue", url()]]) {
      const cli = join(alone, "dist/cli.js");
      const { status, text } = await start(process.execPath, [cli, ...args], scratch).ended;
      expect(status, text).toBe(1);
      expect(text).toContain(
        "papillon: --queue needs the optional packages bullmq and ioredis: npm install bullmq ioredis",
      );
    }
    expect(existsSync(join(scratch, "alone-results"))).toBe(false);
  });
});

describe("mistakes are told", () => {
  test("a Redis that does not answer: one message, no folder", async () => {
    port = await freePort();
    const { status, text } = await startSweep("nowhere").ended;
    expect(status, text).toBe(1);
    expect(text).toMatch(/^papillon: cannot reach redis:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    expect(() => readFileSync(join(scratch, "nowhere/sweep.json"))).toThrow();
  });

  test("a sweep that nobody works for says so, and Ctrl-C takes its shards back", async () => {
    await freshRedis("redis-idle", false);
    const sweep = startSweep("idle");
    await untilNobodyListens(sweep);
    const { status, text } = await kill(sweep, "SIGINT");
    expect(status, text).toBe(130);
    expect(text).toMatch(/stopped with 0 of \d+ shards in idle: --resume goes on/);
  });

  test("a Redis without memory ends the sweep with its message, and --resume goes on", async () => {
    await freshRedis("redis-full", false);
    await redisCli(port, ["CONFIG", "SET", "maxmemory", "1"]);
    const { status, text } = await startSweep("full").ended;
    expect(status, text).toBe(1);
    expect(text).toMatch(/papillon: .*OOM command not allowed/);
    await redisCli(port, ["CONFIG", "SET", "maxmemory", "0"]);
    startWorker();
    expectWhole("full", await startSweep("full", ["--resume"]).ended);
  });
});
