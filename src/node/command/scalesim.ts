/** `papillon scalesim`: SCALE-Sim's files in, SCALE-Sim's reports out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { ScaleSimInputs } from "../../scalesim/scalesim.ts";
import type { Version } from "../../scalesim/timing.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect } from "./option.ts";

interface ScaleSimOptions {
  readonly config: string;
  readonly topology: string;
  readonly layout?: string;
  readonly input?: "conv" | "gemm";
  readonly path: string;
  readonly compat: Version;
  readonly set: readonly string[];
  readonly ideal?: true;
}

export function defineScaleSim(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("scalesim")
    .summary("run SCALE-Sim's files and write its reports")
    .description(
      "Reads a SCALE-Sim config and topology and writes the reports that SCALE-Sim would, with the same numbers, below <path>/<run_name>.",
    )
    .requiredOption("-c, --config <file>", "SCALE-Sim's .cfg")
    .requiredOption("-t, --topology <file>", "its topology CSV")
    .option("-l, --layout <file>", "its layout CSV (version 3); it is checked")
    .addOption(
      new Option("-i, --input <kind>", "rows of the topology, where its header does not tell").choices([
        "conv",
        "gemm",
      ]),
    )
    .option("-p, --path <folder>", "where the reports go", "./results")
    .addOption(new Option("--compat <version>", "whose numbers").choices(["v2", "v3"]).default("v3"))
    .option("--set <letter=number>", "value of a letter in the topology; may be repeated", collect, [])
    .option(
      "--ideal",
      "run although the config asks for custom bank layouts or Ramulator, and leave those out",
    )
    .addHelpText(
      "after",
      `
Examples:
  papillon scalesim -c scale.cfg -t Resnet18.csv -p results
  papillon scalesim -c google.cfg -t vit_b.csv -i gemm --compat v2`,
    )
    .action(async (options: ScaleSimOptions) => ends(await run(options)));
}

async function run(options: ScaleSimOptions): Promise<ExitStatus> {
  const { config: configPath, topology: topologyPath, layout: layoutPath, input, compat, ideal } = options;
  const paths = [configPath, topologyPath, ...(layoutPath === undefined ? [] : [layoutPath])];
  const [config, topology, layout] = paths.map(textFile);
  if (config === undefined || topology === undefined || (layoutPath !== undefined && layout === undefined))
    return refuseUse(`cannot read ${paths.filter((path) => textFile(path) === undefined).join(", ")}`);
  const values = valuesOf(options.set);
  if (values === undefined) return refuseUse(`--set takes a letter and a whole number, B=4`);
  const inputs: ScaleSimInputs = {
    config,
    topology,
    version: compat,
    values,
    ...(layout === undefined ? {} : { layout }),
    ...(input === undefined ? {} : { inputs: input }),
    ...(ideal === undefined ? {} : { ideal }),
  };
  const { scalesim } = await import("../../scalesim/scalesim.ts");
  const result = scalesim(inputs);
  if (result.status === "wrong") return refuse(result.problems);
  if (result.status === "refused") return refuseUse(result.reason);
  const folder = join(options.path, result.runName);
  const files = Object.entries(result.reports).map(([name, text]) => [join(folder, name), text]);
  const { writeWhole } = await import("../write.ts");
  writeWhole(Object.fromEntries(files));
  for (const note of result.notes) process.stderr.write(`papillon: ${note}\n`);
  const cycles = result.layers.reduce((sum, { totalCycles }) => sum + totalCycles, 0);
  process.stdout.write(`${result.layers.length} layers, ${cycles} cycles; reports in ${folder}\n`);
  return exit.done;
}

function textFile(file: string): { readonly file: string; readonly text: string } | undefined {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch {
    return undefined;
  }
}

function valuesOf(settings: readonly string[]): Readonly<Record<string, number>> | undefined {
  const pairs = settings.map((setting) => /^([A-Za-z]\w*)=(\d{1,9})$/.exec(setting));
  if (pairs.some((pair) => pair === null || Number(pair[2]) < 1)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", Number(pair?.[2])]));
}
