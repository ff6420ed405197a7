/** Results from a file, or from standard input. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { type ReadResults, readResults } from "../report/results.ts";

/** @param file "-" is standard input */
export function readResultsFile(file: string): ReadResults {
  if (file === "-") return readResults(readFileSync(process.stdin.fd, "utf8"), "standard input");
  if (!existsSync(file) || !statSync(file).isFile())
    return {
      ok: false,
      problem: `${file}: expected a file of results (papillon run --format json), found none`,
    };
  return readResults(readFileSync(file, "utf8"), file);
}
