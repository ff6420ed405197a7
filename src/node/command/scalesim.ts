/** `papillon scalesim`: SCALE-Sim's files in, SCALE-Sim's reports out. */
import { type Command, Option } from "commander";
import type { ExitStatus } from "../exit.ts";
import type { ScaleSimOptions } from "../scalesim-run.ts";
import { collect } from "./option.ts";

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
    .action(async (options: ScaleSimOptions) => {
      const { runScaleSim } = await import("../scalesim-run.ts");
      ends(runScaleSim(options));
    });
}
