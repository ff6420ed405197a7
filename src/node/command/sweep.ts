/** `papillon sweep`: works out every design of an experiment's space. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect, countOf, queueUrlOf, widthOption } from "./option.ts";

interface SweepOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly resume: boolean;
  readonly workers?: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly queue?: string;
  readonly width?: number;
}

export function defineSweep(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("sweep")
    .summary("work out every design of an experiment's space")
    .description(
      "Simulates every design that an experiment's `sweep` spans, on all cores, and shows the best. A design that does not fit is a row with its reason.",
    )
    .argument("<experiment>", "name or file of an experiment with a sweep")
    .option("-o, --out <folder>", "where results go (default: results/<name>)")
    .option("--set <path=value>", "change a value of the configs; may be repeated", collect, [])
    .option("--workers <n>", "threads (default: one a core)", countOf)
    .option("--resume", "go on with a sweep that was stopped", false)
    .option(
      "--shard <i/n>",
      "only part i of n, for a cluster: whoever comes last puts the results together",
      partOf,
    )
    .addOption(
      new Option("--queue <url>", "leave the work to papillon worker on any machines, by way of this Redis")
        .argParser(queueUrlOf)
        .conflicts(["workers", "shard"]),
    )
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon sweep dfx-space
  papillon sweep my/space.yaml -o results/mine --workers 8
  papillon sweep my/space.yaml -o results/mine --resume
  papillon sweep my/space.yaml -o shared/mine --shard 3/16
  papillon sweep my/space.yaml -o results/mine --queue redis://head:6379`,
    )
    .action(async (experiment: string, options: SweepOptions) => ends(await sweep(experiment, options)));
}

async function sweep(experiment: string, options: SweepOptions): Promise<ExitStatus> {
  const { openSpace } = await import("../sweep/request.ts");
  const request = { experiment, set: options.set };
  const packed = options.queue === undefined ? undefined : (await import("../queue/parcel.ts")).pack(request);
  const opened = packed?.opened ?? openSpace(request);
  if (typeof opened === "string") return refuseUse(opened);
  if (!opened.ok) return refuse(opened.problems);
  const { space } = opened.value;
  const { measureProblems } = await import("../../explore/trial.ts");
  const problems = measureProblems(space);
  if (problems.length > 0) return refuse(problems);
  const folder = options.out ?? join("results", space.name);
  const { runSweep } = await import("../sweep/run.ts");
  const { progress } = await import("../sweep/progress.ts");
  const tell = (line: string): void => {
    process.stderr.write(`papillon: ${line}\n`);
  };
  const { workers, shard, resume, queue } = options;
  const hired =
    queue === undefined || packed === undefined
      ? undefined
      : await (await import("../queue/crew.ts")).hire(queue, packed.parcel(opened.value), tell);
  const running = runSweep(opened.value, {
    request,
    folder,
    resume,
    ...(workers === undefined ? {} : { workers }),
    ...(shard === undefined ? {} : { part: shard }),
    progressOver: (designs) => progress(process.stderr, designs, space.objectives),
    tell,
    ...(hired === undefined ? {} : { crew: hired.crew }),
  });
  const ended = await running.finally(hired?.close);
  if (ended.kind === "stopped") {
    const { shards } = ended.manifest;
    tell(`stopped with ${shards - ended.missing} of ${shards} shards in ${folder}: --resume goes on`);
    return exit.stopped;
  }
  if (ended.kind === "part") {
    tell(`this part is done; ${ended.missing} shards of other parts are missing in ${folder}`);
    return exit.done;
  }
  const { summaryText } = await import("../sweep/summary.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const width = widthOf(process.stdout, options.width);
  const text = summaryText(ended.summary, ended.manifest, { width, paint: paintOf(process.stdout) });
  process.stdout.write(`${text}\n${join(folder, "results.jsonl")} and .parquet have all rows\n`);
  return exit.done;
}

function partOf(text: string): { readonly index: number; readonly of: number } {
  const [index = Number.NaN, of = Number.NaN, more] = text.split("/").map(Number);
  if (!(Number.isInteger(index) && Number.isInteger(of) && index >= 1 && index <= of && more === undefined))
    throw new InvalidArgumentError("Expected a part of all parts, from 1/n to n/n, such as 3/16.");
  return { index, of };
}
