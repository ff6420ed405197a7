/** `papillon search`: looks for the best designs of an experiment's space. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Method, methods } from "../../config/search-method.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import type { SearchEnd } from "../search/run.ts";
import { collect, countOf, widthOption } from "./option.ts";

interface SearchOptions {
  readonly method?: Method;
  readonly seed?: number;
  readonly points?: number;
  readonly set: readonly string[];
  readonly out?: string;
  readonly resume: boolean;
  readonly workers?: number;
  readonly width?: number;
}

export function defineSearch(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("search")
    .summary("look for the best designs of an experiment's space")
    .description(
      "Looks through the space that an experiment's `sweep` spans where it is too large for all of it, on all cores, and shows the best. The same seed finds the same designs, however often it was stopped.",
    )
    .argument("<experiment>", "name or file of an experiment with a sweep")
    .addOption(
      new Option(
        "--method <method>",
        "nsga2: the front; annealing: one design; enumerate: all, less what a bound proves to be no better (default: what the experiment says, or nsga2)",
      ).choices(methods),
    )
    .option(
      "--points <n>",
      "designs to look at, at most (default: a twentieth; all for enumerate)",
      wholeFrom(1),
    )
    .option("--seed <n>", "of what is drawn by lot (default: 1)", wholeFrom(0))
    .option("-o, --out <folder>", "where results go (default: results/<name>-<method>)")
    .option("--set <path=value>", "change a value of the configs; may be repeated", collect, [])
    .option("--workers <n>", "threads (default: one a core)", countOf)
    .option("--resume", "go on with a search that was stopped", false)
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon search fabnet-space
  papillon search dfx-space --points 300 --seed 7 -o results/seven
  papillon search my/space.yaml --method enumerate
  papillon plot results/fabnet-space-nsga2        its front, and how it was found`,
    )
    .action(async (experiment: string, options: SearchOptions) => ends(await search(experiment, options)));
}

async function search(experiment: string, options: SearchOptions): Promise<ExitStatus> {
  const { openSpace } = await import("../sweep/request.ts");
  const request = { experiment, set: options.set };
  const opened = openSpace(request);
  if (typeof opened === "string") return refuseUse(opened);
  if (!opened.ok) return refuse(opened.problems);
  const { space } = opened.value;
  if (space.objectives.length === 0)
    return refuseUse(
      `${experiment}: expected minimize or maximize in its sweep, found neither: what is better?`,
    );
  const { measureProblems } = await import("../../explore/trial.ts");
  const problems = measureProblems(space);
  if (problems.length > 0) return refuse(problems);
  const { method, seed, points, workers, resume } = options;
  const folder = options.out ?? join("results", `${space.name}-${method ?? space.search.method ?? "nsga2"}`);
  const finer = space.search.refine === undefined ? undefined : openSpace({ ...request, fine: true });
  if (typeof finer === "string") return refuseUse(finer);
  if (finer !== undefined && !finer.ok) return refuse(finer.problems);
  const { runSearch, runRefinement } = await import("../search/run.ts");
  const { progress } = await import("../sweep/progress.ts");
  const running = {
    request,
    folder,
    resume,
    ...(workers === undefined ? {} : { workers }),
    ...(method === undefined ? {} : { method }),
    ...(seed === undefined ? {} : { seed }),
    ...(points === undefined ? {} : { points }),
    progressOver: (designs: number) => progress(process.stderr, designs, space.objectives),
  };
  const found = await runSearch(opened.value, running);
  const status = await shown(found, folder, options.width);
  if (found.kind !== "whole" || finer === undefined) return status;
  process.stdout.write(`\nOn the finer model ${space.search.refine?.hardware ?? ""}:\n`);
  const refined = await runRefinement(finer.value, running, found.rows);
  return shown(refined, join(folder, "refined"), options.width);
}

async function shown(ended: SearchEnd, folder: string, columns: number | undefined): Promise<ExitStatus> {
  if (ended.kind === "refused") return refuseUse(ended.reason);
  if (ended.kind === "stopped") {
    process.stderr.write(
      `papillon: stopped after ${ended.designs} designs, which are in ${folder}: --resume goes on\n`,
    );
    return exit.stopped;
  }
  const { summaryText } = await import("../sweep/summary.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const width = widthOf(process.stdout, columns);
  const text = summaryText(ended.summary, ended.manifest, { width, paint: paintOf(process.stdout) });
  process.stdout.write(
    `${text}\n${join(folder, "results.jsonl")} and .parquet have the designs, convergence.json how they were found\n`,
  );
  return exit.done;
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
    return value;
  };
}
