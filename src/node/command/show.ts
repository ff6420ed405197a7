/** `papillon show`: a config as Papillon reads it, every number with its source. */
import type { Command } from "commander";
import type { OnnxChoice } from "../../config/onnx.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { onnxChoice, onnxOptions } from "./onnx-option.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface ShowOptions extends OnnxChoice {
  readonly set: readonly string[];
  readonly format: Format;
  readonly width?: number;
}

export function defineShow(program: Command, ends: (status: ExitStatus) => void): void {
  onnxOptions(program.command("show"))
    .summary("a config in full, every number with its source")
    .description(
      "Shows a config after extends, files that it includes and --set, every number with its source; of an ONNX model its ops by kind.",
    )
    .argument("<config>", "a file, or the name of a shipped config; or an ONNX model")
    .option("--set <path=value>", "change a value first; may be repeated", collect, [])
    .addOption(formatOption(["table", "json"]))
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon show dfx-u280
  papillon show gpt2-xl --set inputTokens=128
  papillon show my-card.yaml --format json
  papillon show model.onnx --dim batch=1`,
    )
    .action(async (name: string, options: ShowOptions) => ends(await show(name, options)));
}

async function show(name: string, options: ShowOptions): Promise<ExitStatus> {
  const { set, format, width: asked } = options;
  const { isOnnxFile } = await import("../../config/onnx.ts");
  if (isOnnxFile(name)) return showOnnx(name, options);
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

async function showOnnx(name: string, options: ShowOptions): Promise<ExitStatus> {
  const { choiceProblems, readOnnx, withChoice } = await import("../../config/onnx.ts");
  const { fileLibrary } = await import("../library.ts");
  const choice = onnxChoice(options);
  const problems = choiceProblems(choice);
  if (problems.length > 0) return refuse(problems);
  const at = { file: name, line: 1, column: 1 };
  const read = readOnnx(name, "", fileLibrary(), withChoice({}, choice), at);
  if (!read.ok) return refuse(read.problems);
  const { onnxLines, onnxSummary } = await import("../show-onnx.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const width = widthOf(process.stdout, options.width);
  const text =
    options.format === "json"
      ? JSON.stringify({ family: "onnx", file: name, ...onnxSummary(read.graph) }, null, 2)
      : onnxLines(read.graph, name, width, paintOf(process.stdout)).join("\n");
  process.stdout.write(`${text}\n`);
  return exit.done;
}
