/** Configs with mistakes, each beside the exact text that a user reads. UPDATE=1 rewrites the texts. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatProblems } from "../../src/schema/problem.ts";
import { readConfig } from "../../src/schema/read-config.ts";
import { machine } from "./machine.ts";

const folder = join(import.meta.dirname, "bad");
const load = (path: string): string | undefined => {
  const file = join(folder, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};

for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
  test(`${file} is refused with its text`, () => {
    const text = readFileSync(join(folder, file), "utf8");
    const set = [...text.matchAll(/^# --set (.*)$/gm)].map(([, override = ""]) => override);
    const config = readConfig(machine, text, file, { load, set });
    const told = config.ok ? "nothing is wrong" : `${formatProblems(config.problems)}\n`;
    const expected = join(folder, file.replace(".yaml", ".txt"));
    if (process.env["UPDATE"]) writeFileSync(expected, told);
    expect(told).toBe(readFileSync(expected, "utf8"));
  });
}
