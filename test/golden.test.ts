/**
 * The report of a small run on every shipped machine, whole but for the configuration that it repeats. UPDATE=1 rewrites the files;
 * a number that moves needs its reason in CHANGELOG under "Numbers that moved".
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Report, simulate } from "../src/index.ts";
import { library } from "./library.ts";
import { firstRuns } from "./small-run.ts";

const folder = join(import.meta.dirname, "golden");

const runs = firstRuns().map(({ hardware, workload, run }) => ({
  hardware,
  workload,
  run,
  file: `${hardware}--${workload}.json`,
}));

test.each(runs)("$workload on $hardware reports what it did", ({ run, file }) => {
  const result = simulate(run);
  const text = result.status === "done" ? golden(result.report) : `${result.reason}\n`;
  const path = join(folder, file);
  if (process.env["UPDATE"]) writeFileSync(path, text);
  expect(existsSync(path), `run UPDATE=1 npx vitest run test/golden.test.ts to write ${file}`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
});

test("every golden report has its run", () => {
  const left = readdirSync(folder).filter(
    (name) => name.endsWith(".json") && !runs.some(({ file }) => file === name),
  );
  if (process.env["UPDATE"]) for (const name of left) rmSync(join(folder, name));
  expect(left.filter((name) => existsSync(join(folder, name)))).toEqual([]);
});

test("every shipped machine has a golden report", () => {
  expect(runs.map(({ hardware }) => hardware)).toEqual(library.names("hardware"));
});

function golden({ provenance, ...report }: Report): string {
  const { hardware, workload, dataflow, energyTable } = provenance;
  const from = { hardware: hardware.name, workload: workload.name, dataflow, energyTable };
  return `${lines({ from, ...report }, 2)}\n`;
}

/** JSON with the outer levels spread over lines, so that each row of a table is a line; numbers to nine digits. */
function lines(value: unknown, levels: number, indent = ""): string {
  const inner = `${indent}  `;
  if (levels > 0 && Array.isArray(value) && value.length > 0)
    return `[\n${value.map((item) => `${inner}${lines(item, levels - 1, inner)}`).join(",\n")}\n${indent}]`;
  if (levels > 0 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${inner}${JSON.stringify(key)}: ${lines(item, levels - 1, inner)}`,
    );
    return `{\n${entries.join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isInteger(item) ? Number(item.toPrecision(9)) : item,
  );
}
