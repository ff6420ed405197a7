/** `papillon memory`: what a memory gives to the standard patterns, by itself. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Pattern } from "../../arch/dram/sequence.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface MemoryOptions {
  readonly pattern?: string;
  readonly outstanding: number;
  readonly set: readonly string[];
  readonly format: Format;
  readonly width?: number;
}

export function defineMemory(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("memory")
    .summary("bandwidth and latency of a memory by itself")
    .description(
      "Simulates one channel of a memory, command by command, on the standard patterns: bandwidth and latency, bandwidth against chunk size, latency against load.",
    )
    .argument("<preset>", "name of a shipped memory (papillon list memory), or a file")
    .option(
      "--pattern <pattern>",
      "only this one: sequential, random, chunk:<bytes>, stride:<bytes> or streams:<number>",
    )
    .addOption(new Option("--outstanding <reads>", "reads in flight, at most").argParser(countOf).default(64))
    .option("--set <path=value>", "change a value of the preset; may be repeated", collect, [])
    .addOption(formatOption())
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon memory hbm2-1800-u280
  papillon memory hbm3-6400 --pattern chunk:512
  papillon memory ddr4-3200 --set timing.tRCDRD=30 --format json`,
    )
    .action(async (name: string, options: MemoryOptions) => ends(await memory(name, options)));
}

async function memory(name: string, options: MemoryOptions): Promise<ExitStatus> {
  const { notFound } = await import("../family.ts");
  const { fileLibrary } = await import("../library.ts");
  const { soundPreset } = await import("../../arch/memory-preset.ts");
  const { readConfig } = await import("../../schema/read-config.ts");
  const library = fileLibrary();
  const source = library.find("memory", name);
  if (source === undefined) return refuseUse(notFound(name, ["memory"], library));
  const { set, outstanding } = options;
  const config = readConfig(soundPreset, source.text, source.file, { load: library.load, set });
  if (!config.ok) return refuse(config.problems);
  const preset = config.value;
  const { transactionBytes, rowBytes } = preset.organization;
  const pattern = options.pattern === undefined ? undefined : await patternOf(options.pattern, rowBytes);
  if (typeof pattern === "string") return refuseUse(pattern);
  if (pattern !== undefined && "bytes" in pattern && pattern.bytes % transactionBytes !== 0)
    return refuseUse(`${pattern.bytes} B is no multiple of the ${transactionBytes} B of one command`);
  const { survey } = await import("../../arch/dram/survey.ts");
  const found = survey(preset, { outstanding, ...(pattern === undefined ? {} : { pattern }) });
  const { name: title, standard, source: origin } = preset;
  const heading = { name: title, standard, source: origin, outstanding };
  process.stdout.write(await printed(heading, found, options));
  return exit.done;
}

async function printed(
  heading: { name: string; standard: string; source: string; outstanding: number },
  found: Parameters<typeof import("../memory-table.ts").memoryCsv>[0],
  { format, width }: MemoryOptions,
): Promise<string> {
  if (format === "json") return `${JSON.stringify({ schemaVersion: 1, ...heading, ...found }, null, 2)}\n`;
  const { memoryCsv, memoryTable } = await import("../memory-table.ts");
  if (format === "csv") return memoryCsv(found);
  const { paintOf, widthOf } = await import("../terminal.ts");
  return memoryTable(heading, found, widthOf(process.stdout, width), paintOf(process.stdout));
}

/** A pattern, or what is wrong with the text. */
async function patternOf(text: string, rowBytes: number): Promise<Pattern | string> {
  const { capacity } = await import("../../schema/field.ts");
  const [kind = "", size = "", ...more] = text.split(":");
  const number = capacity.safeParse(/^\d+$/.test(size) ? `${size} B` : size).data;
  if (
    more.length === 0 &&
    number === undefined &&
    size === "" &&
    (kind === "sequential" || kind === "random")
  )
    return { kind };
  if (more.length === 0 && number !== undefined) {
    if (kind === "chunk" || kind === "stride") return { kind, bytes: number };
    if (kind === "streams") return { kind, streams: number, staggerBytes: rowBytes };
  }
  return `expected a pattern such as sequential, random, chunk:256, stride:4KiB or streams:4, found ${JSON.stringify(text)}`;
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError("Expected a whole number above zero.");
  return count;
}
