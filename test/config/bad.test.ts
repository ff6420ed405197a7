/** Experiments with mistakes, each beside the exact text that a user reads. UPDATE=1 rewrites the texts. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planExperiment } from "../../src/config/plan.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { pencilLibrary } from "./library.ts";

const folder = join(import.meta.dirname, "bad");

test.each(readdirSync(folder).filter((name) => name.endsWith(".yaml")))(
  "%s is refused with its text",
  (file) => {
    const text = readFileSync(join(folder, file), "utf8");
    const set = [...text.matchAll(/^# --set (.*)$/gm)].map(([, override = ""]) => override);
    const plan = planExperiment({ file, text }, pencilLibrary(folder), set);
    const told = plan.ok ? "nothing is wrong" : `${formatProblems(plan.problems)}\n`;
    const expected = join(folder, file.replace(".yaml", ".txt"));
    if (process.env["UPDATE"]) writeFileSync(expected, told);
    expect(told).toBe(readFileSync(expected, "utf8"));
  },
);
