/** `papillon list`: what is shipped and built in. */
import { Argument, type Command } from "commander";
import type { Family } from "../../config/library.ts";
import { type ExitStatus, exit } from "../exit.ts";
import { type Format, formatOption, widthOption } from "./option.ts";

const lists = [
  "hardware",
  "workloads",
  "dataflows",
  "components",
  "experiments",
  "energy",
  "memory",
  "device",
  "fabric",
  "silicon",
  "suites",
] as const;
type List = (typeof lists)[number];

interface Entry {
  readonly name: string;
  readonly summary: string;
}

export function defineList(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("list")
    .summary("what is shipped and built in")
    .description("Lists the shipped configs and the parts that are built in.")
    .addArgument(new Argument("[what]", "one list; absent: all").choices(lists))
    .addOption(formatOption(["table", "json"]))
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon list
  papillon list hardware
  papillon list experiments --format json`,
    )
    .action(async (what: List | undefined, options: { format: Format; width?: number }) =>
      ends(await list(what === undefined ? lists : [what], options)),
    );
}

async function list(
  which: readonly List[],
  { format, width: asked }: { format: Format; width?: number },
): Promise<ExitStatus> {
  const entries = await Promise.all(which.map(async (what) => [what, await entriesOf(what)] as const));
  if (format === "json") {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    return exit.done;
  }
  const { clipped } = await import("../../report/columns.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const paint = paintOf(process.stdout);
  const width = widthOf(process.stdout, asked);
  const nameWidth = Math.max(...entries.flatMap(([, rows]) => rows.map(({ name }) => name.length)));
  const sections = entries.map(([what, rows]) => [
    ...(entries.length > 1 ? [paint("bold", what)] : []),
    ...rows.map(
      ({ name, summary }) => `${name.padEnd(nameWidth)}  ${clipped(summary, width - nameWidth - 2)}`,
    ),
  ]);
  process.stdout.write(`${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`);
  return exit.done;
}

async function entriesOf(what: List): Promise<readonly Entry[]> {
  switch (what) {
    case "dataflows": {
      const { dataflows } = await import("../../dataflow/index.ts");
      return dataflows.map(({ name, summary }) => ({ name, summary }));
    }
    case "components": {
      const { components } = await import("../../arch/index.ts");
      return components.map(({ kind, model, summary }) => ({
        name: model === undefined ? kind : `${kind}, ${model}`,
        summary,
      }));
    }
    case "suites": {
      const { suites } = await import("../../validation/index.ts");
      return suites.map(({ name, source }) => ({ name, summary: source }));
    }
    default:
      return await shipped(what);
  }
}

/** Read loosely: a list must not fail because one of its configs is wrong. */
async function shipped(family: Family): Promise<readonly Entry[]> {
  const { fileLibrary } = await import("../library.ts");
  const { entryAt, readTree } = await import("../../schema/tree.ts");
  const library = fileLibrary();
  return library.names(family).map((name) => {
    const source = library.find(family, name);
    const { tree } = readTree(source?.text ?? "", source?.file ?? name);
    const text = (key: string): string | undefined => {
      const value = entryAt(tree, [key])?.value;
      return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
    };
    return { name, summary: text("title") ?? text("source") ?? "" };
  });
}
