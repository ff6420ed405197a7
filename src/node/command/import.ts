/** `papillon import`: files of other tools to configs of ours. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { OnnxChoice } from "../../config/onnx.ts";
import type { Problem } from "../../schema/problem.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import type { ImportedConfig } from "../import/format.ts";
import { onnxChoice, onnxOptions } from "./onnx-option.ts";
import { collect } from "./option.ts";

interface ImportCommandOptions extends OnnxChoice {
  readonly format?: string;
  readonly out: string;
  readonly input?: "conv" | "gemm";
  readonly set: readonly string[];
  readonly force?: true;
}

const formatNames = ["onnx", "scalesim", "zigzag"];

export function defineImport(program: Command, ends: (status: ExitStatus) => void): void {
  onnxOptions(program.command("import"))
    .summary("turn files of other tools into configs")
    .description(
      "Writes machines and workloads of other tools as YAML of ours, and tells what they leave open and how it is taken.",
    )
    .argument("<file...>", "files of one format, such as a SCALE-Sim .cfg and its topology .csv")
    .addOption(
      new Option("--format <format>", "whose files (default: as their names tell)").choices(formatNames),
    )
    .option("-o, --out <folder>", "where the YAML goes", ".")
    .addOption(
      new Option("-i, --input <kind>", "rows of a topology, where its header does not tell").choices([
        "conv",
        "gemm",
      ]),
    )
    .option("--set <letter=number>", "value of a letter in a topology; may be repeated", collect, [])
    .option("--force", "write over files that are there")
    .addHelpText(
      "after",
      `
Examples:
  papillon import scale.cfg Resnet18.csv -o configs
  papillon import LSTM.csv --set B=1 --set H=1024 --set D=512
  papillon import model.onnx --dim batch=8 -o configs
  papillon run --hardware scale.cfg --workload Resnet18.csv     without files between`,
    )
    .action(async (files: readonly string[], options: ImportCommandOptions) =>
      ends(await importFiles(files, options)),
    );
}

type Imported = Extract<ImportedConfig, { readonly ok: true }>;

async function importFiles(
  files: readonly string[],
  { format, out, input, set, force, ...options }: ImportCommandOptions,
): Promise<ExitStatus> {
  const { importFormats } = await import("../import/index.ts");
  const { letterValues } = await import("../letter-values.ts");
  const values = letterValues(set);
  if (values === undefined) return refuseUse("--set takes a letter and a whole number, B=4");
  const problems: Problem[] = [];
  const configs: Imported[] = [];
  for (const file of files) {
    const known = importFormats.find(
      (each) => (format === undefined || each.name === format) && each.takes(file),
    );
    if (known === undefined)
      return refuseUse(
        `${file}: expected ${importFormats.map(({ name, summary }) => `${summary} (${name})`).join(", or ")}`,
      );
    const text = known.binary === true && existsSync(file) ? "" : textOf(file);
    if (text === undefined) return refuseUse(`cannot read ${file}`);
    const read = known.read(
      { file, text },
      {
        values,
        onnx: onnxChoice(options),
        folder: out,
        ...(input === undefined ? {} : { input }),
      },
    );
    if (read.ok) configs.push(read);
    else problems.push(...read.problems);
  }
  if (problems.length > 0) return refuse(problems);
  const written = new Map(configs.map((config) => [pathOf(out, config, configs), config]));
  const there = [...written.keys()].filter((path) => force !== true && existsSync(path));
  if (there.length > 0) return refuseUse(`${there.join(", ")}: there already; --force writes over`);
  const { writeWhole } = await import("../write.ts");
  writeWhole(Object.fromEntries([...written].map(([path, { text }]) => [path, text])));
  for (const { notes } of configs) for (const note of notes) process.stderr.write(`papillon: ${note}\n`);
  for (const path of written.keys()) process.stdout.write(`${path}\n`);
  return exit.done;
}

/** Configs of one name are told apart by what they are. */
function pathOf(folder: string, config: Imported, all: readonly Imported[]): string {
  const name = config.name.replace(/[^\w.-]+/g, "-");
  const alike = all.filter((other) => other !== config && other.name === config.name);
  if (alike.length === 0) return join(folder, `${name}.yaml`);
  const same = alike.filter(({ family }) => family === config.family);
  const number = same.length === 0 ? "" : `-${all.indexOf(config) + 1}`;
  return join(folder, `${name}-${config.family === "hardware" ? "hardware" : "workload"}${number}.yaml`);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
