/** Results from a file, or from standard input. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Explained } from "../report/chart/chart.ts";
import { readExplanation } from "../report/explanation.ts";
import { type ReadResults, readResults } from "../report/results.ts";

/** @param file "-" is standard input */
export async function readResultsFile(file: string): Promise<ReadResults> {
  if (file === "-") return readResults(await text(process.stdin), "standard input");
  if (!existsSync(file) || !statSync(file).isFile())
    return {
      ok: false,
      problem: `${file}: expected a file of results (papillon run --format json), found none`,
    };
  return readResults(readFileSync(file, "utf8"), file);
}

export type ReadExplanations =
  | { readonly ok: true; readonly value: Readonly<Record<string, Explained>> }
  | { readonly ok: false; readonly problem: string };

/** By the names of their runs. @param runs that there are */
export function readExplanations(files: readonly string[], runs: readonly string[]): ReadExplanations {
  const explanations: Record<string, Explained> = {};
  for (const file of files) {
    if (!existsSync(file)) return { ok: false, problem: `${file}: expected a file, found none` };
    const read = readExplanation(readFileSync(file, "utf8"), file);
    if (!read.ok) return read;
    const { name } = read.value;
    if (!runs.includes(name))
      return {
        ok: false,
        problem: `${file}: explains ${JSON.stringify(name)}; the results have ${runs.join(", ")}`,
      };
    explanations[name] = read.value;
  }
  return { ok: true, value: explanations };
}
