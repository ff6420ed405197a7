/** `papillon check`: reads configs and tells every mistake. */
import type { Command } from "commander";
import type { Problem } from "../../schema/problem.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect } from "./option.ts";

export function defineCheck(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("check")
    .summary("read configs and tell every mistake")
    .description(
      "Reads configs (machines, workloads, experiments, energy tables, memories) and tells every mistake with its place.",
    )
    .argument("<config...>", "files, or names of shipped configs")
    .option("--set <path=value>", "change a value first; may be repeated", collect, [])
    .addHelpText(
      "after",
      `
Examples:
  papillon check my-card.yaml
  papillon check configs/hardware/*.yaml
  papillon check dfx-u280 --set units.hbm.channels=16`,
    )
    .action(async (names: readonly string[], { set }: { set: readonly string[] }) =>
      ends(await check(names, set)),
    );
}

async function check(names: readonly string[], set: readonly string[]): Promise<ExitStatus> {
  const { findConfig, families, notFound } = await import("../family.ts");
  const { fileLibrary } = await import("../library.ts");
  const library = fileLibrary();
  const found = names.map((name) => findConfig(name, library));
  const missing = names.filter((_, index) => found[index] === undefined);
  const among = families.map(({ family }) => family);
  if (missing.length > 0) return refuseUse(missing.map((name) => notFound(name, among, library)).join("\n"));
  const problems: Problem[] = [];
  for (const config of found.flatMap((each) => each ?? [])) {
    const wrong = await problemsOf(config);
    problems.push(...wrong);
    if (wrong.length === 0)
      process.stdout.write(`${config.source.file}: ${config.of.singular}, nothing wrong\n`);
  }
  return problems.length === 0 ? exit.done : refuse(problems);

  /** An experiment is right when all configs that it names are. */
  async function problemsOf(config: NonNullable<ReturnType<typeof findConfig>>): Promise<readonly Problem[]> {
    if (config.of.family === "experiments") {
      const { planExperiment } = await import("../../config/plan.ts");
      const planned = planExperiment(config.source, library, set);
      return planned.ok ? [] : planned.problems;
    }
    const { readFound } = await import("../family.ts");
    const read = readFound(config, library, set);
    return read.ok ? [] : read.problems;
  }
}
