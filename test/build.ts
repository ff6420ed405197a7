/** Builds dist once for a whole test run, for tests of the command and of the package, when it is older than its sources. */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const needy = ["test/node", "test/docs", "test/e2e"];

export function setup(): void {
  const asked = process.argv.filter((argument) => argument.startsWith("test/"));
  const concerned =
    asked.length === 0 || asked.some((path) => needy.some((folder) => path.startsWith(folder)));
  if (concerned && !fresh()) execFileSync("npm", ["run", "build"], { stdio: "pipe" });
}

function fresh(): boolean {
  const built = modified("dist/cli.js");
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).map((path) => join("src", path));
  return ["package.json", "tsdown.config.ts", ...sources].every((path) => modified(path) <= built);
}

/** Milliseconds; a file that is not there is infinitely old. */
const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
