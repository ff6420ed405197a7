/** `papillon show`: a config as Papillon reads it, every number with its source. */
import type { Command } from "commander";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface ShowOptions {
  readonly set: readonly string[];
  readonly format: Format;
  readonly width?: number;
}

export function defineShow(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("show")
    .summary("a config in full, every number with its source")
    .description(
      "Shows a config after extends, files that it includes and --set, every number with its source.",
    )
    .argument("<config>", "a file, or the name of a shipped config")
    .option("--set <path=value>", "change a value first; may be repeated", collect, [])
    .addOption(formatOption(["table", "json"]))
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon show dfx-u280
  papillon show gpt2-xl --set inputTokens=128
  papillon show my-card.yaml --format json`,
    )
    .action(async (name: string, options: ShowOptions) => ends(await show(name, options)));
}

async function show(name: string, { set, format, width: asked }: ShowOptions): Promise<ExitStatus> {
  const { families, findConfig, notFound, readFound } = await import("../family.ts");
  const { fileLibrary } = await import("../library.ts");
  const library = fileLibrary();
  const found = findConfig(name, library);
  if (found === undefined)
    return refuseUse(
      notFound(
        name,
        families.map(({ family }) => family),
        library,
      ),
    );
  const config = readFound(found, library, set);
  if (!config.ok) return refuse(config.problems);
  const { source, of } = found;
  if (format === "json") {
    const { document, provenance: numbers } = config;
    const shown = { family: of.family, file: source.file, config: document, numbers };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return exit.done;
  }
  const { documentLines } = await import("../show-document.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const width = widthOf(process.stdout, asked);
  const lines = documentLines(config.tree, source.file, width, paintOf(process.stdout));
  process.stdout.write(`${lines.join("\n")}\n`);
  return exit.done;
}
