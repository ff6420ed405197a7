/** `papillon schema`: JSON Schemas, with which editors complete and check configs. */
import { join } from "node:path";
import type { Command } from "commander";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";

export function defineSchema(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("schema")
    .summary("JSON Schemas for editors")
    .description("Prints the JSON Schema of one family of configs, or writes those of all.")
    .argument("[family]", "hardware, workload, experiment, energy or memory")
    .option("--out <folder>", "write <family>.schema.json there")
    .addHelpText(
      "after",
      `
Examples:
  papillon schema hardware
  papillon schema --out schemas

In a config, this first line lets the editor find its schema:
  # yaml-language-server: $schema=schemas/hardware.schema.json`,
    )
    .action(async (family: string | undefined, options: { out?: string }) =>
      ends(await schema(family, options)),
    );
}

async function schema(family: string | undefined, { out }: { out?: string }): Promise<ExitStatus> {
  const { schemaFiles } = await import("../family.ts");
  const files = schemaFiles();
  const names = Object.keys(files).map((file) => file.replace(".schema.json", ""));
  const wanted = Object.entries(files).filter(
    ([file]) => family === undefined || file === `${family}.schema.json`,
  );
  if (wanted.length === 0)
    return refuseUse(`no schema ${JSON.stringify(family)}; there are ${names.join(", ")}`);
  if (out !== undefined) {
    const { writeWhole } = await import("../write.ts");
    writeWhole(Object.fromEntries(wanted.map(([file, text]) => [join(out, file), text])));
    return exit.done;
  }
  if (family === undefined) return refuseUse(`schema takes a family (${names.join(", ")}) or --out <folder>`);
  process.stdout.write(wanted.map(([, text]) => text).join(""));
  return exit.done;
}
