/** Files are written whole or not at all. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes all files, each beside its place first and then renamed, so that a reader never sees a part. Folders are made.
 * @param files text or bytes by path
 * @throws Error that names the path, and nothing was changed, when one cannot be written
 */
export function writeWhole(files: Readonly<Record<string, string | Uint8Array>>): void {
  const written: { readonly path: string; readonly temporary: string }[] = [];
  let current = "";
  try {
    for (const [path, text] of Object.entries(files)) {
      current = path;
      makeFolder(dirname(path));
      const temporary = partOf(path);
      written.push({ path, temporary });
      writeFileSync(temporary, text);
    }
    for (const { path, temporary } of written) {
      current = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of written) if (existsSync(temporary)) rmSync(temporary);
    throw new Error(`cannot write ${current}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A name beside the file's place that nobody else writes to: processes of two machines, or of two containers, can have the same number. */
export const partOf = (path: string): string =>
  `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;

/** Node's own recursion never ends where a folder can have none below it, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Whoever works on the same results may have made it since.
    if (!existsSync(path)) throw error;
  }
}

/** "ENOTDIR: not a directory, mkdir 'x'" and "ENOSPC: no space left on device, write" without the code and the call. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.message
        .replace(/^[A-Z0-9]+: (.*), \w+$/, "$1")
        .replace(/^[A-Z]+: /, "")
        .replace(/, \w+ '.*$/, "")
    : String(error);
