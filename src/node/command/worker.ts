/** `papillon worker`: works out shards of sweeps on other machines. */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { countOf, queueUrlOf, secondsOf } from "./option.ts";

interface WorkerOptions {
  readonly queue: string;
  readonly workers?: number;
  readonly lock: number;
  readonly idle?: number;
}

export function defineWorker(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("worker")
    .summary("work for sweeps that run with --queue")
    .description(
      "Takes shards of sweeps from a queue and works them out, until Ctrl-C. It needs no files: the configs come with the work. A worker that dies loses nothing.",
    )
    .addOption(
      new Option("--queue <url>", "the Redis that papillon sweep --queue was given")
        .argParser(queueUrlOf)
        .makeOptionMandatory(),
    )
    .option("--workers <n>", "threads (default: one a core)", countOf)
    .option("--lock <seconds>", "silent for so long, it loses its shards to other workers", secondsOf, 10)
    .option("--idle <seconds>", "end when there was nothing to do for so long", secondsOf)
    .addHelpText(
      "after",
      `
Examples:
  papillon worker --queue redis://head:6379
  papillon worker --queue rediss://:password@head:6380/2 --workers 8 --idle 60`,
    )
    .action(async (options: WorkerOptions) => ends(await work(options)));
}

async function work({
  queue,
  workers = availableParallelism(),
  lock,
  idle,
}: WorkerOptions): Promise<ExitStatus> {
  const { connect } = await import("../queue/link.ts");
  const { serve } = await import("../queue/serve.ts");
  const { fullSpeed } = await import("../startup.ts");
  const tell = (line: string): void => {
    process.stderr.write(`papillon: ${line}\n`);
  };
  fullSpeed();
  const link = await connect(queue, tell);
  try {
    tell(`${workers} ${workers === 1 ? "thread works" : "threads work"} for ${link.name}`);
    const served = await serve({
      link,
      workers,
      lockSeconds: lock,
      ...(idle === undefined ? {} : { idleSeconds: idle }),
      tell,
    });
    if (served.kind === "refused") return refuseUse(served.reason);
    tell(`ended after ${served.shards} shards`);
    return exit.done;
  } finally {
    link.close();
  }
}
